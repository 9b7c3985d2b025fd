/**
 * The file of which messages have been seen in a room. It is a log: a window that changes is added
 * once more at the end.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "Files on disk"
 */

import { MAX_MISSING_RANGES } from "../protocol/limits.ts";
import { type SequenceRange, type SequenceWindow, windowKey } from "../protocol/sequence_window.ts";

/** A whole number without leading zeros. */
const NUMBER = "(?:0|[1-9]\\d{0,15})";
/** 32 and 8 bytes in base64url: the last character has no bits that are left over. */
const ID = "[\\w-]{42}[AEIMQUYcgkosw048]";
const EPOCH = "[\\w-]{10}[AEIMQUYcgkosw048]";
const RANGE = `${NUMBER}-${NUMBER}`;
const WINDOW = `${EPOCH} ${NUMBER} ${NUMBER} (?:-|${RANGE}(?:,${RANGE})*)`;
const LINE = RegExp(`^(?:seen2 ${NUMBER} ${NUMBER}|${ID} (?:${WINDOW}|${NUMBER}))$`);
const OLD_HEAD = RegExp(`^seen1 ${NUMBER} ${NUMBER} ${NUMBER}$`);

/** What a file tells. */
export interface SeenRecords {
  /** The newest Fernet time of all tokens that were seen, in unix seconds. */
  newestTime: number;
  /** The time up to which messages without a window may have been seen, in unix seconds. */
  floor: number;
  /** The windows, by their {@linkcode windowKey}. */
  readonly windows: Map<string, SequenceWindow>;
  /** The same as `floor`, for the messages of one author alone; by the author's key. */
  readonly floors: Map<string, number>;
  /** Whether nothing can be added to the file: its last line was cut off, or it is of version 0.1.0. */
  readonly isClosed: boolean;
}

/**
 * Reads a file. A last line that was cut off is left out.
 *
 * A file of version 0.1.0 begins with `seen1`. It is no log, and says how many windows it has.
 *
 * @param text The whole file.
 * @throws {RangeError} If the file is damaged.
 */
export function parseSeen(text: string): SeenRecords {
  const lines = text.split("\n");
  const isCut = lines.pop() !== "";
  const head = lines[0] ?? "";
  const isOld = OLD_HEAD.test(head);
  const isClosed = isOld || isCut;
  const records = { newestTime: 0, floor: 0, windows: new Map(), floors: new Map(), isClosed };
  if (!isOld && !head.startsWith("seen2 ")) throw damage("it has no head");
  for (let i = isOld ? 1 : 0; i < lines.length; i++) readLine(lines[i]!, records);
  if (!isOld) return records;
  const [, newestTime, floor, count] = head.split(" ");
  // A file of version 0.1.0 that was cut off has another number of windows.
  if (records.windows.size !== parseNumber(count!) || isCut) {
    throw damage("head and lines do not fit");
  }
  records.newestTime = parseNumber(newestTime!);
  records.floor = parseNumber(floor!);
  return records;
}

/** A client reads thousands of lines before it starts, so that each is looked at as a whole. */
function readLine(line: string, records: SeenRecords): void {
  if (!LINE.test(line)) throw damage("a line is none of this program");
  const [first, second, third, fourth, gaps] = line.split(" ") as [
    string,
    string,
    string?,
    string?,
    string?,
  ];
  if (gaps !== undefined) {
    const next = parseNumber(third!);
    const missing = gaps === "-" ? [] : parseRanges(gaps, next);
    const window = { id: first, epoch: second, next, missing, seenAt: parseNumber(fourth!) };
    records.windows.set(windowKey(first, second), window);
  } else if (third !== undefined) {
    records.newestTime = parseNumber(second);
    records.floor = parseNumber(third);
  } else records.floors.set(first, parseNumber(second));
}

/** Reads ranges that ascend, do not overlap, and end below `next`. */
function parseRanges(text: string, next: number): SequenceRange[] {
  let end = -1;
  const ranges: SequenceRange[] = [];
  for (const range of text.split(",")) {
    const dash = range.indexOf("-");
    const [from, to] = [parseNumber(range.slice(0, dash)), parseNumber(range.slice(dash + 1))];
    if (from <= end || to < from) throw damage("ranges do not ascend");
    end = to;
    ranges.push([from, to]);
  }
  if (end >= next || ranges.length > MAX_MISSING_RANGES) throw damage("ranges above their bound");
  return ranges;
}

function parseNumber(digits: string): number {
  const number = Number(digits);
  if (!Number.isSafeInteger(number)) throw damage("a number is too large");
  return number;
}

function damage(reason: string): RangeError {
  return new RangeError(`Cannot parse what was seen: ${reason}`);
}

/**
 * Writes the line that comes first, and again whenever it changes.
 *
 * @throws {RangeError} If a number is not a whole number from 0 to 2^53 - 1, as in all these lines.
 */
export function formatHead(newestTime: number, floor: number): string {
  return `seen2 ${formatNumber(newestTime)} ${formatNumber(floor)}\n`;
}

/**
 * Writes a window.
 *
 * @returns `<id> <epoch> <next> <seen at> <missing>`. The missing ranges are such as `3-3,5-9`, or
 * `-` if there are none.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const missing: [number, number][] = [[1, 3]];
 * const window = { id: "a", epoch: "e", next: 5, missing, seenAt: 0 };
 * assert.equal(formatWindow(window), "a e 5 0 1-3\n");
 * ```
 */
export function formatWindow({ id, epoch, next, seenAt, missing }: SequenceWindow): string {
  const ranges = missing.map((range) => range.map(formatNumber).join("-")).join(",");
  return `${id} ${epoch} ${formatNumber(next)} ${formatNumber(seenAt)} ${ranges || "-"}\n`;
}

/** Writes up to which time the messages of an author without a window may have been seen. */
export function formatFloor(id: string, floor: number): string {
  return `${id} ${formatNumber(floor)}\n`;
}

function formatNumber(number: number): string {
  if (Number.isSafeInteger(number) && number >= 0) return String(number);
  throw new RangeError(`Cannot write what was seen: ${number} is not a whole number`);
}
