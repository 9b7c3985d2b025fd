/**
 * Names of files that strangers choose.
 *
 * @module
 */

/** Longest name of a file, in bytes of UTF-8: there is room for a number, and for a part's ending. */
export const MAX_FILE_NAME_BYTES = 200;
/** Longest ending that is kept where a name is too long, in bytes, its dot included. */
const MAX_EXTENSION_BYTES = 20;
/** The name of a file that has none. */
const NAMELESS = "file";

/** What Windows takes for a device, whatever ending it has. */
const RESERVED = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?=$|[ .])/i;
/** What no name has: invisible and unassigned characters, and what some system means otherwise. */
const FORBIDDEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
const AWKWARD = /[<>:"|?*\uFFFD]/g;

/**
 * Makes the name of a file safe: to show, and to have in a directory of any system.
 *
 * - Only what stands behind the last slash or backslash counts.
 * - Invisible characters go. What some system forbids becomes `_`.
 * - A dot, a dash, a tilde or a space does not begin it, and neither a dot nor a space ends it.
 * - No name of a device of Windows, and none that this client gives to unfinished files.
 * - 200 bytes at most. The ending stays, if it is short.
 *
 * @param name Any text.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const names = ["../../x", "/etc/passwd", ".bashrc", "CON.txt", "a\0b", "-rf", ".."];
 * assert.deepEqual(
 *   names.map(safeFileName),
 *   ["x", "passwd", "_bashrc", "_CON.txt", "ab", "_rf", "_"],
 * );
 * ```
 */
export function safeFileName(name: string): string {
  const base = name.toWellFormed().normalize("NFC").split(/[/\\]/).at(-1)!;
  const visible = base.replace(FORBIDDEN, "").replace(AWKWARD, "_").replace(/\s/gu, " ").trim();
  const plain = visible.replace(/^[.\-~ ]+/, "_").replace(/[. ]+$/, "");
  const short = shorten(plain === "" ? NAMELESS : plain);
  const known = short.replace(RESERVED, "_$&");
  return /\.part(?:\.json)?$/i.test(known) ? `${known}_` : known;
}

/**
 * Puts a number behind a name, in front of its ending.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(numberFileName("a.tar.gz", 2), "a.tar (2).gz");
 * ```
 */
export function numberFileName(name: string, number: number): string {
  const { stem, extension } = split(name);
  return `${stem} (${number})${extension}`;
}

function shorten(name: string): string {
  if (lengthOf(name) <= MAX_FILE_NAME_BYTES) return name;
  const { stem, extension } = split(name);
  const kept = lengthOf(extension) <= MAX_EXTENSION_BYTES ? extension : "";
  let short = "";
  for (const char of kept === "" ? name : stem) {
    if (lengthOf(short + char + kept) > MAX_FILE_NAME_BYTES) break;
    short += char;
  }
  return short.trimEnd() + kept;
}

function split(name: string): { readonly stem: string; readonly extension: string } {
  const dot = name.lastIndexOf(".");
  const at = dot > 0 ? dot : name.length;
  return { stem: name.slice(0, at), extension: name.slice(at) };
}

function lengthOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
