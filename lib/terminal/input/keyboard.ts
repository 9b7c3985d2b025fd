/**
 * The keyboard: bytes in, events out, in the order in which they were typed.
 *
 * @module
 */

import type { Schedule } from "../../async/schedule.ts";
import type { CursorReported, Keypress, TextPasted, TextTyped } from "./input_events.ts";
import { InputDecoder } from "./input_decoder.ts";

/** Wait, in ms, after which a lone ESC is the Escape key: longer than a sequence takes to come. */
export const ESCAPE_TIMEOUT_MS = 50;
/** Wait, in ms, after which the end of a paste does not come any more. */
export const PASTE_TIMEOUT_MS = 1000;

/** What people do at a keyboard. */
export type TypedEvent = TextTyped | Keypress | TextPasted;

/** What {@linkcode readKeyboard} calls. */
export interface KeyboardListeners {
  /** Takes events; no more are read before it is done. */
  readonly onTyped: (events: readonly TypedEvent[]) => Promise<void>;
  /** Takes the terminal's answer to the question where its cursor is, at once. */
  readonly onCursor: (event: CursorReported) => void;
  readonly schedule: Schedule;
}

/**
 * Reads a keyboard to its end. What is unfinished for a while, an ESC alone or a paste without
 * its end mark, is taken as it is.
 *
 * @param input Bytes of the terminal, cut anywhere.
 * @param listeners What is called, and when.
 * @throws {Error} What `input` or `onTyped` throws.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { scheduleByTimer } from "../../async/schedule.ts";
 * async function* type() {
 *   yield new TextEncoder().encode("hi");
 * }
 * await readKeyboard(type(), {
 *   onTyped: async (events) => assert.deepEqual(events, [{ kind: "text", text: "hi" }]),
 *   onCursor: () => {},
 *   schedule: scheduleByTimer,
 * });
 * ```
 */
export async function readKeyboard(
  input: AsyncIterable<Uint8Array>,
  { onTyped, onCursor, schedule }: KeyboardListeners,
): Promise<void> {
  const decoder = new InputDecoder();
  // The events that the timer makes must not overtake events that are still handled.
  let handled = Promise.resolve();
  const hand = (events: ReturnType<InputDecoder["push"]>): Promise<void> => {
    const typed: TypedEvent[] = [];
    for (const event of events) {
      if (event.kind === "cursor") onCursor(event);
      else typed.push(event);
    }
    if (typed.length > 0) handled = handled.then(() => onTyped(typed));
    return handled;
  };
  let cancel = () => {};
  try {
    for await (const bytes of input) {
      cancel();
      await hand(decoder.push(bytes));
      if (!decoder.isWaiting) continue;
      const wait = decoder.isPasting ? PASTE_TIMEOUT_MS : ESCAPE_TIMEOUT_MS;
      cancel = schedule(() => void hand(decoder.flush()), wait);
    }
  } finally {
    cancel();
  }
  await handled;
}
