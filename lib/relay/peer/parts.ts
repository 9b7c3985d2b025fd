/**
 * What a peer is made of, and what it uses of the relay.
 *
 * @module
 */

import type { Cursor } from "../log/cursor.ts";
import type { RelayStats } from "../watch/stats.ts";
import type { Deadline } from "./handshake.ts";
import type { OpenAllowance } from "./pace.ts";

/** What a peer uses of its connection. */
export type PeerConn = Pick<Deno.Conn, "read" | "write" | "closeWrite" | "close" | "remoteAddr">;

/** What all peers of a relay share. */
export interface PeerHost<P> {
  /** Waits for connections that were made before the bytes that were just read were sent. */
  readonly arrivals: { settled(): Promise<void> };
  readonly room: {
    /** Tells whether the peer's bytes have to wait, and waits for a moment. */
    readonly gate: { isClosedTo(peer: P): boolean; wait(peer: P): Promise<void> };
    /** Passes whole token lines on to all peers but the sender. */
    publish(peer: P, run: Uint8Array, lines: number): void;
    /** Counts the peer as a client, if it is in the room and does not count yet. */
    count(peer: P): void;
  };
  readonly controlLines: {
    /** Takes a control line, without its ending. */
    take(peer: P, line: Uint8Array): void;
    /** Is told of a token or noise from a peer that is not in the room. */
    refuse(peer: P, kind: "token" | "noise"): void;
  };
  /** The numbers in which the peer counts. */
  readonly stats: Pick<RelayStats, "rejected" | "throttled">;
}

/** What a peer is made of. */
export interface PeerParts<P> {
  /** Number of the connection. */
  readonly cid: number;
  /** The connection, which the peer owns from now on. */
  readonly conn: PeerConn;
  /** The peer's place in the log, which it owns from now on. */
  readonly cursor: Cursor;
  /** How much the peer may send; undefined for no limit. */
  readonly allowance: OpenAllowance | undefined;
  /** When the peer has to go unless it proves the key; undefined if it gets a place in the room. */
  readonly deadline: Deadline | undefined;
  readonly host: PeerHost<P>;
  /** The clock, in ms, which never runs back; another one in tests. */
  readonly now?: () => number;
}
