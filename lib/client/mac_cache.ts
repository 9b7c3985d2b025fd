/**
 * Tokens seen lately, known by their MACs: a recorded token that is sent again
 * is not taken twice, however its text is spelled.
 *
 * @module
 * @see docs/PROTOCOL.md, "Replay"
 */

/** Bounds of a {@linkcode MacCache}. */
export interface MacCacheLimits {
  /** Entries at most. */
  readonly maxEntries: number;
  /** How long an entry is kept, in ms. */
  readonly keepMs: number;
}

/** When a token came, by the cache's clock, and the time in it. */
interface Entry {
  readonly at: number;
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
  /** In the order in which they came. */
  readonly #entries = new Map<string, Entry>();
  #floor = 0;

  /** @param limits How much it keeps, and for how long. */
  constructor(limits: MacCacheLimits) {
    this.#limits = limits;
  }

  /**
   * The newest time, in unix seconds, of a token that was forgotten for want of room: a token
   * of that time or an older one may have been seen.
   */
  get floor(): number {
    return this.#floor;
  }

  /** Entries held. */
  get size(): number {
    return this.#entries.size;
  }

  /**
   * Notes a token.
   *
   * @param mac Its HMAC, 32 bytes.
   * @param tokenTime The time in it, in unix seconds.
   * @param now A clock's time, in ms; it never runs back.
   * @returns Whether it is new.
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
