/**
 * Members by their names: whom a private message goes to, and whose key is whose.
 *
 * @module
 * @see docs/PROTOCOL.md, "Identity"
 */

import { parseBase64Url } from "../base64url.ts";
import { PUBLIC_KEY_BYTES } from "../ed25519.ts";
import { formatSafetyNumber } from "../fingerprint.ts";
import { foldNickname, type Pins } from "../pins.ts";
import type { Roster, RosterEntry } from "./roster.ts";

/** What a {@linkcode Members} works with. */
export interface MembersParts {
  readonly roster: Roster;
  readonly pins: Pins;
  /** This member's Ed25519 key, in base64url. */
  readonly ownId: string;
}

/**
 * Finds members.
 *
 * @example
 * ```ts ignore
 * const found = members.find("bob");
 * if (typeof found !== "string") await session.tell(found, "psst");
 * ```
 */
export class Members {
  readonly #parts: MembersParts;

  /** @param parts What it works with. */
  constructor(parts: MembersParts) {
    this.#parts = parts;
  }

  /**
   * Lists who is here.
   *
   * @returns A line for each client but this one.
   */
  names(): string[] {
    const { roster, pins } = this.#parts;
    return roster.list().map(({ nickname, id }) => {
      const pinned = pins.peek(nickname);
      return pinned === undefined || pinned === id ? nickname : `${nickname} (NOT the known one!)`;
    });
  }

  /**
   * Finds whom a private message goes to: only the one whose key is pinned to the name.
   *
   * @param nickname As it was typed.
   * @returns A client of the member, or why there is none.
   */
  find(nickname: string): RosterEntry | string {
    const named = this.#named(nickname);
    if (named.length === 0) return `there is no ${nickname} here; see /names`;
    const pinned = this.#parts.pins.peek(nickname);
    if (pinned === undefined) {
      return `the key of ${nickname} is not pinned: see /verify ${nickname}, /trust ${nickname}`;
    }
    const known = named.filter(({ id }) => id === pinned);
    if (known.length === 0) {
      return `${nickname} has another key than before: see /verify ${nickname}`;
    }
    const reachable = known.findLast(({ agreementKey }) => agreementKey !== undefined);
    return reachable ?? `${nickname} has not introduced itself yet; try again in a minute`;
  }

  /**
   * Writes safety numbers.
   *
   * @param nickname Of whom.
   * @returns Lines with this member's number and the other's, to be compared by voice.
   */
  async verify(nickname: string): Promise<string[]> {
    const { pins, ownId } = this.#parts;
    const pinned = pins.peek(nickname);
    const others = new Set(this.#named(nickname).map(({ id }) => id));
    if (pinned !== undefined) others.delete(pinned);
    if (pinned === undefined && others.size === 0) return [`nobody is known as ${nickname}`];
    const rows: [string, string][] = [["you", ownId]];
    if (pinned !== undefined) rows.push([nickname, pinned]);
    for (const id of others) rows.push([`${nickname} (NOT the known one!)`, id]);
    const lines = await Promise.all(rows.map(async ([name, id]) => {
      return `${name}: ${await formatSafetyNumber(parseBase64Url(id, PUBLIC_KEY_BYTES)!)}`;
    }));
    return [...lines, "the same numbers on both sides mean that nobody is in between"];
  }

  /**
   * Accepts the key that a name is used with now.
   *
   * @param nickname Whose.
   * @returns What was done, or why nothing was.
   */
  trust(nickname: string): string {
    const { pins } = this.#parts;
    const pinned = pins.peek(nickname);
    const others = new Set(this.#named(nickname).map(({ id }) => id));
    if (pinned !== undefined) others.delete(pinned);
    if (others.size === 0) return `there is no new key of ${nickname} to accept`;
    if (others.size > 1) return `several keys are used as ${nickname}: see /verify ${nickname}`;
    pins.trust(nickname, [...others][0]!);
    return `the new key of ${nickname} is accepted`;
  }

  /**
   * Pins a name to this member's own key.
   *
   * @param nickname Under which it writes from now on.
   * @returns A warning, if the name belongs to another key.
   */
  claim(nickname: string): string | undefined {
    const { pins, ownId } = this.#parts;
    if (pins.judge(nickname, ownId) !== "changed") return undefined;
    return `the name ${nickname} belongs to another key here: others may see you marked`;
  }

  #named(nickname: string): RosterEntry[] {
    const folded = foldNickname(nickname);
    return this.#parts.roster.list().filter((entry) => foldNickname(entry.nickname) === folded);
  }
}
