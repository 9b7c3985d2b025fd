/**
 * Which messages have been seen in a room: the format of the file, and how what several clients of
 * one user have seen is joined.
 *
 * @module
 * @see docs/PROTOCOL.md, "Replay"
 */

import { parseBase64Url } from "../bytes/base64url.ts";
import { PUBLIC_KEY_BYTES } from "../crypto/ed25519.ts";
import { EPOCH_BYTES } from "../protocol/header.ts";
import { MAX_MISSING_RANGES } from "../protocol/limits.ts";
import {
  boundMissing,
  mergeWindows,
  type SequenceRange,
  type SequenceWindow,
  windowKey,
} from "../protocol/sequence_window.ts";
import { MAX_WINDOWS } from "./limits.ts";
import type { SharedFormat } from "./shared_file.ts";

/**
 * Writes a window on one line.
 *
 * @param window A window within the bound of {@linkcode boundMissing}.
 * @returns `<id> <epoch> <next> <seen at> <missing>`. The missing ranges are such as `3-3,5-9`, or
 * `-` if there are none.
 * @throws {RangeError} If a number is not a whole number from 0 to 2^53 - 1.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const missing: [number, number][] = [[1, 3]];
 * const window = { id: "a", epoch: "e", next: 5, missing, seenAt: 0 };
 * assert.equal(formatWindow(window), "a e 5 0 1-3");
 * ```
 */
export function formatWindow({ id, epoch, next, seenAt, missing }: SequenceWindow): string {
  const ranges = missing.map((range) => range.map(formatNumber).join("-")).join(",");
  return `${id} ${epoch} ${formatNumber(next)} ${formatNumber(seenAt)} ${ranges || "-"}`;
}

/**
 * Reads a window.
 *
 * @param line A line as {@linkcode formatWindow} returns it.
 * @throws {RangeError} If the line is anything else.
 */
export function parseWindow(line: string): SequenceWindow {
  const [id = "", epoch = "", next, seenAt, ranges, ...more] = line.split(" ");
  const isNamed = parseBase64Url(id, PUBLIC_KEY_BYTES) && parseBase64Url(epoch, EPOCH_BYTES);
  if (!isNamed || more.length > 0) {
    throw new RangeError("Cannot parse what was seen: a line is not a window");
  }
  const window = { id, epoch, next: parseNumber(next), seenAt: parseNumber(seenAt) };
  return { ...window, missing: parseRanges(ranges, window.next) };
}

/** Reads ranges that ascend, do not overlap, and end below `next`. */
function parseRanges(text: string | undefined, next: number): SequenceRange[] {
  if (text === "-") return [];
  let end = -1;
  const ranges = (text ?? "").split(",").map((range): SequenceRange => {
    const [from, to, ...more] = range.split("-");
    const parsed: SequenceRange = [parseNumber(from), parseNumber(to)];
    if (parsed[0] <= end || parsed[1] < parsed[0] || more.length > 0) {
      throw new RangeError("Cannot parse what was seen: ranges do not ascend");
    }
    end = parsed[1];
    return parsed;
  });
  if (end >= next || ranges.length > MAX_MISSING_RANGES) {
    throw new RangeError("Cannot parse what was seen: ranges above their bound");
  }
  return ranges;
}

/**
 * Writes a whole number from 0 to 2^53 - 1.
 *
 * @throws {RangeError} If the number is anything else, as it could not be read again.
 */
export function formatNumber(number: number): string {
  if (Number.isSafeInteger(number) && number >= 0) return String(number);
  throw new RangeError(`Cannot write what was seen: ${number} is not a whole number`);
}

/**
 * Reads a whole number from 0 to 2^53 - 1.
 *
 * @param text Decimal digits without leading zeros.
 * @throws {RangeError} If the text is anything else.
 */
export function parseNumber(text = ""): number {
  const number = Number(text);
  if (/^(?:0|[1-9]\d{0,15})$/.test(text) && Number.isSafeInteger(number)) return number;
  throw new RangeError("Cannot parse what was seen: not a whole number");
}

/** What has been seen in one room. */
export interface SeenState {
  /**
   * The newest Fernet time of all tokens that were seen, in whole unix seconds. After a start, a
   * plain token of this time or an older one is not live.
   */
  newestTime: number;
  /**
   * The newest time of all windows that were dropped, in whole unix seconds. A plain message of this
   * time or an older one is never live. The same holds for a signed message without a window.
   */
  floor: number;
  /** The windows, by their {@linkcode windowKey}. */
  windows: Map<string, SequenceWindow>;
}

