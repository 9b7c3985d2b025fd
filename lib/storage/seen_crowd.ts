/**
 * The windows of newcomers for whom there is no room among those that are kept.
 *
 * @module
 * @see docs/PROTOCOL.md, "Replay"
 */

import { type SequenceWindow, windowKey } from "../protocol/sequence_window.ts";
import { MAX_CROWD_WINDOWS } from "./limits.ts";

/**
 * Windows that are kept for a while, in memory alone. The first that came is the first that goes.
 */
export class SeenCrowd {
  /** The newest time of the windows that were dropped, in unix seconds. It is never ahead. */
  floor = 0;
  /** The newest time of all windows that were ever here. It is never ahead. */
  newestTime = 0;
  readonly #windows = new Map<string, SequenceWindow>();
  /** The windows in the order in which they came, as far as they are still here. */
  readonly #order = this.#windows.values();

  /** The window of a run; undefined if it is not here. */
  find(id: string, epoch: string): SequenceWindow | undefined {
    return this.#windows.size === 0 ? undefined : this.#windows.get(windowKey(id, epoch));
  }

  /**
   * Keeps a window.
   *
   * @param now The time, in unix seconds.
   */
  keep(window: SequenceWindow, now: number): void {
    this.newestTime = Math.max(this.newestTime, Math.min(window.seenAt, now));
    this.#windows.set(windowKey(window.id, window.epoch), window);
    if (this.#windows.size <= MAX_CROWD_WINDOWS) return;
    // An iterator that goes on finds the first one at once, however many are gone before it.
    const first = this.#order.next().value!;
    this.floor = Math.max(this.floor, Math.min(first.seenAt, now));
    this.release(first);
  }

  /** Takes a window out that is kept elsewhere from now on. */
  release({ id, epoch }: SequenceWindow): void {
    if (this.#windows.size > 0) this.#windows.delete(windowKey(id, epoch));
  }
}
