/**
 * The Fernet keys of one generation, day by day.
 *
 * @module
 * @see docs/PROTOCOL.md, "Keys that move on"
 */

import { formatBase64Url } from "../../bytes/base64url.ts";
import { advanceChain, deriveDayKey } from "../../crypto/key_chain.ts";
import type { Generation, GenerationName } from "../../crypto/room_secret.ts";
import { type FernetKey, importKey } from "../../fernet.ts";
import { MAX_READY_DAYS } from "../limits.ts";

/** Derives the keys of days when they are needed. Keys that it has are not derived again. */
export class DayChain {
  readonly generation: Generation;
  /** Its name alone, which may go where its value may not. */
  readonly name: GenerationName;
  /** Keys by day, those that were made last at the end. */
  readonly #keys = new Map<number, Promise<FernetKey>>();
  /** The value of the last day that was asked for: most questions are about the same three days. */
  #later: { readonly day: number; readonly value: Uint8Array<ArrayBuffer> } | undefined;

  constructor(generation: Generation) {
    this.generation = generation;
    this.name = { number: generation.number, mark: generation.mark };
  }

  /**
   * Makes the key of a day.
   *
   * @param day In days since 1970. The first form has one key for all.
   * @returns Undefined if the day is over: its value is erased.
   */
  key(day: number): Promise<FernetKey> | undefined {
    const { number, day: first } = this.generation;
    if (number > 0 && day < first) return undefined;
    const place = number === 0 ? 0 : day;
    let key = this.#keys.get(place);
    if (!key) {
      key = number === 0 ? importRaw(this.generation.chain.slice()) : this.#derive(day);
      if (this.#keys.size >= MAX_READY_DAYS) this.#keys.delete(this.#keys.keys().next().value!);
      this.#keys.set(place, key);
    }
    return key;
  }

  /**
   * Makes the value of a day.
   *
   * @param day One that is not over.
   * @returns 32 bytes, which the caller wipes.
   */
  async value(day: number): Promise<Uint8Array<ArrayBuffer>> {
    const { day: first, chain } = this.generation;
    const from = this.#later && this.#later.day <= day ? this.#later : { day: first, value: chain };
    const value = await advanceChain(from.value, day - from.day);
    if (from.day < day) {
      this.#later?.value.fill(0);
      this.#later = { day, value: value.slice() };
    }
    return value;
  }

  /** Overwrites the values in memory. The chain is of no use afterwards. */
  wipe(): void {
    this.#later?.value.fill(0);
    this.#keys.clear();
  }

  async #derive(day: number): Promise<FernetKey> {
    const value = await this.value(day);
    try {
      return await importRaw(await deriveDayKey(value));
    } finally {
      value.fill(0);
    }
  }
}

/** Imports the 32 bytes of a key, and wipes them. */
export async function importRaw(raw: Uint8Array<ArrayBuffer>): Promise<FernetKey> {
  try {
    return await importKey(`${formatBase64Url(raw)}=`);
  } finally {
    raw.fill(0);
  }
}
