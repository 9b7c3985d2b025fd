/**
 * How pins are written, read, and joined when several clients made them.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "Files on disk"
 */

import { parseBase64Url } from "../bytes/base64url.ts";
import { PUBLIC_KEY_BYTES } from "../crypto/ed25519.ts";
import { MAX_PINS } from "./limits.ts";
import type { SharedFormat } from "./shared_file.ts";

/** The key that a nickname is expected to have. */
export interface Pin {
  /** Public key in base64url, 43 characters. */
  readonly id: string;
  /** When the user accepted it, in unix ms; 0 if it was the first that was seen. */
  readonly trustedAt: number;
}

/** Pins by folded nickname, in the order in which they were made. */
export type PinTable = Map<string, Pin>;

/**
 * The file: `pins1 <number of pins>`, then one pin a line as a JSON array of folded nickname, key
 * and time of trust.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const id = "A".repeat(43);
 * const text = PIN_FORMAT.format(new Map([["alice", { id, trustedAt: 0 }]]));
 * assert.equal(text, `pins1 1\n["alice","${id}",0]\n`);
 * ```
 */
export const PIN_FORMAT: SharedFormat<PinTable> = {
  empty: () => new Map(),
  parse: parsePins,
  format: formatPins,
  merge: mergePins,
};

/**
 * Drops pins above the bound: the newest that nobody asked for, so that a flood of names cannot
 * push out those that were there before.
 *
 * @param pins Changed in place.
 * @example
 * ```ts
 * boundPins(new Map());
 * ```
 */
export function boundPins(pins: PinTable): void {
  if (pins.size <= MAX_PINS) return;
  const names = [...pins.keys()].reverse();
  const unasked = names.filter((name) => pins.get(name)!.trustedAt === 0);
  const trusted = names.filter((name) => pins.get(name)!.trustedAt > 0);
  for (const name of [...unasked, ...trusted].slice(0, pins.size - MAX_PINS)) pins.delete(name);
}

/** The later trust wins; without any, the pin on disk, which was there first. */
function mergePins(disk: PinTable, mine: PinTable): PinTable {
  const merged = new Map(disk);
  for (const [name, pin] of mine) {
    const other = merged.get(name);
    if (!other || pin.trustedAt > other.trustedAt) merged.set(name, pin);
  }
  boundPins(merged);
  return merged;
}

function formatPins(pins: PinTable): string {
  const lines = Array.from(pins, ([name, pin]) => `${formatPin(name, pin)}\n`);
  return `pins1 ${pins.size}\n${lines.join("")}`;
}

function formatPin(name: string, { id, trustedAt }: Pin): string {
  return JSON.stringify([name, id, trustedAt]);
}

function parsePins(text: string): PinTable {
  const [head, ...lines] = text.split("\n");
  const pins: PinTable = new Map(lines.slice(0, -1).map(parsePin));
  // The count and the last line's end tell a file that was cut off or has a name twice.
  if (head !== `pins1 ${pins.size}` || pins.size !== lines.length - 1 || lines.at(-1) !== "") {
    throw new RangeError("Cannot parse pins: head and lines do not fit");
  }
  if (pins.size > MAX_PINS) throw new RangeError("Cannot parse pins: too many");
  return pins;
}

function parsePin(line: string): [string, Pin] {
  const [name, id, trustedAt] = JSON.parse(line);
  const isValid = typeof name === "string" && typeof id === "string" &&
    parseBase64Url(id, PUBLIC_KEY_BYTES) && Number.isSafeInteger(trustedAt) && trustedAt >= 0;
  // Only one spelling of each pin: what else is in the line is not from here.
  if (!isValid || formatPin(name, { id, trustedAt }) !== line) {
    throw new RangeError("Cannot parse pins: a line is not a pin");
  }
  return [name, { id, trustedAt }];
}
