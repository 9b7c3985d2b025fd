/**
 * What editors, shells and other programs do to a file of one line.
 *
 * @module
 */

import { worded, type Wording } from "../messages/wording.ts";

/** Bytes of a longer file that are looked at, for each that a good one has. */
const EXAMINED_PER_BYTE = 4;

/** What may have been done to a text: how to undo it, and what is told of it. */
const SPOILINGS: readonly [undo: (text: string) => string, hint: Wording][] = [
  [
    (text) => text.replace(/^\uFEFF/, ""),
    worded("It begins with a byte order mark: save it as UTF-8 without one."),
  ],
  [
    (text) => text.trim(),
    worded("There are blanks or empty lines around what it holds: remove them."),
  ],
  [
    (text) => text.replaceAll("+", "-").replaceAll("/", "_"),
    worded("It is in the other alphabet of Base64: write - for each +, and _ for each /."),
  ],
  [
    (text) => `${text}=`,
    worded("The = at its end is missing."),
  ],
];

/** What is read from. */
export type Source = Pick<Deno.FsFile, "read">;

/**
 * Reads a file of one line, and a little more if there is more.
 *
 * @param from The path of a file; or a file that is open, which is read to its end.
 * @param maxBytes Longest that a good one is, in bytes.
 * @returns What it holds, or the beginning.
 */
export async function readBounded(from: string | Source, maxBytes: number): Promise<Uint8Array> {
  if (typeof from === "string") {
    using file = await Deno.open(from);
    return await readBounded(file, maxBytes);
  }
  const buffer = new Uint8Array(EXAMINED_PER_BYTE * maxBytes);
  let length = 0;
  while (length < buffer.length) {
    const bytes = await from.read(buffer.subarray(length));
    if (bytes === null) break;
    length += bytes;
  }
  return buffer.subarray(0, length);
}

/**
 * Tells whether a file holds nothing but blanks and empty lines.
 *
 * @param bytes What the file holds, or the beginning.
 */
export function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0x0a || byte === 0x0d || byte === 0x20);
}

/**
 * Finds out what was done to a file whose text is not what it should be.
 *
 * @param bytes What the file holds, or the beginning.
 * @param accepts Tells whether a text is what it should be.
 * @param utf16 What to do about a file in UTF-16.
 * @returns What to do about it; undefined if nothing of the kind explains it.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { worded } from "../messages/wording.ts";
 * const bytes = new TextEncoder().encode("secret \n");
 * const hint = await findSpoiling(bytes, (text) => text === "secret", worded("error:"));
 * assert.equal(hint?.phrase, "There are blanks or empty lines around what it holds: remove them.");
 * ```
 */
export async function findSpoiling(
  bytes: Uint8Array,
  accepts: (text: string) => boolean | Promise<boolean>,
  utf16: Wording,
): Promise<Wording | undefined> {
  const encoding = encodingOf(bytes);
  const decoded = new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes);
  // One line ending is no trouble.
  let text = decoded.replace(/\r?\n$/, "");
  let hint = encoding === "utf-8" ? undefined : utf16;
  if (hint && await accepts(text)) return hint;
  for (const [undo, what] of SPOILINGS) {
    const undone = undo(text);
    if (undone === text) continue;
    hint ??= what;
    text = undone;
    if (await accepts(text)) return hint;
  }
  return undefined;
}

/** Of a text in ASCII, every other byte is 0 in UTF-16. */
function encodingOf(bytes: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" {
  const pair = bytes.subarray(0, 2).join(" ");
  if (pair === "255 254" || bytes[1] === 0) return "utf-16le";
  return pair === "254 255" || bytes[0] === 0 ? "utf-16be" : "utf-8";
}
