/**
 * The keys that open a member's private messages: one for each day, kept for two days, so that who
 * steals an identity later cannot open what was recorded before.
 *
 * @module
 * @see docs/PROTOCOL.md, "Private messages"
 */

import { formatBase64Url } from "../../bytes/base64url.ts";
import { dayOf } from "../../crypto/key_chain.ts";
import { AGREEMENT_BYTES, type AgreementKey, importAgreementPair } from "../../crypto/x25519.ts";
import type { DayKeyFile, DayKeyTable } from "../../storage/day_keys.ts";
import { DAY_KEYS_REFRESH_MS } from "../limits.ts";
import type { Present } from "./present.ts";

/** What an {@linkcode AgreementRing} works with. */
export interface AgreementRingParts {
  readonly file: DayKeyFile;
  readonly present: Present;
  /** The lasting key of the member's identity. Clients of version 0.1.0 announce it. */
  readonly lasting: AgreementKey;
  /** A clock in ms that never runs back. */
  readonly monotonic: () => number;
}

/** A key of a day, ready for use. */
interface DayPair extends AgreementKey {
  readonly day: number;
}

/** A member's X25519 keys. */
export class AgreementRing {
  readonly #parts: AgreementRingParts;
  /** The newest first. */
  #pairs: readonly DayPair[] = [];
  #isBusy = false;
  #refreshedAt = -Infinity;

  private constructor(parts: AgreementRingParts) {
    this.#parts = parts;
  }

  /** Takes the keys that are kept. Before the relay's clock is known, one is made if there is none. */
  static async open(parts: AgreementRingParts): Promise<AgreementRing> {
    const ring = new AgreementRing(parts);
    await ring.#import();
    if (ring.#pairs.length === 0) await ring.#makeToday();
    return ring;
  }

  /** The public key that others are to seal for, 32 bytes in base64url. */
  get current(): string {
    return formatBase64Url(this.#present.publicKey);
  }

  /** The day of that key, from 1970. */
  get day(): number {
    return this.#present.day;
  }

  /** The keys of days. Unlike the lasting one, each is soon erased. */
  get dayPairs(): readonly AgreementKey[] {
    return this.#pairs;
  }

  /** All keys that open something, the likeliest first. */
  get privateKeys(): readonly CryptoKey[] {
    return [...this.#pairs, this.#parts.lasting].map(({ privateKey }) => privateKey);
  }

  /**
   * Looks whether another client of this member has made a key.
   *
   * @returns Whether there is a new one.
   */
  async refresh(): Promise<boolean> {
    const now = this.#parts.monotonic();
    if (now - this.#refreshedAt < DAY_KEYS_REFRESH_MS) return false;
    this.#refreshedAt = now;
    const before = this.#pairs;
    await this.#parts.file.refresh();
    await this.#import();
    return this.#pairs.some(({ day }) => !before.some((pair) => pair.day === day));
  }

  /** Does what has become due: makes the key of a new day, and erases those that are over. */
  async tick(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      await this.#makeToday();
      const { agreed } = this.#parts.present;
      if (agreed === undefined) return;
      const [first, last] = [dayOf(agreed) - 1, dayOf(agreed) + 1];
      if (this.#pairs.every(({ day }) => day >= first && day <= last)) return;
      await this.#parts.file.erase(first, last);
      await this.#import();
      await this.#makeToday();
    } finally {
      this.#isBusy = false;
    }
  }

  get #present(): DayPair {
    const today = this.#today;
    return this.#pairs.find(({ day }) => day <= today) ?? this.#pairs.at(-1)!;
  }

  /** The days whose keys the file has. */
  get #days(): readonly number[] {
    return [...this.#parts.file.table.keys.keys()];
  }

  get #today(): number {
    const days = this.#days;
    const known = days.length === 0 ? undefined : Math.max(...days) - 1;
    return dayOf(this.#parts.present.likely(known));
  }

  async #makeToday(): Promise<void> {
    const today = this.#today;
    if (this.#days.some((day) => day >= today)) return;
    const { file } = this.#parts;
    const key = crypto.getRandomValues(new Uint8Array(AGREEMENT_BYTES));
    // Another client may make one, too: that which is on disk holds, and is announced by both.
    await file.add(today, key);
    if (this.#days.length === 0) {
      // A clock that was wrong has let the file begin at a day that has not come.
      await file.erase(today - 1, today + 1);
      await file.add(today, key);
    }
    await this.#import();
  }

  /** Takes the keys of the file. While it has none, those from before stay in use. */
  async #import(): Promise<void> {
    const { file } = this.#parts;
    let table: DayKeyTable;
    do {
      table = file.table;
      const pairs = await Promise.all(
        [...table.keys].map(async ([day, key]) => ({ ...await importAgreementPair(key), day })),
      );
      if (pairs.length > 0) this.#pairs = pairs.sort((a, b) => b.day - a.day);
    } while (table !== file.table);
  }
}
