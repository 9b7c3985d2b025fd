/**
 * What relays of a room say to each other beside the stream, a line each.
 *
 * | line                                | what                                              |
 * | ----------------------------------- | ------------------------------------------------- |
 * | `1 <run> <last> <members> <guests>` | this relay is here; `last` is its last entry      |
 * | `0 <run>`                           | this relay is about to stop                       |
 * | `? <run> <from> <to>`               | these entries are missing: publish them again     |
 * | `= <run>`                           | publish a list of your members                    |
 *
 * The relay that says it is the last word of the subject.
 *
 * @module
 */

/** A line. */
export type PresenceLine =
  | {
    readonly kind: "beat";
    readonly run: number;
    readonly last: number;
    readonly members: number;
    readonly guests: number;
  }
  | { readonly kind: "bye"; readonly run: number }
  | { readonly kind: "ask"; readonly run: number; readonly from: number; readonly to: number }
  | { readonly kind: "members"; readonly run: number };

const FORM = /^([10?=]) ([0-9a-f]{6})(?: ([0-9]{1,15}))?(?: ([0-9]{1,15}))?(?: ([0-9]{1,15}))?$/;
const KINDS = { "1": ["beat", 3], "0": ["bye", 0], "?": ["ask", 2], "=": ["members", 0] } as const;

/** Writes a line. */
export function formatPresence(line: PresenceLine): Uint8Array<ArrayBuffer> {
  const run = line.run.toString(16).padStart(6, "0");
  const text = line.kind === "beat"
    ? `1 ${run} ${line.last} ${line.members} ${line.guests}`
    : line.kind === "ask"
    ? `? ${run} ${line.from} ${line.to}`
    : `${line.kind === "bye" ? "0" : "="} ${run}`;
  return new TextEncoder().encode(text);
}

/**
 * Reads a line.
 *
 * @returns Undefined if no relay says that.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const line = { kind: "ask", run: 10, from: 3, to: 4 } as const;
 * assert.deepEqual(parsePresence(formatPresence(line)), line);
 * assert.equal(parsePresence(new TextEncoder().encode("? 00000a 3")), undefined);
 * ```
 */
export function parsePresence(bytes: Uint8Array): PresenceLine | undefined {
  const [, sign, hex, ...rest] = FORM.exec(new TextDecoder().decode(bytes)) ?? [];
  if (sign === undefined || hex === undefined) return undefined;
  const numbers = rest.filter((text) => text !== undefined).map(Number);
  const [kind, count] = KINDS[sign as keyof typeof KINDS];
  if (numbers.length !== count) return undefined;
  const run = parseInt(hex, 16);
  const [a, b, c] = numbers as [number, number, number];
  if (kind === "beat") return { kind, run, last: a, members: b, guests: c };
  if (kind === "ask") return { kind, run, from: a, to: b };
  return { kind, run };
}
