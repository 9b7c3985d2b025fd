/**
 * Nicknames that look like a known one, and belong to another key.
 *
 * @module
 */

import type { Say } from "../messages/phrases.ts";
import { foldNickname } from "../protocol/nickname.ts";
import type { Pins } from "../storage/pins.ts";
import { mixesAlphabets, skeletonsOf } from "../text/lookalike.ts";

/** Looks that are remembered: two for each nickname that can be pinned. */
export const MAX_LOOKS = 8192;

/** What people see of a nickname. */
interface Look {
  readonly skeletons: readonly string[];
  /** Whether it has letters of several alphabets that look alike. */
  readonly isMixed: boolean;
}

/**
 * Looks for the doubles of pinned nicknames. Of two names that look alike, the one that was pinned
 * first is the known one. A name of several alphabets never is.
 */
export class Lookalikes {
  readonly #pins: Pick<Pins, "names" | "peek">;
  readonly #say: Say;
  /** The first nickname of each look. */
  #known: Map<string, string> | undefined;

  /** The looks of nicknames. Each message asks for one, and few are new. */
  readonly #looks = new Map<string, Look>();

  /** @param say Words a doubt in the reader's language. */
  constructor(pins: Pick<Pins, "names" | "peek">, say: Say) {
    this.#pins = pins;
    this.#say = say;
  }

  /**
   * Judges the letters of a nickname.
   *
   * @param id The key that uses it, in base64url.
   * @returns A mark for people, without brackets: the nickname looks like one that is pinned to
   * another key, or mixes alphabets that look alike. Undefined if there is no doubt.
   */
  doubt(nickname: string, id: string): string | undefined {
    const resembled = this.#resembled(nickname, id);
    if (resembled !== undefined) return this.#say("looks like {nickname}", { nickname: resembled });
    return this.#look(nickname).isMixed ? this.#say("letters of several alphabets") : undefined;
  }

  #resembled(nickname: string, id: string): string | undefined {
    const known = this.#known ??= this.#collect();
    const { skeletons, isMixed } = this.#look(nickname);
    for (const skeleton of skeletons) {
      const first = known.get(skeleton);
      if (first === undefined) {
        if (known.size < MAX_LOOKS && !isMixed) known.set(skeleton, nickname);
        continue;
      }
      const pinned = this.#pins.peek(first);
      const isAnother = foldNickname(first) !== foldNickname(nickname);
      if (isAnother && pinned !== undefined && pinned !== id) return first;
    }
    return undefined;
  }

  #look(nickname: string): Look {
    const known = this.#looks.get(nickname);
    if (known) return known;
    const look = { skeletons: skeletonsOf(nickname), isMixed: mixesAlphabets(nickname) };
    if (this.#looks.size < MAX_LOOKS) this.#looks.set(nickname, look);
    return look;
  }

  #collect(): Map<string, string> {
    const known = new Map<string, string>();
    for (const name of this.#pins.names()) {
      const { skeletons, isMixed } = this.#look(name);
      if (isMixed) continue;
      for (const skeleton of skeletons) {
        if (!known.has(skeleton)) known.set(skeleton, name);
      }
    }
    return known;
  }
}
