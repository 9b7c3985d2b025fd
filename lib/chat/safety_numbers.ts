/**
 * Safety numbers: people compare them by voice, and accept a new key whose number is right.
 *
 * A key is accepted only after its number was shown. Otherwise somebody else could come under the
 * name in between, and the user would accept that key unseen.
 *
 * @module
 * @see docs/PROTOCOL.md, "Fingerprints"
 */

import type { RosterEntry } from "../client/roster.ts";
import type { Say } from "../messages/phrases.ts";
import { foldNickname } from "../protocol/nickname.ts";
import type { Pins } from "../storage/pins.ts";
import type { Ignored } from "./ignored.ts";
import { describeKey, describeNumber, describeNumbers } from "./key_facts.ts";
import { MAX_KEYS_SHOWN } from "./limits.ts";
import type { Lookalikes } from "./lookalikes.ts";

/** What {@linkcode SafetyNumbers} reads and changes. */
export interface SafetyNumbersParts {
  readonly pins: Pins;
  /** This member's Ed25519 key, in base64url. */
  readonly ownId: string;
  readonly lookalikes: Lookalikes;
  /** The clients that use a nickname now. */
  readonly clientsNamed: (nickname: string) => readonly RosterEntry[];
  /** The key that a nickname is pinned to, and then those that use it now. */
  readonly keysOf: (nickname: string) => string[];
  /** Says phrases in the user's language. */
  readonly say: Say;
}

/** Shows safety numbers, and accepts keys by what was shown. */
export class SafetyNumbers {
  readonly #parts: SafetyNumbersParts;
  /** The nickname, folded, and the keys whose numbers were shown last. */
  #shown: { readonly name: string; readonly ids: readonly string[] } | undefined;

  constructor(parts: SafetyNumbersParts) {
    this.#parts = parts;
  }

  /**
   * Tells what is known of the keys under a nickname.
   *
   * @param nickname The nickname.
   * @param ignored The keys that are ignored.
   * @returns For each key, and for 10 keys at most: a line with its safety number, and indented
   * lines about it.
   */
  async whois(nickname: string, ignored: Pick<Ignored, "has">): Promise<string[]> {
    const { say, pins, ownId, lookalikes, keysOf, clientsNamed } = this.#parts;
    const ids = keysOf(nickname);
    if (ids.length === 0) return [say("nobody is known as {nickname}", { nickname })];
    const pinned = pins.peek(nickname);
    const isAccepted = pins.isAccepted(nickname);
    const named = clientsNamed(nickname);
    const lines = await Promise.all(
      this.#note(nickname, ids).map((id) => {
        const clients = named.filter((entry) => entry.id === id);
        const spelling = clients.at(-1)?.nickname ?? nickname;
        const doubt = lookalikes.doubt(spelling, id);
        const [isOwn, isIgnored] = [id === ownId, ignored.has(id)];
        return describeKey(
          { id, nickname: spelling, pinned, isAccepted, isOwn, isIgnored, clients, doubt },
          say,
        );
      }),
    );
    return [...lines.flat(), ...this.#countMore(ids.length)];
  }

  /**
   * Writes safety numbers, which two members compare by voice.
   *
   * @returns A line with this member's number, and one for each key under the nickname: 10 at most.
   */
  async verify(nickname: string): Promise<string[]> {
    const { pins, ownId, say, keysOf, clientsNamed } = this.#parts;
    const ids = keysOf(nickname);
    if (ids.length === 0) return [say("nobody is known as {nickname}", { nickname })];
    const pinned = pins.peek(nickname);
    const named = clientsNamed(nickname);
    const rows = this.#note(nickname, ids).map((id): [string, string] => {
      const name = named.findLast((entry) => entry.id === id)?.nickname ?? nickname;
      return [
        id === pinned ? name : say("{nickname} (NOT the known one!)", { nickname: name }),
        id,
      ];
    });
    return [
      ...await describeNumbers([[say("you"), ownId], ...rows], say),
      ...this.#countMore(ids.length),
      say("the same numbers on both sides mean that nobody is in between"),
    ];
  }

  /**
   * Pins a nickname to the new key whose number was shown last, by `verify()`, `whois()` or this. It
   * does not matter who uses the nickname by now.
   *
   * @returns The key's number. If none was shown, nothing is pinned: then the numbers are returned,
   * and how to go on; or why there is nothing to accept.
   */
  async trust(nickname: string): Promise<string[]> {
    const { pins, say, keysOf } = this.#parts;
    const pinned = pins.peek(nickname);
    const isNew = (id: string) => id !== pinned;
    const shown = this.#shown?.name === foldNickname(nickname) ? this.#shown.ids.filter(isNew) : [];
    const count = shown.length > 0 ? shown.length : keysOf(nickname).filter(isNew).length;
    if (count === 0) return [say("there is no new key of {nickname} to accept", { nickname })];
    if (count > 1) {
      return [say("several keys are used as {nickname}: see /verify {nickname}", { nickname })];
    }
    const [id] = shown;
    if (id === undefined) {
      const lines = await this.verify(nickname);
      return [
        ...lines,
        say("compare them first; /trust {nickname} again accepts the new key", { nickname }),
      ];
    }
    // The old key is not accepted anew by one /trust too many.
    this.#shown = undefined;
    pins.trust(nickname, id);
    const number = await describeNumber(id);
    return [say("the new key of {nickname} is accepted: {number}", { nickname, number })];
  }

  /** Notes the keys whose numbers are shown now, and tells which these are. */
  #note(nickname: string, ids: readonly string[]): readonly string[] {
    this.#shown = { name: foldNickname(nickname), ids: ids.slice(0, MAX_KEYS_SHOWN) };
    return this.#shown.ids;
  }

  #countMore(keys: number): string[] {
    const count = keys - MAX_KEYS_SHOWN;
    return count > 0 ? [this.#parts.say("further keys under this name: {count}", { count })] : [];
  }
}
