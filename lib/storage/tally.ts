/**
 * Counting by key, so that who has the most is known at any time.
 *
 * @module
 */

/**
 * Counts of keys. What is asked of it takes the same time however many keys there are.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const tally = new Tally();
 * tally.add("alice", 1);
 * tally.add("mallory", 3);
 * assert.deepEqual([tally.most, tally.total], ["mallory", 4]);
 * ```
 */
export class Tally {
  readonly #counts = new Map<string, number>();
  /** The keys of each count above 0. The one that came to it first comes first. */
  readonly #keys = new Map<number, Set<string>>();
  /** No count is higher. */
  #highest = 0;
  #total = 0;

  /** All counts together. */
  get total(): number {
    return this.#total;
  }

  /** A key whose count no other exceeds; undefined if all counts are 0. */
  get most(): string | undefined {
    while (this.#highest > 0 && !this.#keys.has(this.#highest)) this.#highest--;
    const [key] = this.#keys.get(this.#highest) ?? [];
    return key;
  }

  /** The count of a key. */
  of(key: string): number {
    return this.#counts.get(key) ?? 0;
  }

  /**
   * Adds to a count.
   *
   * @param key Whose.
   * @param more A whole number that leaves the count at 0 or above.
   */
  add(key: string, more: number): void {
    if (more === 0) return;
    const before = this.of(key);
    const after = before + more;
    this.#total += more;
    this.#leave(key, before);
    if (after === 0) {
      this.#counts.delete(key);
      return;
    }
    this.#counts.set(key, after);
    const keys = this.#keys.get(after);
    if (keys) keys.add(key);
    else this.#keys.set(after, new Set([key]));
    this.#highest = Math.max(this.#highest, after);
  }

  #leave(key: string, count: number): void {
    const keys = this.#keys.get(count);
    keys?.delete(key);
    if (keys?.size === 0) this.#keys.delete(count);
  }
}
