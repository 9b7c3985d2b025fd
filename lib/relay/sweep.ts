/**
 * Deadlines and slow readers: looked for once a second, for all peers at once.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "Limits"
 */

import {
  DEAD_AFTER_MS,
  PING_AFTER_MS,
  SLOW_READER_BYTES_PER_SECOND,
  SLOW_READER_LAG_BYTES,
  SLOW_READER_WINDOW_MS,
  STALLED_LAG_BYTES,
} from "./limits.ts";
import type { Deadline } from "./peer/handshake.ts";
import type { CloseReason, PeerClass } from "./watch/events.ts";

/** What the sweep looks at in a peer. */
export interface SweptPeer {
  readonly cursor: { readonly lag: number };
  readonly bytesOut: number;
  readonly peerClass: PeerClass;
  /** Whether the relay reads from it now; deadlines stand still while it does not. */
  readonly isReading: boolean;
  readonly pace: {
    /** Whether it is not read from because it is over its rate. */
    readonly isThrottled: boolean;
    /** When its unfinished line began, in ms. */
    readonly lineBegunAt: number | undefined;
    /** When it last sent something, in ms. */
    readonly inputAt: number;
  };
  /** When it has to go, in ms, and why; undefined if it may stay. */
  readonly deadline: Deadline | undefined;
  /** Set here: what had been written to it at the last sweep. */
  bytesSwept: number;
  /** Set here: it is behind, and nothing was written to it since the last sweep. */
  isStalled: boolean;
}

/** A peer that is behind, since when, and what had been written to it by then. */
interface Window {
  readonly since: number;
  readonly bytesOut: number;
}

/**
 * Finds the peers that are out of time.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const sweeper = new Sweeper(15_000);
 * const peer = {
 *   cursor: { lag: 0 },
 *   bytesOut: 0,
 *   peerClass: "guest" as const,
 *   isReading: true,
 *   pace: { isThrottled: false, lineBegunAt: 0, inputAt: 0 },
 *   deadline: undefined,
 *   bytesSwept: 0,
 *   isStalled: false,
 * };
 * assert.equal(sweeper.judge(peer, 15_000), undefined);
 * assert.equal(sweeper.judge(peer, 15_001), "timeout");
 * ```
 */
export class Sweeper {
  readonly #lineTimeoutMs: number;
  readonly #behind = new WeakMap<SweptPeer, Window>();
  /** When each silent member was asked, in ms. */
  readonly #pinged = new WeakMap<SweptPeer, number>();

  /** @param lineTimeoutMs Time within which a line that was begun must end, in ms. */
  constructor(lineTimeoutMs: number) {
    this.#lineTimeoutMs = lineTimeoutMs;
  }

  /**
   * Judges a peer, and notes whether it has stalled.
   *
   * @param peer One that is connected.
   * @param now The clock's time, in ms.
   * @returns Why it has to go; undefined if it may stay.
   */
  judge(peer: SweptPeer, now: number): CloseReason | undefined {
    if (peer.isReading) {
      const { lineBegunAt } = peer.pace;
      if (lineBegunAt !== undefined && now - lineBegunAt > this.#lineTimeoutMs) return "timeout";
      if (peer.peerClass === "member" && now - peer.pace.inputAt > DEAD_AFTER_MS) return "timeout";
    }
    const { deadline } = peer;
    // Whoever sends too much must not gain time by it.
    const isTimeRunning = peer.isReading || peer.pace.isThrottled;
    if (deadline && isTimeRunning && now > deadline.at) return deadline.reason;
    // Far less than what it may be behind: else a sender could be made to wait for it for ever, and
    // it would never come to be so far behind that it is cut.
    const isBehind = peer.cursor.lag > STALLED_LAG_BYTES;
    peer.isStalled = isBehind && peer.bytesSwept === peer.bytesOut;
    peer.bytesSwept = peer.bytesOut;
    return this.#isTooSlow(peer, now) ? "too slow" : undefined;
  }

  /**
   * Tells whether a peer should be asked if it is there: a member that has been silent for 30 s,
   * once.
   *
   * @param peer One that may stay.
   * @param now The clock's time, in ms.
   */
  isPingDue(peer: SweptPeer, now: number): boolean {
    if (peer.peerClass !== "member" || !peer.isReading) return false;
    if (now - peer.pace.inputAt <= PING_AFTER_MS) return false;
    if ((this.#pinged.get(peer) ?? -Infinity) > peer.pace.inputAt) return false;
    this.#pinged.set(peer, now);
    return true;
  }

  #isTooSlow(peer: SweptPeer, now: number): boolean {
    if (peer.cursor.lag <= SLOW_READER_LAG_BYTES) {
      this.#behind.delete(peer);
      return false;
    }
    const window = this.#behind.get(peer);
    if (window && now - window.since < SLOW_READER_WINDOW_MS) return false;
    this.#behind.set(peer, { since: now, bytesOut: peer.bytesOut });
    if (!window) return false;
    const seconds = (now - window.since) / 1000;
    return peer.bytesOut - window.bytesOut < seconds * SLOW_READER_BYTES_PER_SECOND;
  }
}
