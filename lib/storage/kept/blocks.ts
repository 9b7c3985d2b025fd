/**
 * The blocks of kept messages: files that never change, named by number and day.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "Kept messages"
 */

import { MAX_BLOCKS_AT_ONCE } from "../limits.ts";
import { formatBlock, type KeptMessage } from "./block.ts";
import type { KeptKey } from "./seal.ts";
import { replaceFile } from "./tail.ts";

/** A block's name. */
export interface BlockName {
  /** From 1, in the order of the messages. */
  readonly number: number;
  /** The day, in days since 1970, on which its messages were kept. */
  readonly day: number;
}

/** The blocks in a directory. */
export class Blocks {
  readonly #directory: string;
  readonly #key: KeptKey;

  constructor(directory: string, key: KeptKey) {
    this.#directory = directory;
    this.#key = key;
  }

  /** Lists the blocks, the first one first; none if there is no directory. */
  async list(): Promise<BlockName[]> {
    const found: BlockName[] = [];
    try {
      for await (const { name } of Deno.readDir(this.#directory)) {
        const [, number, day] = /^([0-9]{10})\.([0-9]{6})$/.exec(name) ?? [];
        if (number !== undefined) found.push({ number: Number(number), day: Number(day) });
      }
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    return found.sort((a, b) => a.number - b.number);
  }

  /** Writes a block. Its messages are on disk when this returns. */
  async write(name: BlockName, messages: readonly KeptMessage[]): Promise<void> {
    const plaintext = new TextEncoder().encode(formatBlock(messages));
    await replaceFile(this.#pathOf(name), await this.#key.seal(plaintext, placeOf(name)));
  }

  /** Removes a block, if it is there. */
  async remove(name: BlockName): Promise<void> {
    await Deno.remove(this.#pathOf(name)).catch(ignoreNotFound);
  }

  /**
   * Reads blocks, as texts, the last of them first, a few at a time.
   *
   * @param names In order.
   * @returns Each text; undefined for a block that is damaged. One that is gone is left out.
   */
  async *read(names: readonly BlockName[]): AsyncGenerator<string | undefined> {
    for (let end = names.length; end > 0; end -= MAX_BLOCKS_AT_ONCE) {
      const group = names.slice(Math.max(0, end - MAX_BLOCKS_AT_ONCE), end).reverse();
      const read = group.map((name) => this.#read(name));
      for (const text of await Promise.all(read)) if (text !== null) yield text;
    }
  }

  /** Null if there is none: another client has removed it, as it was old. */
  async #read(name: BlockName): Promise<string | undefined | null> {
    const sealed = await Deno.readFile(this.#pathOf(name)).catch(ignoreNotFound);
    if (!sealed) return null;
    const plaintext = await this.#key.open(sealed, placeOf(name));
    return plaintext && new TextDecoder().decode(plaintext);
  }

  #pathOf({ number, day }: BlockName): string {
    const parts = [String(number).padStart(10, "0"), String(day).padStart(6, "0")];
    return `${this.#directory}/${parts.join(".")}`;
  }
}

/** Tells whether no block is missing between the first of them and the number of the next. */
export function isGapless(names: readonly BlockName[], next: number): boolean {
  return names.every(({ number }, i) => number + 1 === (names[i + 1]?.number ?? next));
}

/** Removes all that is kept in a directory, if there is one. */
export async function eraseKept(directory: string): Promise<void> {
  await Deno.remove(directory, { recursive: true }).catch(ignoreNotFound);
}

function placeOf({ number, day }: BlockName): string {
  return `block ${number} ${day}`;
}

function ignoreNotFound(error: unknown): undefined {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}
