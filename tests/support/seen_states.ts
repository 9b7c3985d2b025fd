/**
 * What has been seen, for properties.
 *
 * @module
 */

import fc from "fast-check";
import { type SequenceWindow, windowKey } from "../../lib/protocol/sequence_window.ts";
import type { SeenRecords } from "../../lib/storage/seen_format.ts";

/** Sequence numbers looked at: windows of these properties end below. */
export const MAX_SEQUENCE = 40;

/** Whether a message was seen. */
export function hasSeen(window: SequenceWindow | undefined, sequence: number): boolean {
  return window !== undefined && sequence < window.next &&
    !window.missing.some(([from, to]) => from <= sequence && sequence <= to);
}

/** The sequence numbers that were seen. */
export function seenIn(window: SequenceWindow | undefined): Set<number> {
  const sequences = Array.from({ length: MAX_SEQUENCE }, (_, sequence) => sequence);
  return new Set(sequences.filter((sequence) => hasSeen(window, sequence)));
}

/** A window in which exactly these numbers were seen. */
export function windowOf(
  seen: ReadonlySet<number>,
  { id = ID, epoch = EPOCHS[0]!, seenAt = 0 } = {},
): SequenceWindow {
  const next = Math.max(-1, ...seen) + 1;
  const missing: [number, number][] = [];
  for (let sequence = 0; sequence < next; sequence++) {
    const last = missing.at(-1);
    if (seen.has(sequence)) continue;
    if (last?.[1] === sequence - 1) last[1] = sequence;
    else missing.push([sequence, sequence]);
  }
  return { id, epoch, next, missing, seenAt };
}

/** 32 bytes of 0x33. */
export const ID = `${"MzMz".repeat(10)}MzM`;
/** Epochs of 8 bytes. */
export const EPOCHS = ["AAAAAAAAAAA", "AAAAAAAAAAE", "AAAAAAAAAAI"];

const anyTime = fc.integer({ min: 0, max: 5 });
const anySeen = fc.uniqueArray(fc.integer({ min: 0, max: MAX_SEQUENCE - 1 }));

/** Any window. */
export const anyWindow: fc.Arbitrary<SequenceWindow> = fc.record({
  seen: anySeen,
  epoch: fc.constantFrom(...EPOCHS),
  seenAt: anyTime,
}).map(({ seen, epoch, seenAt }) => windowOf(new Set(seen), { epoch, seenAt }));

/** Any state with up to three windows. */
export const anyState: fc.Arbitrary<SeenRecords> = fc.record({
  newestTime: anyTime,
  floor: anyTime,
  windows: fc.uniqueArray(anyWindow, { selector: ({ epoch }) => epoch }).map((windows) =>
    new Map(windows.map((window) => [windowKey(window.id, window.epoch), window]))
  ),
  ownFloor: anyTime,
}, { noNullPrototype: true }).map(({ ownFloor, ...state }) => {
  const hasFloor = state.windows.size > 0 && ownFloor > 0;
  return { ...state, floors: new Map(hasFloor ? [[ID, ownFloor]] : []), isClosed: false };
});
