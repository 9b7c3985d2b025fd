/**
 * Codes that the camera of another machine reads. The library that makes them is loaded when one is
 * drawn.
 *
 * @module
 */

/** Light modules around a code: readers look for some. */
const BORDER_MODULES = 2;
/** White on black, whatever the colours of the terminal are. */
const [LIGHT_ON_DARK, PLAIN] = ["\x1b[97;40m", "\x1b[0m"];

/**
 * Draws a QR code with half blocks, two modules one above the other in each.
 *
 * @param text What it says.
 * @param columns Columns that there are.
 * @param hasColor Whether colours may be set. Without, the code is right on a dark background, and
 * its negative on a light one.
 * @returns Lines without LF. The number of columns that it needs if there are fewer.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(await drawQrCode("chatroom://[::1]:5050", 20, false), 29);
 * ```
 */
export async function drawQrCode(
  text: string,
  columns: number,
  hasColor: boolean,
): Promise<readonly string[] | number> {
  const { renderUnicodeCompact } = await loadLibrary();
  const lines = renderUnicodeCompact(text, { border: BORDER_MODULES }).split("\n");
  const width = lines[0]!.length;
  if (width > columns) return width;
  return hasColor ? lines.map((line) => `${LIGHT_ON_DARK}${line}${PLAIN}`) : lines;
}

/** The name is no literal, so that a client that draws nothing does not even look for the library. */
async function loadLibrary(): Promise<typeof import("uqr")> {
  const name: string = "uqr";
  return await import(name);
}

/** Columns of the terminal that standard error goes to; undefined if it goes elsewhere. */
export function countColumns(): number | undefined {
  if (!Deno.stderr.isTerminal()) return undefined;
  try {
    return Deno.consoleSize().columns;
  } catch {
    return undefined; // The terminal is gone.
  }
}
