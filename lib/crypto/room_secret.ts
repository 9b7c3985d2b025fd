/**
 * The secret of a room, as it stands in `secret.key`: in the first form the 44 characters of a
 * Fernet key, in the second one line for each generation of keys, the newest first.
 *
 * A line is `room2.<root>.<generation>.<day>.<chain>.<mark>`. Behind the mark may stand a point and
 * `until-<unix seconds>`, or `unannounced`.
 *
 * @module
 * @see docs/PROTOCOL.md, "Keys that move on"
 */

import { formatBase64Url, parseBase64Url } from "../bytes/base64url.ts";
import { KEY_BYTES, parseKey } from "./key.ts";
import { CHAIN_BYTES, markChain } from "./key_chain.ts";

/**
 * Generations that a file holds: a room that moves on each day has three that are read. Of more,
 * which only a quarrel makes, the oldest are dropped.
 */
export const MAX_GENERATIONS = 8;
/** Longest line: a generation and a day of 9 digits each, a time of 15, and what is around them. */
const MAX_LINE_CHARS = 200;
/** Longest text of a room's secret, in characters, with CR LF behind each line. */
export const MAX_ROOM_SECRET_CHARS = MAX_GENERATIONS * (MAX_LINE_CHARS + 2);
/** Bytes of a generation's mark. */
export const MARK_BYTES = 32;

const PREFIX = "room2";
const NUMBER = /^(?:0|[1-9][0-9]{0,8})$/;
const STATE = /^(?:unannounced|until-(0|[1-9][0-9]{0,14}))$/;

/** One generation of a room's keys. */
export interface Generation {
  /** 0 for the first form, which has one key for all days. Else the number of the rotation. */
  readonly number: number;
  /** The day of `chain`, in days since 1970; 0 for the first form. */
  readonly day: number;
  /** 32 bytes: the chain's value of that day; of the first form, the root. */
  readonly chain: Uint8Array<ArrayBuffer>;
  /** SHA-256 of the generation's first value, 32 bytes: what tells it from all others. */
  readonly mark: Uint8Array<ArrayBuffer>;
  /** Until when it is read, in unix seconds; undefined for the one that is written under. */
  readonly until?: number;
  /** Whether its rotation is still to be told to the others. */
  readonly isUnannounced?: boolean;
}

/** All that a member knows of a room's keys. */
export interface RoomSecret {
  /** 32 bytes that never change: who is admitted where is derived from them. */
  readonly root: Uint8Array<ArrayBuffer>;
  /** The newest first: that one is written under. There is always one. */
  readonly generations: readonly [Generation, ...Generation[]];
}

/**
 * Takes the key of a room of the first form for what it is: the root, and generation 0.
 *
 * @param root The 32 bytes of the key. They are not copied.
 */
export async function firstForm(root: Uint8Array<ArrayBuffer>): Promise<RoomSecret> {
  return { root, generations: [{ number: 0, day: 0, chain: root, mark: await markChain(root) }] };
}

/** Tells whether a room has never moved on. */
export function isFirstForm({ generations: [newest] }: RoomSecret): boolean {
  return newest.number === 0;
}

/**
 * Reads the text of a room's secret, of either form.
 *
 * @param text The content of the key file. It may lack the last line's ending.
 * @throws {TypeError | RangeError} If it is anything else. The text is in no message.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const text = "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=";
 * assert.equal(formatRoomSecret(await parseRoomSecret(text)), text);
 * ```
 */
export async function parseRoomSecret(text: string): Promise<RoomSecret> {
  const lines = text.replace(/\r?\n$/, "").split(/\r?\n/);
  if (!isMovingOn(text)) return await firstForm(parseKey(lines.join("\n")));
  if (lines.length > MAX_GENERATIONS) {
    throw new RangeError(`Cannot parse key: more than ${MAX_GENERATIONS} generations`);
  }
  const parsed = await Promise.all(lines.map(parseLine));
  const [{ root }] = parsed as [ParsedLine];
  const generations = parsed.map(({ generation }) => generation) as [Generation];
  const isOneRoom = parsed.every((each) => isSame(each.root, root));
  // The first form has a text of its own, so that every secret has one text.
  const isOrdered = generations[0].number > 0 && generations.every((each, i) => {
    return i === 0 ? each.until === undefined : isBefore(generations[i - 1]!, each);
  });
  const isOver = generations.slice(1).every(({ until }) => until !== undefined);
  if (!isOneRoom || !isOrdered || !isOver) {
    throw new TypeError("Cannot parse key: its lines do not belong together");
  }
  return { root, generations };
}

