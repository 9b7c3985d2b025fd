/**
 * Writes what became of the room's key as lines for people.
 *
 * @module
 */

import type { RotationEvent } from "../client/events.ts";
import type { Say } from "../messages/phrases.ts";

/**
 * Writes a rotation.
 *
 * @param event What happened. Its nickname has its marks, and `name` is the nickname without them.
 * @param say Says phrases in the reader's language.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { sayIn } from "../messages/say.ts";
 * const alice = { id: "F8t5", nickname: "alice", name: "alice", trust: "verified" } as const;
 * const moved = { kind: "rotation", state: "moved", generation: 1, names: ["bob"], count: 1 } as const;
 * const line = describeRotation({ ...moved, ...alice }, sayIn("en"));
 * assert.equal(line, "alice moved the room on to a new key, without bob");
 * ```
 */
export function describeRotation(
  event: RotationEvent & { readonly name: string },
  say: Say,
): string {
  const { state, count, nickname, name } = event;
  const names = joinNames(event.names, count, say);
  switch (state) {
    case "moved":
      return count === 0
        ? say("{nickname} moved the room on to a new key", { nickname })
        : say("{nickname} moved the room on to a new key, without {names}", { nickname, names });
    case "not followed":
      return say(
        "{nickname} announces a new key for the room, and is not the known one: this client stays with the old key. To follow: /verify {name}, then /trust {name}",
        { nickname, name },
      );
    case "left out":
      return say(
        "{nickname} moved the room on to a new key that is not for you: from now on you can read nothing that is written, and nobody reads what you write. Ask a member for an invitation",
        { nickname },
      );
    case "refused":
      return say(
        "the room has moved on to a new key that is not for you, says {nickname}: ask a member for an invitation",
        { nickname },
      );
    case "overruled":
      return count === 0
        ? say("{nickname} moved the room on at the same moment, and that key counts", { nickname })
        : say(
          "{nickname} moved the room on at the same moment, and that key counts: {names}, whom you put out, may read on. /rotate again puts them out",
          { nickname, names },
        );
    case "caught up":
      return say("the room had moved on: {nickname} gave you its new key", { nickname });
  }
}

/** Joins names with commas, and says how many there are besides. */
export function joinNames(names: readonly string[], count: number, say: Say): string {
  const joined = names.join(", ");
  const more = count - names.length;
  return more > 0 ? say("{names} and {count} more", { names: joined, count: more }) : joined;
}
