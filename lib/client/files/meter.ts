/**
 * How fast a file goes.
 *
 * @module
 */

import { RATE_WINDOW_MS } from "./limits.ts";

/** Looks at a transfer some times a second. All times are in ms by one clock. */
export class Meter {
  /** Looks within the window, the oldest first. */
  #looks: { readonly at: number; readonly bytes: number }[] = [];

  /**
   * Notes how far a transfer has come.
   *
   * @param bytes Bytes that have gone by now.
   * @param now The time.
   * @returns Bytes a second, over 3 s at most; 0 at the first look.
   * @example
   * ```ts
   * import assert from "node:assert/strict";
   * const meter = new Meter();
   * assert.equal(meter.look(500, 0), 0);
   * assert.equal(meter.look(1500, 500), 2000);
   * ```
   */
  look(bytes: number, now: number): number {
    this.#looks = this.#looks.filter(({ at }) => now - at <= RATE_WINDOW_MS);
    this.#looks.push({ at: now, bytes });
    const [first] = this.#looks;
    const ms = now - first!.at;
    return ms > 0 ? (bytes - first!.bytes) / ms * 1000 : 0;
  }

  /** Forgets what was: the transfer begins again. */
  reset(): void {
    this.#looks = [];
  }
}
