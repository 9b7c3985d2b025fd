/**
 * Trust in a message's sender: whether the key that signs is the key that is pinned to the
 * nickname.
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
  /** The nicknames that were used with another key, each with that key. */
  readonly #impostors = new Set<string>();
  /** The first key of each nickname that is not pinned, in this run. */
  readonly #met = new Map<string, string>();

  /** @param pins Nicknames and the keys that they belong to. */
  constructor(pins: Pins) {
    this.#pins = pins;
  }

  /**
   * Compares a sender with the pins. A live message pins a nickname that is not pinned.
   *
   * @param sender The sender's nickname and key.
   * @param age The message's age. An old message pins nothing.
   */
  judge({ nickname, id }: Pick<Header, "nickname" | "id">, age: Age): Trust {
    if (age === "live") this.#pins.judge(nickname, id);
    const known = this.#pins.peek(nickname) ?? this.#meet(nickname, id);
    return known === id ? "verified" : "changed";
  }

  /** The first key that used a nickname that is not pinned. A second key is marked as changed. */
  #meet(nickname: string, id: string): string {
    const name = foldNickname(nickname);
    const met = this.#met.get(name);
    if (met !== undefined) return met;
    this.#met.set(name, id);
    if (this.#met.size > MAX_PINS) this.#met.delete(this.#met.keys().next().value!);
    return id;
  }

  /** Warns of a nickname that is pinned to another key, once for each key and nickname. */
  warn({ nickname, id }: Pick<Header, "nickname" | "id">, trust: Trust): RoomEvent[] {
    const mark = `${id} ${nickname}`;
    const isTold = this.#impostors.has(mark) || this.#impostors.size >= MAX_IMPOSTORS;
    if (trust !== "changed" || isTold) return [];
    this.#impostors.add(mark);
    return [{ kind: "impostor", nickname }];
  }

  /** Tells that the last connection of a member is lost. */
  tellLoss({ id, nickname }: Pick<Header, "nickname" | "id">): RoomEvent {
    return { kind: "lost", id, nickname, trust: this.judge({ id, nickname }, "old") };
  }

  /**
   * Tells of messages that did not come, or that came late.
   *
   * @param sender Whose they are.
   */
  tellCount(
    kind: "missing" | "mended",
    { id, nickname }: Pick<Header, "nickname" | "id">,
    count: number,
  ): RoomEvent {
    return { kind, id, nickname, trust: this.judge({ id, nickname }, "old"), count };
  }
}
