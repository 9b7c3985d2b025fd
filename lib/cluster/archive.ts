/**
 * What a relay has published and others may miss.
 *
 * @module
 */

import { KEPT_MS, MAX_KEPT_BYTES } from "./limits.ts";

/** An entry that was published. */
export interface Published {
  readonly n: number;
  readonly payload: Uint8Array;
  /** The number of its last part in the outbox. */
  readonly ticket: number;
  /** What its parts have counted as in the outbox, in bytes. */
  readonly bytes: number;
  /** Whether the stream has it. */
  isStored: boolean;
  /** Whether it has come back. */
  isBack: boolean;
  /** When it was stored, in ms, or published again after that. */
  storedAt: number;
}

/** The last entries, for a minute and 8 MiB at most. */
export class Archive {
  readonly #entries: Published[] = [];
  #bytes = 0;

  /** The number of the oldest entry; undefined if there is none. */
  get oldest(): number | undefined {
    return this.#entries[0]?.n;
  }

  /** Keeps an entry. */
  add(entry: Published): void {
    this.#entries.push(entry);
    this.#bytes += entry.payload.length;
    while (this.#bytes > MAX_KEPT_BYTES) this.#forget();
  }

  /** Forgets entries that are too old. */
  expire(now: number): void {
    while (this.#entries[0] && now - this.#entries[0].storedAt > KEPT_MS) this.#forget();
  }

  /** Finds an entry by its number. */
  find(n: number): Published | undefined {
    return this.#entries[n - (this.oldest ?? 0)];
  }

  #forget(): void {
    this.#bytes -= this.#entries.shift()!.payload.length;
  }
}
