/**
 * Who gets the key of a new generation, and who does not.
 *
 * @module
 * @see docs/PROTOCOL.md, "Moving on"
 */

import { MAX_REKEY_BOXES, MAX_REKEY_MEMBERS } from "../../protocol/rekey.ts";
import type { RosterEntry } from "../roster.ts";

/** A member by its key, and by the name that the user knows it by. */
export interface NamedMember {
  readonly id: string;
  readonly nickname: string;
}

/** What a plan is made from. */
export interface PlanParts {
  /** This member, by id. */
  readonly ownId: string;
  /** The pinned nicknames with their keys, the last one pinned last. */
  readonly pinned: readonly NamedMember[];
  /** The clients that are here. */
  readonly here: readonly Pick<
    RosterEntry,
    "id" | "nickname" | "agreementKey" | "keyDay" | "isIntroduced"
  >[];
  /** Whom the user puts out, by id. */
  readonly without: ReadonlySet<string>;
  /** Whether a member belongs to the generation of now, as far as is known. */
  readonly belongs: (id: string) => boolean;
  /** Members of the generation of now that may have no pin. */
  readonly members: Iterable<string>;
}

/** A plan of a rotation. Each member stands in one list. */
export interface Plan {
  /** Those who belong to the new generation, this member first. */
  readonly to: readonly NamedMember[];
  /** Keys of the day of those clients who are here, in base64url: each gets the chain at once. */
  readonly dayKeys: readonly string[];
  /** Those of them who are here with a client that is too old: it cannot read what follows. */
  readonly outdated: readonly NamedMember[];
  /** Whom the user puts out. */
  readonly leftOut: readonly NamedMember[];
  /** Who was put out before, and stays out. */
  readonly stayOut: readonly NamedMember[];
  /** Who is here, or belongs to the room, with a key that is not pinned: left out. */
  readonly strangers: readonly NamedMember[];
  /** Pinned members for whom there is no room: left out. */
  readonly tooMany: readonly NamedMember[];
}

/**
 * Makes a plan.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const plan = planRotation({
 *   ownId: "a",
 *   pinned: [{ id: "b", nickname: "bob" }, { id: "c", nickname: "carol" }],
 *   here: [],
 *   without: new Set("b"),
 *   belongs: () => true,
 *   members: [],
 * });
 * assert.deepEqual(plan.to.map(({ id }) => id), ["a", "c"]);
 * assert.deepEqual(plan.leftOut, [{ id: "b", nickname: "bob" }]);
 * ```
 */
export function planRotation(
  { ownId, pinned, here, without, belongs, members }: PlanParts,
): Plan {
  // A member that changed its name has several pins: the name of now, or the last one, counts.
  const names = new Map(pinned.map(({ id, nickname }) => [id, nickname]));
  const known = new Set(names.keys());
  for (const { id, nickname } of here) names.set(id, nickname);
  names.set(ownId, names.get(ownId) ?? "");
  const nameOf = (id: string): NamedMember => ({ id, nickname: names.get(id) ?? "" });
  const isHere = new Set(here.map(({ id }) => id));
  // Who is here comes first, and then those who were pinned last.
  const others = [...known].filter((id) => id !== ownId).reverse();
  const ranked = [
    ...others.filter((id) => isHere.has(id)),
    ...others.filter((id) => !isHere.has(id)),
  ];
  const wanted = ranked.filter((id) => !without.has(id) && belongs(id));
  const to = [ownId, ...wanted].slice(0, MAX_REKEY_MEMBERS);
  const chosen = new Set(to);
  const entries = here.filter(({ id }) => chosen.has(id));
  const dayKeys = entries.flatMap(({ agreementKey, keyDay }) => {
    return agreementKey === undefined || keyDay === undefined ? [] : [agreementKey];
  });
  const outdated = entries.filter(({ keyDay, isIntroduced }) => {
    return isIntroduced && keyDay === undefined;
  });
  const unpinned = [...isHere, ...members].filter((id) => !known.has(id) && id !== ownId);
  const outs = [...without].filter((id) => id !== ownId);
  return {
    to: to.map(nameOf),
    dayKeys: [...new Set(dayKeys)].slice(0, MAX_REKEY_BOXES),
    outdated: [...new Set(outdated.map(({ id }) => id))].map(nameOf),
    leftOut: outs.map(nameOf),
    stayOut: ranked.filter((id) => !without.has(id) && !belongs(id)).map(nameOf),
    strangers: [...new Set(unpinned)].filter((id) => !without.has(id)).map(nameOf),
    tooMany: wanted.filter((id) => !chosen.has(id)).map(nameOf),
  };
}
