/**
 * How far a message's sender is known: the key that signs, against the one
 * pinned to the nickname.
 *
 * @module
 * @see docs/PROTOCOL.md, "Identity"
 */

import type { Header } from "../header.ts";
import { MAX_IMPOSTORS } from "../limits.ts";
import type { Pins } from "../pins.ts";
import type { Age, RoomEvent, Trust } from "./events.ts";

/**
 * Judges senders of signed messages.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Pins } from "../pins.ts";
 * const judge = new TrustJudge(await Pins.open(undefined, console.error));
 * assert.equal(judge.judge({ nickname: "alice", id: "a" }, "live"), "verified");
 * assert.equal(judge.judge({ nickname: "Alice", id: "b" }, "live"), "changed");
 * ```
 */
export class TrustJudge {
  readonly #pins: Pins;
  /** Names under which a stranger wrote, with the stranger's key. */
  readonly #impostors = new Set<string>();

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
    if (age === "live") {
      return this.#pins.judge(nickname, id) === "changed" ? "changed" : "verified";
    }
    const pinned = this.#pins.peek(nickname);
    return pinned === undefined || pinned === id ? "verified" : "changed";
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