/**
 * Joins what two clients have seen. A message that one of them has seen counts as seen.
 *
 * @returns A new state, within the bounds of {@linkcode boundSeen}. It shares nothing with `disk` and
 * `mine`, which are not changed.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const state = (next: number, missing: [number, number][]): SeenState => {
 *   const window = { id: "a", epoch: "e", next, missing, seenAt: 0 };
 *   return { newestTime: 0, floor: 0, windows: new Map([["a e", window]]) };
 * };
 * const merged = mergeSeen(state(5, [[1, 3]]), state(9, [[2, 2], [4, 6]]));
 * assert.deepEqual(merged, state(9, [[2, 2], [5, 6]]));
 * ```
 */
export function mergeSeen(disk: SeenState, mine: SeenState): SeenState {
  const windows = new Map<string, SequenceWindow>();
  for (const [key, window] of disk.windows) {
    const other = mine.windows.get(key);
    windows.set(key, mergeWindows(window, other ?? window));
  }
  for (const [key, window] of mine.windows) {
    if (!disk.windows.has(key)) windows.set(key, mergeWindows(window, window));
  }
  const merged = {
    newestTime: Math.max(disk.newestTime, mine.newestTime),
    floor: Math.max(disk.floor, mine.floor),
    windows,
  };
  boundSeen(merged);
  return merged;
}

/**
 * Holds a state to its bounds. This is cheap while the state is within them.
 *
 * Above `MAX_WINDOWS` windows, those that were used longest ago are dropped, and `floor` rises to
 * their time. Above `MAX_MISSING_RANGES` missing ranges of a window, the messages of the lowest
 * ranges count as seen.
 *
 * @param state Changed in place.
 */
export function boundSeen(state: SeenState): void {
  const { windows } = state;
  for (const window of windows.values()) boundMissing(window);
  if (windows.size <= MAX_WINDOWS) return;
  const oldestFirst = [...windows].sort(([a, { seenAt: aTime }], [b, { seenAt: bTime }]) =>
    aTime - bTime || (a < b ? -1 : 1)
  );
  for (const [key, { seenAt }] of oldestFirst.slice(0, windows.size - MAX_WINDOWS)) {
    windows.delete(key);
    state.floor = Math.max(state.floor, seenAt);
  }
}

/**
 * The format. The first line is `seen1 <newest time> <floor> <number of windows>`. Each further line
 * is a window, as `formatWindow()` writes it.
 *
 * If a file is damaged, no message of this moment or an older one is live any more.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(SEEN_FORMAT.format(SEEN_FORMAT.empty()), "seen1 0 0 0\n");
 * ```
 */
export const SEEN_FORMAT: SharedFormat<SeenState> = {
  empty: () => ({ newestTime: 0, floor: 0, windows: new Map() }),
  lost: () => {
    const now = Math.floor(Date.now() / 1000);
    return { newestTime: now, floor: now, windows: new Map() };
  },
  parse: parseSeen,
  format: formatSeen,
  merge: mergeSeen,
};

function formatSeen({ newestTime, floor, windows }: SeenState): string {
  const lines = Array.from(windows.values(), (window) => `${formatWindow(window)}\n`);
  return `seen1 ${formatNumber(newestTime)} ${formatNumber(floor)} ${windows.size}\n${
    lines.join("")
  }`;
}

function parseSeen(text: string): SeenState {
  const [head = "", ...lines] = text.split("\n");
  const [version, newestTime, floor, count, ...more] = head.split(" ");
  const windows = new Map<string, SequenceWindow>();
  for (const line of lines.slice(0, -1)) {
    const window = parseWindow(line);
    windows.set(windowKey(window.id, window.epoch), window);
  }
  // The count and the last line's end reveal a file that was cut off or has a window twice.
  const isWhole = windows.size === parseNumber(count) && windows.size === lines.length - 1 &&
    lines.at(-1) === "";
  if (version !== "seen1" || more.length > 0 || !isWhole || windows.size > MAX_WINDOWS) {
    throw new RangeError("Cannot parse what was seen: head and lines do not fit");
  }
  return { newestTime: parseNumber(newestTime), floor: parseNumber(floor), windows };
}
