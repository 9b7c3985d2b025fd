/**
 * Nicknames: what a member may be called.
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
 * Reads a nickname. In NFC it has 1 to 32 bytes of UTF-8, no spaces, no control or invisible
 * characters, no `<` or `>`, and no more than eight combining marks in a row.
 *
 * @returns The nickname in NFC.
 * @throws {ChatError} If `text` is no such nickname.
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
 * Folds a nickname that `parseNickname()` returned. Nicknames that differ in letter case or in
 * compatible forms alone have one folded form, and one pin.
 */
export function foldNickname(nickname: string): string {
  return foldText(nickname);
}
