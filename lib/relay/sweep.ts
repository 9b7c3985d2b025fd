/**
 * The look for deadlines and slow readers, once a second and for all peers.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "Limits"
 */

import {
  DEAD_AFTER_MS,
  GUEST_PROBE_MS,
  MIN_SLOW_READER_BYTES,
  PING_AFTER_MS,
  SLOW_READER_LAG_BYTES,
  SLOW_READER_WINDOW_MS,
  STALLED_LAG_BYTES,
  SWEEP_MS,
} from "./limits.ts";
import type { Deadline } from "./peer/handshake.ts";
import type { CloseReason, PeerClass } from "./watch/events.ts";

/** What the sweep looks at in a peer. */
export interface SweptPeer {
  readonly cursor: { readonly lag: number };
  readonly bytesOut: number;
  readonly peerClass: PeerClass;
  /** Whether the relay reads from the peer now. Deadlines stand still while it does not. */
  readonly isReading: boolean;
  readonly pace: {
    /** Whether the relay does not read because the peer is over its rate. */
    readonly isThrottled: boolean;
    /** When the peer's unfinished line began, in ms. */
    readonly lineBegunAt: number | undefined;
    /** When the peer last sent something, in ms. */
    readonly inputAt: number;
  };
  /** When the peer has to go, and why; undefined if it may stay. */
  readonly deadline: Deadline | undefined;
  /** Bytes that had been written to the peer at the last sweep. The sweeper sets it. */
  bytesSwept: number;
  /** When a sweep last found that something had been written to the peer. The sweeper sets it. */
  quietSince: number;
  /** Whether the peer is behind and got nothing since the last sweep. The sweeper sets it. */
  isStalled: boolean;
}

/** A sweep that found a peer behind, and the bytes that had been written to it by then. */
interface Sample {
  readonly at: number;
  readonly bytesOut: number;
}

/**
 * Finds the peers whose time is up, and those that read too slowly. All times are in ms by one
 * clock.
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
 *   quietSince: 0,
 *   isStalled: false,
 * };
 * assert.equal(sweeper.judge(peer, 15_000), undefined);
 * assert.equal(sweeper.judge(peer, 15_001), "timeout");
 * ```
 */
export class Sweeper {
  readonly #lineTimeoutMs: number;
  /** The sweeps of the last 11 s that found a peer behind, if all since the first one did. */
  readonly #behind = new WeakMap<SweptPeer, Sample[]>();
  /** When each silent member was pinged, in ms. */
  readonly #pinged = new WeakMap<SweptPeer, number>();
  /** When the last sweep was, in ms; infinite before the first. */
  #sweptAt = Infinity;

  /** @param lineTimeoutMs Time within which a line that was begun must end, in ms. */
  constructor(lineTimeoutMs: number) {
    this.#lineTimeoutMs = lineTimeoutMs;
  }

  /**
   * Begins a sweep.
   *
   * @returns For how long the process has stood still since the last one, in ms. What came meanwhile
   * is still to be read, so it is nobody's silence.
   */
  begin(now: number): number {
    const lateMs = now - this.#sweptAt - SWEEP_MS;
    this.#sweptAt = now;
    return lateMs > SWEEP_MS ? lateMs : 0;
  }

  /**
   * Judges a peer, and notes whether it has stalled.
   *
   * @returns Why the peer has to go; undefined if it may stay.
   */
  judge(peer: SweptPeer, now: number): CloseReason | undefined {
    if (peer.isReading) {
      const { lineBegunAt } = peer.pace;
      if (lineBegunAt !== undefined && now - lineBegunAt > this.#lineTimeoutMs) return "timeout";
      if (peer.peerClass === "member" && now - peer.pace.inputAt > DEAD_AFTER_MS) return "timeout";
    }
    const { deadline } = peer;
    // A peer must not gain time by sending too much.
    const isTimeRunning = peer.isReading || peer.pace.isThrottled;
    if (deadline && isTimeRunning && now > deadline.at) return deadline.reason;
    // Senders wait for a peer that is behind and has not stalled. STALLED_LAG_BYTES is therefore
    // much less than SLOW_READER_LAG_BYTES: with equal bounds, a peer could make a sender wait for
    // ever and never fall far enough behind to be cut.
    const isBehind = peer.cursor.lag > STALLED_LAG_BYTES;
    peer.isStalled = isBehind && peer.bytesSwept === peer.bytesOut;
    if (peer.bytesSwept !== peer.bytesOut) peer.quietSince = now;
    peer.bytesSwept = peer.bytesOut;
    return this.#isTooSlow(peer, now) ? "too slow" : undefined;
  }

  /**
   * Tells whether to ask a peer if it is there. A member is asked once in each silence of 30 s.
   */
  isPingDue(peer: SweptPeer, now: number): boolean {
    if (peer.peerClass !== "member" || !peer.isReading) return false;
    if (now - peer.pace.inputAt <= PING_AFTER_MS) return false;
    if ((this.#pinged.get(peer) ?? -Infinity) > peer.pace.inputAt) return false;
    this.#pinged.set(peer, now);
    return true;
  }

  /**
   * Tells whether a guest of the room should be asked, because nothing came from it or went to it
   * for 120 s. It need not answer: the system notices by what is written if its machine is gone.
   */
  isProbeDue(peer: SweptPeer, now: number): boolean {
    if (peer.peerClass !== "guest" || peer.deadline) return false;
    if (now - Math.max(peer.quietSince, peer.pace.inputAt) <= GUEST_PROBE_MS) return false;
    peer.quietSince = now;
    return true;
  }

  #isTooSlow(peer: SweptPeer, now: number): boolean {
    if (peer.cursor.lag <= SLOW_READER_LAG_BYTES) {
      this.#behind.delete(peer);
      return false;
    }
    const samples = this.#behind.get(peer) ?? [];
    this.#behind.set(peer, samples);
    samples.push({ at: now, bytesOut: peer.bytesOut });
    while (samples[1] && now - samples[1].at >= SLOW_READER_WINDOW_MS) samples.shift();
    const { at, bytesOut } = samples[0]!;
    if (now - at < SLOW_READER_WINDOW_MS) return false;
    return peer.bytesOut - bytesOut < MIN_SLOW_READER_BYTES;
  }
}
