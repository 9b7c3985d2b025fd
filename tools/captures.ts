/**
 * Terminals as text that is the same whenever, wherever and with whatever keys they are captured.
 *
 * @module
 */

/**
 * Puts fixed values in place of what differs from run to run: times, ports, codes, numbers of keys.
 *
 * @param rows What is on a screen, and above it.
 * @returns As many rows.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(normalize(["[09:05] bob  hi"]), ["[12:34] bob  hi"]);
 * ```
 */
export function normalize(rows: readonly string[]): string[] {
  return rows.map((row) =>
    row
      .replace(/^(\[?)\d\d:\d\d(?=\]? )/, (_, bracket) => `${bracket}12:34`)
      .replace(/^—— .* ——$/, "—— Sunday, 1 August 2026 ——")
      .replace(/\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\]/g, "[2026-08-01 12:34:56]")
      .replace(/(?<=127\.0\.0\.1[: ])\d+/g, "5050")
      .replace(/\b\d{5}(?= \d{5}|$|;)/g, "12345")
      .replace(/(?<=minutes: )[a-z]+(?:-[a-z]+){3}$/, "acorn-cable-dwarf-ship")
      .replace(/answers in \d+ ms/, "answers in 1 ms")
  );
}
