/**
 * Entries of the stream: what a relay publishes, and what all relays of a room get in one order.
 *
 * An entry is a first line and, behind it, the token lines that the first line counts:
 *
 * ```text
 * 1 <relay> <run> <n> <part>,<part>...
 * ```
 *
 * The `1` is the number of this form: an entry in another one is refused, and told of. `run` is 24
 * random bits of this start of the relay, in hex. `n` counts its entries from 1. A connection is
 * written as its number at that relay, in base 36. A part is one of these:
 *
 * | part                       | what                                                  |
 * | -------------------------- | ----------------------------------------------------- |
 * | `m<conn>:<lines>:<bytes>`  | lines of a member; `f` if they are not for the backlog |
 * | `g<conn>:<lines>:<bytes>`  | lines of a guest; `h` if they are not for the backlog  |
 * | `+<conn>`, `-<conn>`       | a member has come, or is gone                         |
 * | `=<conn>.<conn>...`        | all members that the relay has                        |
 *
 * @module
 * @see docs/ARCHITECTURE.md, "One room on several relays"
 */

import { MAX_LINE_BYTES } from "../protocol/limits.ts";
import { findBase64UrlEnd, isToken } from "../protocol/wire.ts";
import type { PeerClass } from "../relay/watch/events.ts";
import { MAX_ENTRY_BYTES, MAX_LOCAL, MAX_MEMBERS, MAX_RUN } from "./limits.ts";

/** Lines of one connection, next to each other. */
export interface LinesPart {
  readonly kind: "lines";
  /** The number of the connection at its relay. */
  readonly local: number;
  readonly peerClass: PeerClass;
  /** Whether they are for the backlog. */
  readonly isKept: boolean;
  readonly lines: number;
  /** Whole token lines, each with its LF. */
  readonly bytes: Uint8Array;
}

/** A part of an entry. */
export type Part =
  | LinesPart
  | { readonly kind: "JOINED" | "GONE"; readonly local: number }
  | { readonly kind: "members"; readonly locals: readonly number[] };

/** What a relay has published at once. */
export interface Entry {
  /** Name of the relay. */
  readonly relay: string;
  /** Number of this start of the relay. */
  readonly run: number;
  /** Number of the entry, from 1. */
  readonly n: number;
  readonly parts: readonly Part[];
}

/** An entry that no relay writes. */
export class EntryError extends Error {
  override readonly name = "EntryError";
}

/** The byte that ends a line. */
const LF = 0x0a;
const DECODER = new TextDecoder();
/** The letter of lines, by class and by whether they are kept. */
const LETTERS = { member: { kept: "m", fleeting: "f" }, guest: { kept: "g", fleeting: "h" } };
/** What a relay of another version writes first: the number of its form. */
const OTHER_FORM = /^(?!1 )([1-9][0-9]{0,8}) /;
const HEADER = /^1 ([A-Za-z0-9_-]{1,32}) ([0-9a-f]{6}) ([1-9][0-9]{0,14}) (\S+)$/;
const LINES = /^([mfgh])([0-9a-z]{1,5}):([1-9][0-9]{0,6}):([1-9][0-9]{0,6})$/;
const ATTENDANCE = /^([+-])([0-9a-z]{1,5})$/;
const MEMBERS = /^=((?:[0-9a-z]{1,5}(?:\.[0-9a-z]{1,5})*)?)$/;

/** Writes an entry. */
export function formatEntry({ relay, run, n, parts }: Entry): Uint8Array<ArrayBuffer> {
  let header = `1 ${relay} ${run.toString(16).padStart(6, "0")} ${n} `;
  let length = 0;
  let comma = "";
  for (const part of parts) {
    header += `${comma}${formatPart(part)}`;
    length += lengthOf(part);
    comma = ",";
  }
  header += "\n";
  const bytes = new Uint8Array(header.length + length);
  // A header is ASCII, and mostly short: an encoder takes longer.
  let at = header.length;
  for (let i = 0; i < at; i++) bytes[i] = header.charCodeAt(i);
  for (const part of parts) {
    if (part.kind === "lines") bytes.set(part.bytes, at);
    at += lengthOf(part);
  }
  return bytes;
}

function lengthOf(part: Part): number {
  return part.kind === "lines" ? part.bytes.length : 0;
}

