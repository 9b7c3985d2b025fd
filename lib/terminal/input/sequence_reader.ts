/**
 * Escape sequences: what comes after an ESC, up to the byte that ends it.
 *
 * @module
 * @see https://vt100.net/emu/dec_ansi_parser
 */

import { pressed, type TtyEvent } from "./input_events.ts";
import { nameApplicationSequence, nameControl, nameControlSequence } from "./keypress_sequences.ts";

/** Longest escape sequence that is looked at, in bytes; a longer one is swallowed. */
export const MAX_SEQUENCE_BYTES = 64;

/** The bytes that begin and end sequences, or break them off. */
const BEL = 0x07;
const ESC = 0x1b;
const SPACE = 0x20;
const DEL = 0x7f;
const PASTE_START = "200~";
/** Bytes after a bare `CSI M`: a mouse report of the oldest kind. */
const MOUSE_BYTES = 3;

/**
 * - `escape`, `escape2`: after ESC, and after two;
 * - `csi`, `ss3`: in a sequence that may be a key;
 * - `string`, `string-escape`: in a control string, which is never one;
 * - `swallow`: before bytes that belong to a sequence without saying so.
 */
type State = "escape" | "escape2" | "csi" | "ss3" | "string" | "string-escape" | "swallow";

/**
 * What a byte was:
 *
 * - `more`: part of the sequence, which goes on;
 * - `end`: its last byte;
 * - `paste`: its last byte, and a paste begins behind it;
 * - `other`: no part of it. The sequence is over, and the byte is to be read as if there were none.
 */
export type Step = "more" | "end" | "paste" | "other";

/**
 * Reads one escape sequence after the other, byte by byte.
 *
 * Sequences that are unknown, broken or too long are swallowed whole. Memory is bounded by
 * `MAX_SEQUENCE_BYTES`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { type TtyEvent, pressed } from "./input_events.ts";
 * const events: TtyEvent[] = [];
 * const reader = new SequenceReader((event) => events.push(event));
 * reader.begin();
 * const steps = [..."[1;5C"].map((character) => reader.step(character.charCodeAt(0)));
 * assert.deepEqual(steps, ["more", "more", "more", "more", "end"]);
 * assert.deepEqual(events, [pressed("right", { ctrl: true })]);
 * ```
 */
export class SequenceReader {
  readonly #onEvent: (event: TtyEvent) => void;
  #state: State = "escape";
  /** What a sequence has after its introducer; `undefined` once it is too long. */
  #body: string | undefined = "";
  #hasAlt = false;
  #bytesToSwallow = 0;

  /** @param onEvent Told of each key. */
  constructor(onEvent: (event: TtyEvent) => void) {
    this.#onEvent = onEvent;
  }

  /** Begins a sequence: an ESC was read. */
  begin(): void {
    this.#state = "escape";
  }

  /** Takes the next byte. */
  step(byte: number): Step {
    switch (this.#state) {
      case "escape":
      case "escape2":
        return this.#afterEscape(byte);
      case "csi":
        return this.#inControlSequence(byte);
      case "ss3":
        return this.#inApplicationSequence(byte);
      case "string":
      case "string-escape":
        return this.#inString(byte);
      case "swallow":
        if (byte < SPACE) return "other";
        return --this.#bytesToSwallow === 0 ? "end" : "more";
    }
  }

  /** Ends it where it is: an ESC alone is the key, and the beginning of a sequence is nothing. */
  flush(): void {
    if (this.#state === "escape2") this.#onEvent(pressed("escape"));
    if (this.#state === "escape" || this.#state === "escape2") this.#onEvent(pressed("escape"));
  }

  #afterEscape(byte: number): Step {
    const character = String.fromCharCode(byte);
    const isSecond = this.#state === "escape2";
    if (character === "[" || character === "O") {
      this.#state = character === "[" ? "csi" : "ss3";
      this.#body = "";
      this.#hasAlt = isSecond;
      return "more";
    }
    if (isSecond) this.#onEvent(pressed("escape"));
    if (byte === ESC) {
      this.#state = "escape2";
      return "more";
    }
    if ("P]X^_".includes(character)) {
      this.#state = "string";
      return "more";
    }
    return this.#afterAlt(byte, character);
  }

  #afterAlt(byte: number, character: string): Step {
    if (byte > DEL) {
      // Beyond ASCII there is nothing to bind: the key was Escape, and then a letter.
      this.#onEvent(pressed("escape"));
      return "other";
    }
    if (byte < SPACE || byte === DEL) return this.#end(nameControl(byte, true));
    if (byte === SPACE) return this.#end(pressed("space", { alt: true }));
    const shift = /[A-Z]/.test(character);
    return this.#end(pressed(character.toLowerCase(), { alt: true, shift }));
  }

  #inControlSequence(byte: number): Step {
    if (byte < SPACE || byte >= DEL) return "other";
    const isFirst = this.#body === "";
    this.#append(byte);
    // rxvt ends a key with `$`, which begins the end of other sequences.
    const isShifted = byte === 0x24 && /^\d+\$$/.test(this.#body ?? "");
    if (byte < 0x40 && !isShifted) return "more";
    if (this.#body === PASTE_START) return "paste";
    if (isFirst && byte === 0x4d) return this.#swallow(MOUSE_BYTES);
    // The function keys of the Linux console.
    if (isFirst && byte === 0x5b) return this.#swallow(1);
    return this.#end(this.#body && nameControlSequence(this.#body, this.#hasAlt));
  }

  #inApplicationSequence(byte: number): Step {
    if (byte < SPACE || byte >= DEL) return "other";
    this.#append(byte);
    if (byte >= 0x30 && byte <= 0x3b) return "more";
    return this.#end(this.#body && nameApplicationSequence(this.#body, this.#hasAlt));
  }

  #inString(byte: number): Step {
    if (this.#state === "string-escape") {
      if (byte === 0x5c) return "end";
      this.#state = "escape";
      return this.#afterEscape(byte);
    }
    if (byte === BEL) return "end";
    if (byte === ESC) this.#state = "string-escape";
    else if (byte < SPACE) return "other";
    return "more";
  }

  #append(byte: number): void {
    if (this.#body === undefined) return;
    this.#body = this.#body.length < MAX_SEQUENCE_BYTES
      ? this.#body + String.fromCharCode(byte)
      : undefined;
  }

  #swallow(count: number): Step {
    this.#state = "swallow";
    this.#bytesToSwallow = count;
    return "more";
  }

  #end(event: TtyEvent | "" | undefined): Step {
    if (event) this.#onEvent(event);
    return "end";
  }
}
