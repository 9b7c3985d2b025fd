/**
 * What comes out of the keyboard, whatever terminal it is.
 *
 * @module
 */

/** A run of printable text, as it was typed; no control characters. */
export interface TextTyped {
  readonly kind: "text";
  readonly text: string;
  /** Set if some of its bytes were not UTF-8: U+FFFD stands for them. */
  readonly isBroken?: true;
}

/** A key of the keyboard that is not text. */
export interface Keypress {
  readonly kind: "keypress";
  /**
   * `enter`, `tab`, `backspace`, `delete`, `insert`, `escape`, `space`, `up`, `down`, `left`,
   * `right`, `home`, `end`, `pageup`, `pagedown`, or with `ctrl` or `alt` a printable ASCII
   * character, letters in lower case.
   */
  readonly name: string;
  readonly ctrl: boolean;
  readonly alt: boolean;
  readonly shift: boolean;
}

/** What was pasted, with line breaks as LF; it may hold control characters. */
export interface TextPasted {
  readonly kind: "paste";
  readonly text: string;
  /** False if its end never came; false and no text if it was over `MAX_PASTE_BYTES`. */
  readonly isWhole: boolean;
  /** As in {@linkcode TextTyped}. */
  readonly isBroken?: true;
}

/** Where the cursor is: the terminal's answer to `CSI 6 n`, counted from 1. */
export interface CursorReported {
  readonly kind: "cursor";
  readonly row: number;
  readonly column: number;
}

/** Anything that a terminal sends. */
export type TtyEvent = TextTyped | Keypress | TextPasted | CursorReported;

/** The keys that are held down with another. */
export interface Modifiers {
  readonly ctrl?: boolean;
  readonly alt?: boolean;
  readonly shift?: boolean;
}

/**
 * Makes the event of a key.
 *
 * @param name As {@linkcode Keypress} names it.
 * @param modifiers Held down with it; none unless said.
 * @returns The event.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const left = { kind: "keypress", name: "left", ctrl: true, alt: false, shift: false };
 * assert.deepEqual(pressed("left", { ctrl: true }), left);
 * ```
 */
export function pressed(name: string, modifiers: Modifiers = {}): Keypress {
  const { ctrl = false, alt = false, shift = false } = modifiers;
  return { kind: "keypress", name, ctrl, alt, shift };
}
