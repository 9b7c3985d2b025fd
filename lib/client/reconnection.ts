/**
 * How a client that has lost its connection comes back: when it tries, and for how long.
 *
 * @module
 * @see docs/PROTOCOL.md, "Reconnecting"
 */

import { MIN_BACKOFF_MS, retry } from "../async/backoff.ts";
import { RefusedError } from "../errors.ts";
import { STEADY_MS } from "./limits.ts";

/** What a {@linkcode Reconnection} works with. */
export interface ReconnectionParts {
  /** How long to try, in ms; 0 for not at all. */
  readonly reconnectMs: number;
  /** A clock in ms that never runs back. */
  readonly monotonic: () => number;
  /** Returns a number from 0 to 1. */
  readonly random: () => number;
}

/**
 * Tries again and again. A connection that ends soon does not count as one: the waits go on growing,
 * and the time in which the client tries goes on.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const reconnection = new Reconnection({
 *   reconnectMs: 1000,
 *   monotonic: () => 0,
 *   random: () => 0,
 * });
 * reconnection.noteEnd(0);
 * assert.equal(reconnection.isOver, false);
 * ```
 */
export class Reconnection {
  readonly #parts: ReconnectionParts;
  readonly #pace = { limitMs: MIN_BACKOFF_MS };
  /** When the present connection went live, in ms. */
  #liveAt = Infinity;
  /** When the client was last steadily connected, in ms; undefined before its first loss. */
  #lostAt: number | undefined;

  constructor(parts: ReconnectionParts) {
    this.#parts = parts;
  }

  /** Whether the time to try is over. */
  get isOver(): boolean {
    const { reconnectMs, monotonic } = this.#parts;
    return monotonic() - (this.#lostAt ?? monotonic()) >= reconnectMs;
  }

  /** Notes that a connection is live. */
  noteLive(): void {
    this.#liveAt = this.#parts.monotonic();
  }

  /**
   * Notes the end of a connection.
   *
   * @param silentMs For how long its relay has taken nothing, in ms.
   */
  noteEnd(silentMs: number): void {
    const now = this.#parts.monotonic();
    const goodMs = now - this.#liveAt - silentMs;
    this.#liveAt = Infinity;
    if (goodMs >= STEADY_MS) this.#pace.limitMs = MIN_BACKOFF_MS;
    if (goodMs >= STEADY_MS || this.#lostAt === undefined) this.#lostAt = now;
  }

  /**
   * Connects again.
   *
   * @param connect Connects once.
   * @param signal Ends the attempts.
   * @returns What `connect` returned; undefined if the signal came before.
   * @throws {unknown} The last failure, when time is over; at once, if the relay refuses this client
   * for good.
   */
  connect<T>(connect: () => Promise<T>, signal: AbortSignal): Promise<T | undefined> {
    const { random } = this.#parts;
    const mayRetry = (error: unknown) => {
      return !(error instanceof RefusedError && error.isFinal) && !this.isOver;
    };
    return retry(connect, { random, mayRetry, signal, pace: this.#pace });
  }
}
