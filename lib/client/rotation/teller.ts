/**
 * What the user is told of rotations.
 *
 * @module
 */

import type { GenerationFacts } from "../../protocol/rekey.ts";
import type { Pins } from "../../storage/pins.ts";
import type { RoomEvent, RotationEvent, Trust } from "../events.ts";
import type { Roster } from "../roster.ts";
import { MAX_ROTATION_NAMES } from "./limits.ts";
import type { Followed, Succession } from "./succession.ts";

/** Whose rotation it is. */
export interface By {
  readonly author: string;
  readonly nickname: string;
}

/** What a {@linkcode Teller} works with. */
export interface TellerParts {
  readonly ownId: string;
  readonly succession: Succession;
  readonly pins: Pick<Pins, "entries" | "peek" | "nicknameOf">;
  readonly roster: Pick<Roster, "values">;
}

/** Collects events until they are taken. */
export class Teller {
  readonly #parts: TellerParts;
  #events: RoomEvent[] = [];
  /** By mark: the rotations of which is told when their keys are there. */
  readonly #prepared = new Map<string, RotationEvent>();

  constructor(parts: TellerParts) {
    this.#parts = parts;
  }

  /** Adds events. */
  add(events: readonly RoomEvent[]): void {
    this.#events.push(...events);
  }

  /** Whether there are events. */
  get hasNews(): boolean {
    return this.#events.length > 0;
  }

  /** Takes the events. */
  take(): RoomEvent[] {
    return this.#events.splice(0);
  }

  /** Finds out whom a rotation leaves out, before it is followed. */
  prepare(facts: GenerationFacts, by: By): void {
    const { ownId, succession, pins } = this.#parts;
    const members = new Set(pins.entries().map(([, id]) => id));
    const out = [...members].filter((id) => {
      return id !== ownId && succession.belongs(id) && !facts.to.includes(id);
    });
    this.#prepared.clear();
    this.#prepared.set(facts.mark, this.#eventOf("moved", facts, by, out));
  }

  /** Tells that the room has moved on, and this client with it. */
  moved({ mark }: Pick<GenerationFacts, "mark">): void {
    const event = this.#prepared.get(mark);
    this.#prepared.delete(mark);
    if (event && this.#parts.succession.current.mark === mark) this.#events.push(event);
  }

  /** Tells that a key that was asked for has come. */
  caughtUp(facts: GenerationFacts, author: string): void {
    this.#prepared.delete(facts.mark);
    this.#events.push(this.#eventOf("caught up", facts, this.#who(author), []));
  }

  /** Tells that this member does not belong to the room any more. */
  leftOut(by: By, facts: GenerationFacts): void {
    this.#events.push(this.#eventOf("left out", facts, by, []));
  }

  /** Tells that somebody says so. */
  refused(author: string): void {
    const { current } = this.#parts.succession;
    this.#events.push(this.#eventOf("refused", current, this.#who(author), []));
  }

  /** Tells of a rotation that is not followed. */
  untrusted(by: By, facts: GenerationFacts): void {
    this.#events.push(this.#eventOf("not followed", facts, by, []));
  }

  /**
   * Tells that this member's own rotation does not count, and who is in again whom it put out.
   *
   * @param own Undefined if it does count.
   */
  overruled(own: Followed | undefined, facts: GenerationFacts, by: By): void {
    if (!own) return;
    const isIn = facts.to.filter((id) => !own.to?.has(id));
    this.#events.push(this.#eventOf("overruled", facts, by, isIn));
  }

  #eventOf(
    state: RotationEvent["state"],
    { generation }: Pick<GenerationFacts, "generation">,
    { author: id, nickname }: By,
    ids: readonly string[],
  ): RotationEvent {
    const { ownId, pins } = this.#parts;
    const isKnown = id === ownId || pins.peek(nickname) === id;
    const trust: Trust = isKnown ? "verified" : "changed";
    const names = ids.slice(0, MAX_ROTATION_NAMES).map((each) => this.#who(each).nickname);
    const count = ids.length;
    return { kind: "rotation", state, id, nickname, trust, generation, names, count };
  }

  /** A member by its nickname here, or by one that is pinned to its key. */
  #who(id: string): By {
    const { roster, pins } = this.#parts;
    const entry = [...roster.values()].find((each) => each.id === id);
    return { author: id, nickname: entry?.nickname ?? pins.nicknameOf(id) ?? "?" };
  }
}
