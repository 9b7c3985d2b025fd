/**
 * Members by their nicknames.
 *
 * A nickname is pinned to the key with which it was first seen, or which the user has accepted. A
 * private message goes only to the pinned key. All public functions take nicknames as the user
 * typed them; letter case does not matter.
 *
 * @module
 * @see docs/PROTOCOL.md, "Identity"
 */

import type { Roster, RosterEntry } from "../client/roster.ts";
import type { Say } from "../messages/phrases.ts";
import { foldNickname } from "../protocol/nickname.ts";
import type { Pins } from "../storage/pins.ts";
import { oneLine } from "../text/sanitize.ts";
import { markName } from "./describe.ts";
import { Lookalikes } from "./lookalikes.ts";
import { SafetyNumbers } from "./safety_numbers.ts";

/** What {@linkcode Members} reads and changes. */
export interface MembersParts {
  readonly roster: Roster;
  readonly pins: Pins;
  /** This member's Ed25519 key, in base64url. */
  readonly ownId: string;
  /** Says phrases in the user's language. */
  readonly say: Say;
}

/** Lists members, and finds them. */
export class Members {
  readonly #parts: MembersParts;
  /** Judges the letters of nicknames. */
  readonly lookalikes: Lookalikes;
  /** Shows the numbers of keys, and accepts new keys. */
  readonly numbers: SafetyNumbers;

  constructor(parts: MembersParts) {
    this.#parts = parts;
    this.lookalikes = new Lookalikes(parts.pins, parts.say);
    const { lookalikes } = this;
    this.numbers = new SafetyNumbers({
      ...parts,
      lookalikes,
      clientsNamed: (nickname) => this.#named(nickname),
      keysOf: (nickname) => this.keysOf(nickname),
    });
  }

  /**
   * Lists the clients that are here, for people.
   *
   * @returns A text for each client but this one: its nickname, and marks.
   */
  names(): string[] {
    const { roster, say } = this.#parts;
    return roster.list().map(({ nickname, id, away }) => {
      const doubt = this.lookalikes.doubt(nickname, id);
      const name = markName({ nickname, trust: this.#trustOf(nickname, id), doubt }, say);
      if (away === undefined) return name;
      return away === ""
        ? say("{nickname} (away)", { nickname: name })
        : say("{nickname} (away: {reason})", { nickname: name, reason: oneLine(away) });
    });
  }

  /**
   * Lists the clients that are here, for programs.
   *
   * @returns Each client but this one. `away` is null for a client that is not away.
   */
  list(): {
    readonly nickname: string;
    readonly id: string;
    readonly trust: "verified" | "changed";
    readonly away: string | null;
  }[] {
    return this.#parts.roster.list().map(({ nickname, id, away = null }) => {
      return { nickname, id, trust: this.#trustOf(nickname, id), away };
    });
  }

  /**
   * Finds the addressee of a private message: the member whose key is pinned to the nickname.
   *
   * @returns The client of that member that was heard of last, or a text that says why there is
   * none.
   */
  find(nickname: string): RosterEntry | string {
    const { pins, ownId, say } = this.#parts;
    const named = this.#named(nickname);
    const pinned = pins.peek(nickname);
    if (named.length === 0) {
      return pinned === ownId
        ? say("{nickname} is you", { nickname })
        : say("there is no {nickname} here; see /names", { nickname });
    }
    if (pinned === undefined) {
      return say("the key of {nickname} is not pinned: see /verify {nickname}, /trust {nickname}", {
        nickname,
      });
    }
    const known = named.filter(({ id }) => id === pinned);
    if (known.length === 0) {
      return say("{nickname} has another key than before: see /verify {nickname}", { nickname });
    }
    const reachable = known.findLast(({ agreementKey }) => agreementKey !== undefined);
    return reachable ??
      say("{nickname} has not introduced itself yet; try again in a minute", { nickname });
  }

  /**
   * Finds a member again by its key. The member may have another nickname by now.
   *
   * @returns As {@linkcode find} does, for a nickname that the key has now.
   */
  findAgain(
    { id, nickname }: { readonly id: string; readonly nickname: string },
  ): RosterEntry | string {
    const folded = foldNickname(nickname);
    const clients = [...this.#parts.roster.values()].filter((entry) => entry.id === id);
    const hasName = clients.some((entry) => foldNickname(entry.nickname) === folded);
    const name = hasName ? nickname : clients.at(-1)?.nickname ?? nickname;
    const found = this.find(name);
    // The name that the key has now may be pinned to somebody else, who is here.
    if (typeof found === "string" || found.id === id) return found;
    const { say } = this.#parts;
    return say("{nickname} has another key than before: see /verify {nickname}", {
      nickname: name,
    });
  }

  /** Names the member with a key: by its nickname here, or by one that is pinned to the key. */
  nameOf(id: string): string {
    const { pins, say } = this.#parts;
    const entry = [...this.#parts.roster.values()].find((each) => each.id === id);
    return entry?.nickname ?? pins.nicknameOf(id) ?? say("somebody");
  }

  /**
   * Lists the key that is pinned to a nickname, and the keys that use it now.
   *
   * @returns Ed25519 keys in base64url, the pinned one first.
   */
  keysOf(nickname: string): string[] {
    const pinned = this.#parts.pins.peek(nickname);
    const ids = this.#named(nickname).map(({ id }) => id);
    return [...new Set(pinned === undefined ? ids : [pinned, ...ids])];
  }

  /**
   * Pins a nickname to this member's own key, unless it is pinned already.
   *
   * @param nickname The nickname that this member uses from now on.
   * @returns A warning if the nickname is pinned to another key; else undefined.
   */
  claim(nickname: string): string | undefined {
    const { pins, ownId, say } = this.#parts;
    if (pins.judge(nickname, ownId) !== "changed") return undefined;
    return say("the name {nickname} belongs to another key here: others may see you marked", {
      nickname,
    });
  }

  #trustOf(nickname: string, id: string): "verified" | "changed" {
    const pinned = this.#parts.pins.peek(nickname);
    return pinned === undefined || pinned === id ? "verified" : "changed";
  }

  #named(nickname: string): RosterEntry[] {
    const folded = foldNickname(nickname);
    const all = [...this.#parts.roster.values()];
    return all.filter((entry) => foldNickname(entry.nickname) === folded);
  }
}
