/**
 * Random inputs by the ten thousand: a seeded mutator, where fast-check
 * alone would take minutes.
 *
 * @module
 */

import { concat } from "../../lib/bytes/concat.ts";
import { seeded } from "./seeded.ts";

/** Cases of each fuzz test. */
export const CASES = 50_000;

/** The seed of this run: random, unless `CHAT_FUZZ_SEED` gives one. */
export function chooseSeed(): number {
  const isAllowed = Deno.permissions.querySync({ name: "env", variable: "CHAT_FUZZ_SEED" }).state;
  const given = isAllowed === "granted" ? Deno.env.get("CHAT_FUZZ_SEED") : undefined;
  return given === undefined ? crypto.getRandomValues(new Uint32Array(1))[0]! : Number(given);
}

/** Bytes that mean something to some parser, more often than others. */
const TELLING = [
  ...[0x00, 0x09, 0x0a, 0x0d, 0x1b, 0x1e, 0x20, 0x21, 0x22, 0x2b, 0x2c, 0x2d, 0x2e, 0x2f, 0x30],
  ...[0x39, 0x3a, 0x3d, 0x41, 0x5b, 0x5c, 0x5d, 0x5f, 0x67, 0x7b, 0x7d, 0x7f, 0x80, 0xc3, 0xff],
];

/** Makes inputs out of valid ones. */
export class Mutator {
  readonly #random: () => number;

  /** @param seed The same makes the same inputs. */
  constructor(seed: number) {
    this.#random = seeded(seed);
  }

  /** A whole number from 0 to below `end`. */
  below(end: number): number {
    return Math.floor(this.#random() * end);
  }

  /** One of them. */
  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }

  /** A byte: any, or one that means something. */
  byte(): number {
    return this.below(2) === 0 ? this.pick(TELLING) : this.below(256);
  }

  /** Up to so many bytes, short ones more often. */
  bytes(maxLength: number): Uint8Array<ArrayBuffer> {
    const length = this.below(
      this.pick([4, 16, 64, maxLength + 1].filter((n) => n <= maxLength + 1)),
    );
    return Uint8Array.from({ length }, () => this.byte());
  }

  /** One of the valid inputs, altered in one to four ways; or, now and then, as it is. */
  mutate(valid: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
    let bytes = this.pick(valid).slice() as Uint8Array<ArrayBuffer>;
    for (let rounds = this.below(5); rounds > 0; rounds--) bytes = this.#alter(bytes, valid);
    return bytes;
  }

  #alter(bytes: Uint8Array<ArrayBuffer>, valid: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
    const at = this.below(bytes.length + 1);
    const to = Math.min(bytes.length, at + this.below(this.pick([2, 8, 300])));
    switch (this.below(6)) {
      case 0: // Another byte.
        return at < bytes.length ? bytes.with(at, this.byte()) : bytes;
      case 1: // Another bit.
        return at < bytes.length ? bytes.with(at, bytes[at]! ^ 1 << this.below(8)) : bytes;
      case 2: // More bytes.
        return concat(bytes.subarray(0, at), this.bytes(20), bytes.subarray(at));
      case 3: // Fewer.
        return concat(bytes.subarray(0, at), bytes.subarray(to));
      case 4: // Some of them twice.
        return concat(bytes.subarray(0, to), bytes.subarray(at));
      default: { // Spliced with another one.
        const other = this.pick(valid);
        return concat(bytes.subarray(0, at), other.subarray(this.below(other.length + 1)));
      }
    }
  }
}

/** What is fuzzed: any input has to be either taken or not, and nothing else may happen. */
export interface Target<T> {
  readonly name: string;
  /** How many cases; {@linkcode CASES} by default. */
  readonly cases?: number;
  readonly make: (mutator: Mutator) => T;
  /** Whether it was taken; throws if it was taken for something that it is not. */
  readonly take: (input: T, mutator: Mutator) => boolean;
}

/** Registers a test of all cases; a failure tells the seed, the case and the input. */
export function fuzz<T extends Uint8Array | string>(
  { name, cases = CASES, make, take }: Target<T>,
): void {
  const seed = chooseSeed();
  // The name tells it even where the output of a test is not shown.
  Deno.test({
    name: `${name}: ${cases} cases, CHAT_FUZZ_SEED=${seed}`,
    permissions: "none",
    fn() {
      const mutator = new Mutator(seed);
      let taken = 0;
      for (let i = 0; i < cases; i++) {
        const input = make(mutator);
        try {
          if (take(input, mutator)) taken++;
        } catch (cause) {
          const shown = typeof input === "string" ? JSON.stringify(input) : input.toHex();
          throw new Error(`Case ${i} of CHAT_FUZZ_SEED=${seed} failed: ${shown}`, { cause });
        }
      }
      // Both ways were gone often.
      if (taken < cases / 100 || taken > cases * 0.99) throw new Error(`${taken} were taken`);
    },
  });
}
