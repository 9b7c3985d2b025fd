/**
 * Tokens that came lately, known by their MACs. A token that is recorded and sent again is noticed,
 * however its text is spelled.
 *
 * @module
 * @see docs/PROTOCOL.md, "Replay"
 */

/** Bounds of a {@linkcode MacCache}. */
export interface MacCacheLimits {
  /** How many entries are kept at most. */
  readonly maxEntries: number;
  /** How long an entry is kept, in ms. */
  readonly keepMs: number;
}

interface Entry {
  /** When the token came, in ms by the cache's clock. */
  readonly at: number;
  /** The time in the token, in unix seconds. */
  readonly tokenTime: number;
}

/**
 * A bounded set of MACs.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const cache = new MacCache({ maxEntries: 2, keepMs: 1000 });
 * const mac = new Uint8Array(32);
 * assert.equal(cache.add(mac, 1785571200, 0), true);
 * assert.equal(cache.add(mac, 1785571200, 1), false);
 * ```
 */
export class MacCache {
  readonly #limits: MacCacheLimits;
  /** The entries, by MAC, in the order in which they came. */
  readonly #entries = new Map<string, Entry>();
  #floor = 0;

  constructor(limits: MacCacheLimits) {
    this.#limits = limits;
  }

  /**
   * The newest time, in unix seconds, of the tokens that were dropped because there were too many.
   * A token of that time or an older one may have been seen.
   */
  get floor(): number {
    return this.#floor;
  }

  /** How many entries are held. */
  get size(): number {
    return this.#entries.size;
  }

  /**
   * Notes a token.
   *
   * @param mac The token's HMAC, 32 bytes.
   * @param tokenTime The time in the token, in unix seconds.
   * @param now The time, in ms, by a clock that never runs back.
   * @returns Whether the token is new.
   */
  add(mac: Uint8Array, tokenTime: number, now: number): boolean {
    this.#forgetOld(now);
    const key = mac.toBase64();
    if (this.#entries.has(key)) return false;
    this.#entries.set(key, { at: now, tokenTime });
    if (this.#entries.size > this.#limits.maxEntries) this.#forgetFirst();
    return true;
  }

  #forgetOld(now: number): void {
    for (const [key, { at }] of this.#entries) {
      if (now - at <= this.#limits.keepMs) return;
      this.#entries.delete(key);
    }
  }

  #forgetFirst(): void {
    const [first] = this.#entries;
    const [key, { tokenTime }] = first!;
    this.#entries.delete(key);
    this.#floor = Math.max(this.#floor, tokenTime);
  }
}
