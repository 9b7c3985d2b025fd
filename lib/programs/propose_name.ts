/**
 * Nicknames for those who have chosen none. Two people are not to get the same one.
 *
 * @module
 */

import { type ClientOptions, FALLBACK_NICKNAME } from "../cli/client_options.ts";
import { MAX_NICKNAME_BYTES } from "../protocol/limits.ts";
import { foldNickname } from "../protocol/nickname.ts";
import type { Warn } from "../storage/private_file.ts";
import { openMember } from "./enter_client.ts";

/** Characters that tell one newcomer from another: of a million, two have the same. */
const MARK_CHARS = 4;

/** What says which nickname somebody has. */
export type NameOptions = Pick<ClientOptions, "nickname" | "isNicknameChosen">;

/** Tells whether neither the user nor the account has a name. */
export function isNameless({ nickname, isNicknameChosen }: NameOptions): boolean {
  return !isNicknameChosen && nickname === FALLBACK_NICKNAME;
}

/**
 * Tells the nickname: the one that was chosen, or the login name. Where there is none, it is `guest`
 * with a few characters of the user's own key, so that it is the same at each start.
 *
 * @param options The options of the client.
 * @param id The public key of the user's identity, in base64url.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const options = { nickname: "guest", isNicknameChosen: false };
 * assert.equal(proposeName(options, "Qx-3_9f"), "guest-qx39");
 * assert.equal(proposeName({ ...options, isNicknameChosen: true }, "Qx-3_9f"), "guest");
 * ```
 */
export function proposeName(options: NameOptions, id: string): string {
  return isNameless(options) ? markName(options.nickname, id) : options.nickname;
}

/** Gives a nickname to somebody who has none, as {@linkcode proposeName} does. */
export async function giveName(
  options: ClientOptions,
  state: string | undefined,
  warn: Warn,
): Promise<ClientOptions> {
  if (!isNameless(options)) return options;
  const { id } = await openMember(options, state, warn);
  return { ...options, nickname: proposeName(options, id) };
}

/**
 * Proposes another nickname where somebody has the proposed one already.
 *
 * @param proposed From {@linkcode proposeName}.
 * @param taken The nickname of somebody else.
 * @param id The public key of the user's identity, in base64url.
 */
export function proposeOther(proposed: string, taken: string, id: string): string {
  return foldNickname(proposed) === foldNickname(taken) ? markName(proposed, id) : proposed;
}

/** Adds what nobody else has. */
function markName(name: string, id: string): string {
  const mark = id.toLowerCase().replaceAll(/[^a-z0-9]/g, "").slice(0, MARK_CHARS);
  let base = name;
  const isLong = () => new TextEncoder().encode(`${base}-${mark}`).length > MAX_NICKNAME_BYTES;
  while (isLong()) base = [...base].slice(0, -1).join("");
  return `${base}-${mark}`;
}
