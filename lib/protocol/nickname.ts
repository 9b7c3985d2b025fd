/**
 * What a member may be called.
 *
 * @module
 * @see docs/PROTOCOL.md, "Nicknames"
 */

import { ChatError } from "../errors.ts";
import { worded, type Wording } from "../messages/wording.ts";
import { foldText } from "../text/fold.ts";
import { MAX_COMBINING_MARKS } from "../text/sanitize.ts";
import { MAX_NICKNAME_BYTES } from "./limits.ts";

const TOO_MANY_MARKS = new RegExp(`\\p{M}{${MAX_COMBINING_MARKS + 1}}`, "u");

/**
 * Reads a nickname.
 *
 * @param text 1 to 32 bytes of UTF-8 in NFC, without spaces, control or
 * invisible characters, `<` or `>`.
 * @returns The same text in NFC.
 * @throws {ChatError} If it is empty or too long, or has a character that a nickname may not have.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { ChatError } from "../errors.ts";
 * assert.equal(parseNickname("alice"), "alice");
 * assert.throws(() => parseNickname("<alice>"), ChatError);
 * ```
 */
export function parseNickname(text: string): string {
  const nickname = text.normalize("NFC");
  const bytes = new TextEncoder().encode(nickname).length;
  if (bytes < 1 || bytes > MAX_NICKNAME_BYTES) {
    throw refuse(
      worded("{bytes} bytes instead of 1 to {most}", { bytes, most: MAX_NICKNAME_BYTES }),
    );
  }
  if (/[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800<>]/u.test(nickname)) {
    throw refuse(worded("it has a space, <, > or an invisible character"));
  }
  if (TOO_MANY_MARKS.test(nickname)) {
    throw refuse(worded("it has too many marks on one character"));
  }
  return nickname;
}

function refuse(reason: Wording): ChatError {
  return new ChatError(worded("Cannot use nickname: {reason}", { reason }));
}

/**
 * Folds a nickname, so that names that differ in letter case or in compatible forms alone are one.
 *
 * @param nickname As `parseNickname()` returns it.
 * @returns The form under which it is pinned.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(foldNickname("Alice"), foldNickname("ALICE"));
 * ```
 */
export function foldNickname(nickname: string): string {
  return foldText(nickname);
}
