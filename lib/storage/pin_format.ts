/**
 * The format of the file of pins, and how the pins of several clients are joined.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "Files on disk"
 */

import { parseBase64Url } from "../bytes/base64url.ts";
import { PUBLIC_KEY_BYTES } from "../crypto/ed25519.ts";
import { MAX_PINS } from "./limits.ts";
import type { SharedFormat } from "./shared_file.ts";

/** A pin whose name needs no escapes, as nearly all are: thousands are read before a client starts. */
const PLAIN_PIN = /\["([^"\\\p{Cc}]*)","([\w-]{42}[AEIMQUYcgkosw048])",(0|[1-9]\d{0,14})\]\n/u;

/** The key that belongs to a nickname. */
export interface Pin {
  /** Public key in base64url, 43 characters. */
  readonly id: string;
  /** When the user accepted the key, in unix ms. 0 if the key was the first that was seen. */
  readonly trustedAt: number;
}

/** Pins by folded nickname, in the order in which they were made. */
export type PinTable = Map<string, Pin>;

/**
 * The format. The first line is `pins1 <number of pins>`. Each further line is a pin: a JSON array
 * of folded nickname, key and `trustedAt`.
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
 * Drops pins above the bound. Pins that the user did not accept go first, the newest of them first:
 * a flood of names cannot push out the pins that were there before.
 *
 * @param pins Changed in place.
 */
export function boundPins(pins: PinTable): void {
  if (pins.size <= MAX_PINS) return;
  const names = [...pins.keys()].reverse();
  const unasked = names.filter((name) => pins.get(name)!.trustedAt === 0);
  const trusted = names.filter((name) => pins.get(name)!.trustedAt > 0);
  for (const name of [...unasked, ...trusted].slice(0, pins.size - MAX_PINS)) pins.delete(name);
}

/** Joins two tables. Of two pins of a name, the one that was trusted later holds, else the disk's. */
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
  const head = text.slice(0, text.indexOf("\n") + 1);
  const pins: PinTable = new Map();
  const plain = RegExp(PLAIN_PIN, "uy");
  let count = 0;
  for (let at = head.length; at < text.length; count++) {
    plain.lastIndex = at;
    const found = plain.exec(text);
    const end = found ? plain.lastIndex : text.indexOf("\n", at) + 1;
    // The last line's end and the count reveal a file that was cut off or has a name twice.
    if (end === 0) throw new RangeError("Cannot parse pins: a line has no end");
    if (found) pins.set(found[1]!, { id: found[2]!, trustedAt: Number(found[3]) });
    else pins.set(...parsePin(text.slice(at, end - 1)));
    at = end;
  }
  if (head !== `pins1 ${pins.size}\n` || pins.size !== count) {
    throw new RangeError("Cannot parse pins: head and lines do not fit");
  }
  // An older version may have kept more.
  boundPins(pins);
  return pins;
}

function parsePin(line: string): [string, Pin] {
  const [name, id, trustedAt] = JSON.parse(line);
  const isValid = typeof name === "string" && typeof id === "string" &&
    parseBase64Url(id, PUBLIC_KEY_BYTES) && Number.isSafeInteger(trustedAt) && trustedAt >= 0;
  // formatPin() spells each pin in one way. A line of another spelling is not from this program.
  if (!isValid || formatPin(name, { id, trustedAt }) !== line) {
    throw new RangeError("Cannot parse pins: a line is not a pin");
  }
  return [name, { id, trustedAt }];
}
