/**
 * How much is sent, and how many are there to send it.
 *
 * @module
 */

import type { Random } from "./random.ts";

const MB = 1_000_000;

/** Fan-out in bytes a second, and how long it is wanted, in s, again and again. */
const PHASES = [
  { fanOut: 30 * MB, seconds: 12 },
  { fanOut: 4 * MB, seconds: 5 },
  { fanOut: 16 * MB, seconds: 8 },
  { fanOut: 120 * MB, seconds: 5 },
] as const;
const CYCLE_SECONDS = PHASES.reduce((sum, phase) => sum + phase.seconds, 0);
/** Seconds between two choices of how many clients are wanted. */
const CROWD_SECONDS = 5;

/** Bytes that may be sent at once after a time in which nobody wanted to. */
const MAX_SAVED_BYTES = 64 * 1024;

interface Waiter {
  readonly bytes: number;
  readonly resolve: () => void;
}

/** Shares a rate, which changes with time, among all that send. */
export class Load {
  readonly #startedAt = performance.now();
  readonly #random: Random;
  readonly #crowd: readonly [min: number, max: number];
  readonly #waiting = new Set<Waiter>();
  #handedAt = performance.now();
  #budget = 0;
  #wantedUntil = 0;
  #wanted = 0;
  /** Clients there now. */
  clients = 1;

  /**
   * @param random Chooses how many clients are wanted.
   * @param crowd The fewest and the most of them.
   */
  constructor(random: Random, crowd: readonly [min: number, max: number]) {
    this.#random = random;
    this.#crowd = crowd;
  }

  /** Clients wanted now; a new number every few seconds. */
  get wanted(): number {
    const seconds = (performance.now() - this.#startedAt) / 1000;
    while (seconds >= this.#wantedUntil) {
      this.#wanted = this.#random.int(...this.#crowd);
      this.#wantedUntil += CROWD_SECONDS;
    }
    return this.#wanted;
  }

  /** Waits for one's turn to send that many bytes; for nothing once the signal is given. */
  async take(bytes: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const waiter: Waiter = { bytes, resolve };
    this.#waiting.add(waiter);
    signal.addEventListener("abort", waiter.resolve, { once: true });
    await promise;
    this.#waiting.delete(waiter);
    signal.removeEventListener("abort", waiter.resolve);
  }

  /** Hands out what the time since the last call allows; to be called often. */
  hand(): void {
    const now = performance.now();
    this.#budget += (now - this.#handedAt) * this.#bytesPerMs(now);
    this.#handedAt = now;
    for (const waiter of this.#waiting) {
      if (this.#budget <= 0) return;
      this.#waiting.delete(waiter);
      this.#budget -= waiter.bytes;
      waiter.resolve();
    }
    this.#budget = Math.min(this.#budget, MAX_SAVED_BYTES);
  }

  #bytesPerMs(now: number): number {
    let seconds = (now - this.#startedAt) / 1000 % CYCLE_SECONDS;
    const phase = PHASES.find((each) => (seconds -= each.seconds) < 0) ?? PHASES[0];
    return phase.fanOut / 1000 / Math.max(1, this.clients);
  }
}
