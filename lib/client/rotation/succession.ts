/**
 * The generations of a room's key, as this member follows them: which rotation counts, which
 * generation is written under, and who may still be heard under an older one.
 *
 * It decides only. It holds no secret, no clock and no file.
 *
 * @module
 * @see docs/PROTOCOL.md, "Moving on"
 */

import { parseBase64Url } from "../../bytes/base64url.ts";
import { isBefore, MARK_BYTES } from "../../crypto/room_secret.ts";
import type { GenerationFacts } from "../../protocol/rekey.ts";
import { MAX_FOLLOWED, MAX_NEWCOMERS } from "./limits.ts";

/** What tells a generation from all others. */
export interface GenerationId {
  /** Its number: 0 for the room's first key. */
  readonly generation: number;
  /** SHA-256 of its first chain, in base64url. */
  readonly mark: string;
}

/** A generation that this member follows. */
export interface Followed extends GenerationId {
  /** Who belongs to it, by its rotation; undefined if that is not known, or if all do. */
  readonly to: ReadonlySet<string> | undefined;
  /** Whose rotation it is, by id; undefined if that is not known. */
  readonly author: string | undefined;
  /** Members that came by an invitation since. */
  readonly newcomers: Set<string>;
}

/** What is known of a generation beside its name. */
export interface Known {
  readonly to?: Iterable<string>;
  readonly author?: string;
  readonly newcomers?: Iterable<string>;
}

/** A rotation that left this member out. */
export interface Exclusion extends GenerationId {
  /** Whose rotation it is, by id. */
  readonly author: string;
}

/** A rotation that was told. */
export interface Told {
  readonly facts: GenerationFacts;
  /** Whose it is, by id. */
  readonly author: string;
  /** Whether the author's key is the one that is pinned to its nickname. */
  readonly isTrusted: boolean;
  /** The generation whose key opened the message. */
  readonly under: GenerationId;
  /** The days, from 1970, that may be the present one: clocks differ. */
  readonly days: readonly number[];
}

/** What is followed of a rotation. */
export type FollowedFacts = Pick<GenerationFacts, "generation" | "mark" | "parent" | "to">;

/** What to do with a rotation. */
export type Verdict =
  /** It is no rotation of the generation that it was told under. */
  | "wrong"
  /** It is followed already. */
  | "known"
  /** Its author is not trusted. */
  | "untrusted"
  /** This member does not belong to it. */
  | "left out"
  /** This member belongs to it: it is followed. */
  | "follow";

/** Days after which a rotation that was not told yet is told no more: its author begins anew. */
export const MAX_REKEY_DAYS = 8;

/**
 * Follows rotations.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const [zero, one] = ["A".repeat(43), "B".repeat(42) + "A"];
 * const succession = new Succession("alice", [{ generation: 0, mark: zero }]);
 * const facts = { generation: 1, parent: zero, mark: one, day: 9, to: ["alice", "carol"] };
 * const told = { facts, author: "carol", isTrusted: true, under: succession.current, days: [10] };
 * assert.equal(succession.judge(told), "follow");
 * succession.follow(facts, "carol");
 * assert.equal(succession.current.mark, one);
 * assert.equal(succession.mayBeHeard("bob", { generation: 0, mark: zero }), false);
 * ```
 */
export class Succession {
  readonly #ownId: string;
  /** The first in order is written under. There is always one. */
  #followed: Followed[] = [];
  /** The first in order of the rotations that left this member out. */
  #exclusion: Exclusion | undefined;

  /**
   * @param ownId This member's id.
   * @param known The generations that it has the keys of.
   */
  constructor(ownId: string, known: readonly (GenerationId & Known)[]) {
    this.#ownId = ownId;
    for (const each of known) this.learn(each, each);
  }

  /** The generation that is written under, once its key is there. */
  get current(): Followed {
    return this.#followed[0]!;
  }

  /** All generations that are followed, the first in order first. */
  get followed(): readonly Followed[] {
    return this.#followed;
  }

