/**
 * What a peer is made of, and what it needs of its relay.
 *
 * @module
 */

import type { Rate } from "../limits.ts";
import type { Cursor } from "./cursor.ts";
import type { Peer } from "./peer.ts";
import type { Deadline } from "./sweep.ts";

/** Takes what a peer sends, and tells whether it may send. */
export interface PeerHost {
  /** Waits until those are in the room who connected before the bytes just read were sent. */
  awaitArrivals(): Promise<void>;
  /** Whether the peer's bytes have to wait, because others are behind. */
  isClosedTo(peer: Peer): boolean;
  /** Waits a moment. */
  wait(peer: Peer): Promise<void>;
  /** Takes whole token lines for everyone but the peer. */
  publish(peer: Peer, run: Uint8Array, lines: number): void;
  /** Takes a control line, without its ending. */
  control(peer: Peer, line: Uint8Array): void;
  /** Takes a token or noise from somebody who is not in the room. */
  intrude(peer: Peer, kind: "token" | "noise"): void;
  /** Counts a line that is not relayed. */
  reject(reason: "noise" | "too long"): void;
  /** Counts a peer that is over its rate. */
  throttle(): void;
}

/** What a peer is made of. */
export interface PeerParts {
  /** Number of the connection. */
  readonly cid: number;
  /** Owned by the peer from now on. */
  readonly conn: Deno.Conn;
  /** Its place in the log, likewise. */
  readonly cursor: Cursor;
  /** How much it may send; undefined for no limit. */
  readonly rate: Rate | undefined;
  /** When it has to go unless it proves the key; undefined if it has a place in the room. */
  readonly deadline: Deadline | undefined;
  readonly host: PeerHost;
}