function formatPart(part: Part): string {
  switch (part.kind) {
    case "lines": {
      const letter = LETTERS[part.peerClass][part.isKept ? "kept" : "fleeting"];
      return `${letter}${part.local.toString(36)}:${part.lines}:${part.bytes.length}`;
    }
    case "JOINED":
      return `+${part.local.toString(36)}`;
    case "GONE":
      return `-${part.local.toString(36)}`;
    case "members":
      return `=${part.locals.map((local) => local.toString(36)).join(".")}`;
  }
}

/**
 * Reads an entry, and checks all of it: sums, and the form of each line.
 *
 * @param bytes The entry.
 * @returns The entry. Its lines are views of `bytes`.
 * @throws {EntryError} If a relay would not write it.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const parts = [{ kind: "JOINED", local: 35 }] as const;
 * const bytes = formatEntry({ relay: "a", run: 1, n: 1, parts });
 * assert.equal(new TextDecoder().decode(bytes), "1 a 000001 1 +z\n");
 * assert.deepEqual(parseEntry(bytes).parts, parts);
 * ```
 */
export function parseEntry(bytes: Uint8Array): Entry {
  if (bytes.length > MAX_ENTRY_BYTES) throw new EntryError("too long");
  const end = bytes.indexOf(LF);
  const first = DECODER.decode(bytes.subarray(0, Math.max(end, 0)));
  const header = HEADER.exec(first);
  if (!header) throw new EntryError(explainFirst(first));
  const [, relay, run, n, list] = header;
  const reader = { bytes, at: end + 1 };
  const parts = list!.split(",").map((text) => readPart(text, reader));
  if (reader.at !== bytes.length) throw new EntryError("sum of bytes");
  return { relay: relay!, run: parseInt(run!, 16), n: Number(n), parts };
}

/** Tells what is wrong with a first line. */
function explainFirst(line: string): string {
  const [, form] = OTHER_FORM.exec(line) ?? [];
  return form === undefined ? "first line" : `form ${form}, of another version of the relay`;
}

/** Tells whether two arrays are alike. */
export function isSame(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** The number of a connection for all relays. */
export function cidOf(run: number, local: number): number {
  return run * MAX_LOCAL + local;
}

/** Chooses the number of this start of a relay. */
export function chooseRun(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0]! % MAX_RUN;
}

function readPart(text: string, reader: { readonly bytes: Uint8Array; at: number }): Part {
  const [, letter, conn, lines, length] = LINES.exec(text) ?? [];
  if (letter !== undefined) {
    const from = reader.at;
    reader.at += Number(length);
    checkLines(reader.bytes, from, reader.at, Number(lines));
    const peerClass = letter === "m" || letter === "f" ? "member" : "guest";
    const isKept = letter === "m" || letter === "g";
    const bytes = reader.bytes.subarray(from, reader.at);
    return {
      ...{ kind: "lines", local: parseLocal(conn!), peerClass, isKept },
      ...{ lines: Number(lines), bytes },
    };
  }
  const [, sign, member] = ATTENDANCE.exec(text) ?? [];
  if (sign !== undefined) {
    return { kind: sign === "+" ? "JOINED" : "GONE", local: parseLocal(member!) };
  }
  const [, members] = MEMBERS.exec(text) ?? [];
  if (members === undefined) throw new EntryError("part");
  const locals = members === "" ? [] : members.split(".").map(parseLocal);
  if (locals.length > MAX_MEMBERS) throw new EntryError("too many members");
  return { kind: "members", locals };
}

function parseLocal(text: string): number {
  const local = parseInt(text, 36);
  if (local >= MAX_LOCAL || local.toString(36) !== text) throw new EntryError("connection");
  return local;
}

/** Checks that bytes are a given number of token lines. */
function checkLines(bytes: Uint8Array, from: number, to: number, lines: number): void {
  if (to > bytes.length) throw new EntryError("sum of bytes");
  let count = 0;
  for (let start = from; start < to; count++) {
    const base64End = findBase64UrlEnd(bytes, start);
    const end = bytes.indexOf(LF, base64End);
    if (end < 0 || end >= to || end - start > MAX_LINE_BYTES) throw new EntryError("line");
    if (!isToken(bytes, start, base64End, end)) throw new EntryError("line");
    start = end + 1;
  }
  if (count !== lines) throw new EntryError("sum of lines");
}