  /**
   * Tells what to do with a rotation.
   *
   * @param told The rotation, and how it came.
   */
  judge({ facts, author, isTrusted, under, days }: Told): Verdict {
    const isChild = facts.generation === under.generation + 1 && facts.parent === under.mark;
    // The keys of days before its first one cannot be derived.
    const isNow = days.some((day) => facts.day <= day && day - facts.day <= MAX_REKEY_DAYS);
    if (!isChild || !isNow || !facts.to.includes(author)) return "wrong";
    if (this.#find(facts)) return "known";
    if (!isTrusted) return "untrusted";
    return facts.to.includes(this.#ownId) ? "follow" : "left out";
  }

  /**
   * Notes a rotation that leaves this member out.
   *
   * @returns Whether it counts, and is news.
   */
  exclude({ generation, mark }: GenerationId, author: string): boolean {
    const exclusion = { generation, mark, author };
    const before = this.exclusion;
    if (!this.isAhead(exclusion) || before && !precedes(exclusion, before)) return false;
    this.#exclusion = exclusion;
    return true;
  }

  /** The rotation by which this member is out; undefined if it is in. */
  get exclusion(): Exclusion | undefined {
    return this.#exclusion && this.isAhead(this.#exclusion) ? this.#exclusion : undefined;
  }

  /**
   * Follows a rotation.
   *
   * @param facts The new generation.
   * @param author Whose rotation it is, or who handed it on.
   * @returns This member's own rotation, if this one came at the same time and counts in its place.
   */
  follow(facts: FollowedFacts, author: string): Followed | undefined {
    const { generation, mark, parent, to } = facts;
    const { current } = this;
    const known = this.#find(facts);
    const newcomers = known?.newcomers ?? new Set<string>();
    this.#followed = this.#followed.filter((each) => each !== known);
    this.#followed.push({ generation, mark, to: new Set(to), author, newcomers });
    this.#sort();
    const isOwn = current.author === this.#ownId && current.mark !== parent;
    return isOwn && precedes(facts, current) ? current : undefined;
  }

  /** Whether a generation is followed. */
  knows(id: GenerationId): boolean {
    return this.#find(id) !== undefined;
  }

  /**
   * Follows a generation that this member has the key of: another client of it has got it.
   *
   * @param about What is known of it beside its name.
   */
  learn({ generation, mark }: GenerationId, about: Known = {}): void {
    if (this.knows({ generation, mark })) return;
    const { to, author, newcomers = [] } = about;
    const members = { to: to && new Set(to), newcomers: new Set(newcomers) };
    this.#followed.push({ generation, mark, author, ...members });
    this.#sort();
  }

  /** Whether a generation comes before the one that counts. */
  isAhead(other: GenerationId): boolean {
    return precedes(other, this.current);
  }

  /**
   * Tells whether somebody is heard. Who was put out writes no more, and a text without a signature
   * could be anybody's.
   *
   * @param id Who wrote it; undefined for a text without a signature.
   * @param under The generation under whose key it came.
   */
  mayBeHeard(id: string | undefined, under: GenerationId): boolean {
    const { current } = this;
    if (!precedes(current, under)) return true;
    if (id === undefined) return false;
    return current.to === undefined || current.to.has(id) || current.newcomers.has(id);
  }

  /**
   * Notes that somebody wrote under a generation: it has the key, even if it came after the rotation.
   *
   * @returns Whether that is new.
   */
  noteNewcomer(id: string, { generation, mark }: GenerationId): boolean {
    const { current } = this;
    if (current.generation !== generation || current.mark !== mark) return false;
    if (current.to === undefined || current.to.has(id) || current.newcomers.has(id)) return false;
    if (current.newcomers.size >= MAX_NEWCOMERS) return false;
    current.newcomers.add(id);
    return true;
  }

  /** Whether somebody belongs to the generation of now, as far as is known. */
  belongs(id: string): boolean {
    const { to, newcomers } = this.current;
    return to === undefined || to.has(id) || newcomers.has(id);
  }

  #find({ generation, mark }: GenerationId): Followed | undefined {
    return this.#followed.find((each) => each.generation === generation && each.mark === mark);
  }

  #sort(): void {
    this.#followed.sort((a, b) => precedes(a, b) ? -1 : 1);
    this.#followed.splice(MAX_FOLLOWED);
  }
}

/** Whether a generation comes before another: by its number, then by its mark. */
export function precedes(a: GenerationId, b: GenerationId): boolean {
  return isBefore(nameOf(a), nameOf(b));
}

function nameOf({ generation: number, mark }: GenerationId) {
  return { number, mark: parseBase64Url(mark, MARK_BYTES)! };
}
