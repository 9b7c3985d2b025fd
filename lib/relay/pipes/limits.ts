/**
 * Bounds of pipes, each with its unit and its reason.
 *
 * @module
 */

import { KIB, MIB } from "../../bytes/units.ts";

/** Pipes at once, unless `--max-pipes` says otherwise: each has two connections. */
export const DEFAULT_MAX_PIPES = 16;
/** Pipes at once that have an end in one network: some people behind one address, or one greedy one. */
export const MAX_PIPES_OF_NETWORK = 3;
/** Longest that an end waits for the other one, in ms: a member that answers does so in seconds. */
export const PIPE_MEETING_MS = 60_000;
/** Longest that nothing goes through a pipe, in ms: one that does not read has stopped. */
export const PIPE_IDLE_MS = 60_000;
/** How much goes through one pipe, in bytes a second, unless `--pipe-rate` says otherwise. */
export const DEFAULT_PIPE_BYTES_PER_SECOND = 32 * MIB;
/** Bytes that go through a pipe at once after a pause: 30 ms of that rate. */
export const PIPE_BURST_BYTES = MIB;
/** The one buffer for each direction of a pipe, in bytes: what a fast socket gives at once. */
export const PIPE_BUFFER_BYTES = 64 * KIB;
/** Bytes of all pipes in one turn of the event loop, in a ms or less: a line of the room waits for
 * no more. A turn ends with a timer, so that a fourth of it would slow one fast pipe down. */
export const PIPE_TURN_BYTES = MIB;
