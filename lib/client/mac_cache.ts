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
  /**
   * Goes through the entries, and then further. A new iterator would have to pass all places of
   * entries that are gone: with 65,536 entries, that takes 50 times as long.
   */
  #rest: MapIterator<[string, Entry]> = this.#entries.entries();
  /** The oldest entry; undefined if there is none. */
  #oldest: [string, Entry] | undefined;
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
    if (!this.#oldest) this.#goOn();
    if (this.#entries.size > this.#limits.maxEntries) this.#forgetFirst();
    return true;
  }

  #forgetOld(now: number): void {
    while (this.#oldest && now - this.#oldest[1].at > this.#limits.keepMs) {
      this.#entries.delete(this.#oldest[0]);
      this.#goOn();
    }
  }

  #forgetFirst(): void {
    const [key, { tokenTime }] = this.#oldest!;
    this.#entries.delete(key);
    this.#goOn();
    this.#floor = Math.max(this.#floor, tokenTime);
  }

  #goOn(): void {
    this.#oldest = this.#rest.next().value;
    if (this.#oldest) return;
    // An iterator that has come to the end stays there.
    this.#rest = this.#entries.entries();
    this.#oldest = this.#rest.next().value;
  }
}
