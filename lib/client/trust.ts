/**
 * How far a message's sender is known: the key that signs, against the one
 * pinned to the nickname.
 *
 * @module
 * @see docs/PROTOCOL.md, "Identity"
 */

import type { Header } from "../protocol/header.ts";
import { foldNickname } from "../protocol/nickname.ts";
import { MAX_PINS } from "../storage/limits.ts";
import type { Pins } from "../storage/pins.ts";
import type { Age, RoomEvent, Trust } from "./events.ts";
import { MAX_IMPOSTORS } from "./limits.ts";

/**
 * Judges senders of signed messages.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Pins } from "../storage/pins.ts";
 * const judge = new TrustJudge(await Pins.open(undefined, console.error));
 * assert.equal(judge.judge({ nickname: "alice", id: "a" }, "live"), "verified");
 * assert.equal(judge.judge({ nickname: "Alice", id: "b" }, "live"), "changed");
 * ```
 */
export class TrustJudge {
  readonly #pins: Pins;
  /** Names under which a stranger wrote, with the stranger's key. */
  readonly #impostors = new Set<string>();
  /** Names that are not pinned, in this run: of the past, or as all pins are taken. */
  readonly #met = new Map<string, string>();

  /** @param pins Nicknames and the keys that they belong to. */
  constructor(pins: Pins) {
    this.#pins = pins;
  }

  /**
   * Compares a sender with what is pinned. A nickname that is new is pinned by a message that is
   * new.
   *
   * @param sender Its nickname and key.
   * @param age What is old has no effect: it pins nothing.
   */
  judge({ nickname, id }: Pick<Header, "nickname" | "id">, age: Age): Trust {
    if (age === "live") this.#pins.judge(nickname, id);
    const known = this.#pins.peek(nickname) ?? this.#meet(nickname, id);
    return known === id ? "verified" : "changed";
  }

  /** The first key that was met under a name that is not pinned: of two, one is marked. */
  #meet(nickname: string, id: string): string {
    const name = foldNickname(nickname);
    const met = this.#met.get(name);
    if (met !== undefined) return met;
    this.#met.set(name, id);
    if (this.#met.size > MAX_PINS) this.#met.delete(this.#met.keys().next().value!);
    return id;
  }

  /** Says once of each that a nickname is used with another key. */
  warn({ nickname, id }: Pick<Header, "nickname" | "id">, trust: Trust): RoomEvent[] {
    const mark = `${id} ${nickname}`;
    const isTold = this.#impostors.has(mark) || this.#impostors.size >= MAX_IMPOSTORS;
    if (trust !== "changed" || isTold) return [];
    this.#impostors.add(mark);
    return [{ kind: "impostor", nickname }];
  }
}
