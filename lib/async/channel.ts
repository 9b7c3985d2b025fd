/**
 * A queue of events between their producer and one reader.
 *
 * @module
 */

/**
 * A queue with one reader.
 *
 * A producer that awaits `push()` waits while the queue holds more than `maxUnread` items. The
 * queue then never holds more than `maxUnread` items and one batch.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const channel = new Channel<number>();
 * channel.push([1, 2]);
 * channel.close();
 * const batches = await Array.fromAsync(channel.read());
 * assert.deepEqual(batches, [[1, 2]]);
 * ```
 */
export class Channel<T> {
  #items: T[] = [];
  #isClosed = false;
  #error: unknown;
  #arrived = Promise.withResolvers<void>();
  readonly #maxUnread: number;
  /** Settles when the reader has dealt with all items; undefined if it has dealt with them. */
  #emptied: PromiseWithResolvers<void> | undefined;

  /** @param maxUnread How many items may be unread before `push()` waits. */
  constructor(maxUnread = 0) {
    this.#maxUnread = maxUnread;
  }

  /**
   * Adds items.
   *
   * @param items In order.
   * @returns Settles at once if at most `maxUnread` items are unread. Else it settles when the
   * reader has dealt with all items, or when the channel is closed.
   */
  push(items: readonly T[]): Promise<void> {
    if (items.length === 0 || this.#isClosed) return Promise.resolve();
    this.#emptied ??= Promise.withResolvers();
    this.#items.push(...items);
    this.#arrived.resolve();
    return this.#items.length <= this.#maxUnread ? Promise.resolve() : this.#emptied.promise;
  }

  /**
   * Ends the channel. Items that are in it are still read; further ones are dropped.
   *
   * @param error Thrown to the reader after the last item, if given.
   */
  close(error?: unknown): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#error = error;
    this.#arrived.resolve();
    this.#emptied?.resolve();
  }

  /**
   * Reads until the channel is closed.
   *
   * @returns The items in order. A batch has all items that came since the batch before it.
   * @throws {unknown} The error that `close()` was given.
   */
  async *read(): AsyncGenerator<T[]> {
    for (;;) {
      if (this.#items.length > 0) {
        const items = this.#items;
        this.#items = [];
        yield items;
        if (this.#items.length > 0) continue;
        this.#emptied?.resolve();
        this.#emptied = undefined;
      } else if (this.#isClosed) {
        if (this.#error !== undefined) throw this.#error;
        return;
      } else {
        await this.#arrived.promise;
        this.#arrived = Promise.withResolvers();
      }
    }
  }
}
