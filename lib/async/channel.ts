/**
 * Events on their way from what produces them to the one who reads them.
 *
 * @module
 */

/**
 * A queue with one reader. Who pushes can wait while much has not been read, so
 * that it holds no more than that and a batch.
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
  /** Settles when the reader has dealt with everything; undefined while it has nothing to do. */
  #emptied: PromiseWithResolvers<void> | undefined;

  /** @param maxUnread So many items may wait before whoever pushes does, too. */
  constructor(maxUnread = 0) {
    this.#maxUnread = maxUnread;
  }

  /**
   * Adds items.
   *
   * @returns When there is room for more, or the reader has taken everything, or has gone.
   */
  push(items: readonly T[]): Promise<void> {
    if (items.length === 0 || this.#isClosed) return Promise.resolve();
    this.#emptied ??= Promise.withResolvers();
    this.#items.push(...items);
    this.#arrived.resolve();
    return this.#items.length <= this.#maxUnread ? Promise.resolve() : this.#emptied.promise;
  }

  /**
   * Ends it: what is in it is still read.
   *
   * @param error Thrown to the reader in the end, if given.
   */
  close(error?: unknown): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#error = error;
    this.#arrived.resolve();
    this.#emptied?.resolve();
  }

  /**
   * Reads until the end.
   *
   * @returns Items in order, in batches as they came.
   * @throws {unknown} What it was closed with.
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
