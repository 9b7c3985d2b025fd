/**
 * Bounds of files on their way, each with its unit and its reason.
 *
 * @module
 */

import { KIB } from "../../bytes/units.ts";

/** Offers of others that are known at once. The oldest goes. */
export const MAX_OFFERS = 100;
/** Files that the user offers at once. */
export const MAX_SHARES = 100;
/** Takers that get a file of the user's at once: each gets a third of the uplink. */
export const MAX_SENDING = 3;
/** Takers that wait for their turn. */
export const MAX_QUEUED_TAKERS = 1000;
/** Files that the user takes at once. */
export const MAX_TAKING = 3;
/** Bytes of a file that are sealed, or opened, while others are on their way: four frames. */
export const TRANSFER_BATCH_BYTES = 256 * KIB;
/** Time, in ms, after which a sender that has not answered is asked again. */
export const ASK_SENDER_MS = 10_000;
/** Time, in ms, for which a sender that is not here any more is waited for. */
export const SENDER_GONE_MS = 120_000;
/**
 * Time, in ms, for which a taker that has been sent all of a file may still say that it is whole: it
 * may have to find the relay again.
 */
export const UNCONFIRMED_MS = 120_000;
/** Longest that a pipe may take to be joined, in ms: longer than the relay waits for its ends. */
export const PIPE_JOIN_MS = 70_000;
/** Longest that nothing comes through a pipe, in ms: longer than the relay waits. */
export const PIPE_STALL_MS = 90_000;
/**
 * Longest wait, in ms, for what follows a last frame that does not open: it tells whether the offer
 * lied about the size. Whoever sends nonsense may send no more.
 */
export const SPOILED_WAIT_MS = 1000;
/** Wait, in ms, before a pipe is asked for again that the relay did not have. */
export const NO_PIPE_WAIT_MS = 3000;
/** How often it is asked for: for a minute. */
export const MAX_PIPE_TRIES = 20;
/** How often what is due is looked for, and progress is told, in ms. */
export const FILE_TICK_MS = 250;
/** Time over which the speed of a transfer is measured, in ms. */
export const RATE_WINDOW_MS = 3000;
/** Time, in ms, after which the sender is asked to go on where a pipe broke. */
export const TORN_RETRY_MS = 1000;