/**
 * Writes a room's secret.
 *
 * @returns The 44 characters of the first form without an ending; else lines, each with its LF.
 * @throws {RangeError} If a generation's number has more than nine digits.
 */
export function formatRoomSecret(secret: RoomSecret): string {
  const root = formatBase64Url(secret.root);
  if (isFirstForm(secret)) return `${root}=`;
  return secret.generations.map(({ number, day, chain, mark, until, isUnannounced }) => {
    if (!NUMBER.test(`${number}`)) throw new RangeError("Cannot format key: too many rotations");
    const state = until !== undefined ? `.until-${until}` : isUnannounced ? ".unannounced" : "";
    const values = [formatBase64Url(chain), formatBase64Url(mark)].join(".");
    return `${PREFIX}.${root}.${number}.${day}.${values}${state}\n`;
  }).join("");
}

/**
 * Tells which of two generations is written under: the one of the higher number, and of two of one
 * number the one of the higher mark.
 */
export function isBefore(a: GenerationName, b: GenerationName): boolean {
  if (a.number !== b.number) return a.number > b.number;
  const i = a.mark.findIndex((byte, index) => byte !== b.mark[index]);
  return i >= 0 && a.mark[i]! > b.mark[i]!;
}

/** What tells a generation from all others. */
export type GenerationName = Pick<Generation, "number" | "mark">;

/** Tells whether two names are of one generation. */
export function isSameGeneration(a: GenerationName, b: GenerationName): boolean {
  return a.number === b.number && isSame(a.mark, b.mark);
}

/** Tells whether the text of a secret, which is valid, is of the second form. */
export function isMovingOn(text: string): boolean {
  return text.startsWith(`${PREFIX}.`);
}

/** Spells the names of all generations, to be compared. */
export function spellNames({ generations }: RoomSecret): string {
  return generations.map(({ number, mark }) => `${number} ${formatBase64Url(mark)}`).join(" ");
}

/** Tells whether two secrets are of one room. */
export function isSameRoom(a: RoomSecret, b: RoomSecret): boolean {
  return isSame(a.root, b.root);
}

/** Overwrites the values in memory. The secret is of no use afterwards. */
export function wipeSecret({ root, generations }: RoomSecret): void {
  root.fill(0);
  for (const { chain } of generations) chain.fill(0);
}

interface ParsedLine {
  readonly root: Uint8Array<ArrayBuffer>;
  readonly generation: Generation;
}

async function parseLine(line: string): Promise<ParsedLine> {
  const [prefix, rootText = "", ...rest] = line.split(".");
  const [number = "", day = "", chainText = "", markText = "", state, ...more] = rest;
  const root = parseBase64Url(rootText, KEY_BYTES);
  const chain = parseBase64Url(chainText, CHAIN_BYTES);
  const mark = parseBase64Url(markText, MARK_BYTES);
  const [isState, until] = state === undefined ? [true] : STATE.exec(state) ?? [];
  const isForm = prefix === PREFIX && NUMBER.test(number) && NUMBER.test(day) && isState;
  if (!isForm || more.length > 0 || !root || !chain || !mark) {
    throw new TypeError("Cannot parse key: not room2.<root>.<generation>.<day>.<chain>.<mark>");
  }
  const generation = { number: Number(number), day: Number(day), chain, mark };
  if (generation.number === 0) {
    const [first] = (await firstForm(root)).generations;
    const isFirst = generation.day === 0 && isSame(chain, root) && isSame(mark, first.mark);
    if (!isFirst) throw new TypeError("Cannot parse key: generation 0 is not of the first form");
  }
  if (until !== undefined) return { root, generation: { ...generation, until: Number(until) } };
  const isUnannounced = state !== undefined;
  return { root, generation: isUnannounced ? { ...generation, isUnannounced } : generation };
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
