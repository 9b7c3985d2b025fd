/**
 * How lines get into an order that several relays of one room share.
 *
 * A relay that is alone appends what its clients send, as it comes. With a carrier, a relay hands
 * over what its clients send, and appends what the carrier brings back: its own lines and those of
 * other relays, in one order for all.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "One room on several relays"
 */

import type { PeerClass } from "./watch/events.ts";
import type { ClusterStats } from "./watch/stats.ts";

/** Where lines come from. */
export interface CarriedSource {
  /** Number of the connection, here or at another relay. */
  readonly cid: number;
  readonly peerClass: PeerClass;
}

/** What becomes of a member's connection. */
export type Attendance = "JOINED" | "GONE";

/** What is known of lines beside where they come from. */
export interface Carriage {
  /** Whether they are for the backlog. */
  readonly isKept: boolean;
  /** How long ago they were sent, in ms. */
  readonly ageMs: number;
}

/** Is handed what a carrier brings, in the shared order. */
export interface CarrierSink {
  /** Settles when there is room for more lines; undefined if there is now. */
  untilRoom(): Promise<void> | undefined;
  /**
   * Takes lines.
   *
   * @param source Where they come from.
   * @param run Whole lines, each with its LF. They are copied.
   * @param lines How many lines are in `run`.
   * @param carriage What else is known of them.
   */
  append(source: CarriedSource, run: Uint8Array, lines: number, carriage: Carriage): void;
  /** Tells members about a member's connection, wherever that is. */
  tell(attendance: Attendance, cid: number): void;
}

/** Brings lines into the shared order. */
export interface Carrier {
  /** Whether senders have to wait: too much is on its way. */
  readonly isFull: boolean;
  /** Connections at the other relays. */
  readonly others: number;
  readonly stats: ClusterStats;
  /** Connects to the room, before anything is brought. */
  attach(sink: CarrierSink): void;
  /**
   * Makes the number of a new connection. Connections of other relays have others.
   *
   * @param isTaken Tells whether a connection has a number. They come again after 33 million.
   */
  nextCid(isTaken: (cid: number) => boolean): number;
  /** Waits until senders need not wait. */
  untilRoom(): Promise<void>;
  /**
   * Hands lines over.
   *
   * @param source Who sent them.
   * @param run Whole lines, each with its LF. They are copied.
   * @param lines How many lines are in `run`.
   * @param isFirstFleeting Whether the first line is not for the backlog.
   */
  publish(source: CarriedSource, run: Uint8Array, lines: number, isFirstFleeting: boolean): void;
  /** Hands over that a member's connection came or went, behind all its lines so far. */
  announce(attendance: Attendance, cid: number): void;
  /**
   * Waits until all lines that a connection has sent so far are taken: kept by the carrier, and
   * brought back. Undefined if they are.
   */
  taken(cid: number): Promise<void> | undefined;
  /** Hands over what is left, for a bounded time. Nothing is brought any more. */
  close(): Promise<void>;
}
