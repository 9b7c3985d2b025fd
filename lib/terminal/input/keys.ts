/**
 * Turns the bytes of a terminal into keys, text and pastes.
 *
 * @module
 * @see https://vt100.net/emu/dec_ansi_parser
 */

import { MAX_SEQUENCE_BYTES } from "../limits.ts";
import { type KeyEvent, pressed } from "./key_events.ts";
import { nameApplicationSequence, nameControl, nameControlSequence } from "./key_sequences.ts";
import { PasteReader } from "./paste_reader.ts";

const BEL = 0x07;
const ESC = 0x1b;
const SPACE = 0x20;
const DEL = 0x7f;
const PASTE_START = "200~";
/** Bytes after a bare `CSI M`: a mouse report of the oldest kind. */
const MOUSE_BYTES = 3;
const C1 = /[\u0080-\u009F]/g;

/**
 * - `escape`, `escape2`: after ESC, and after two;
 * - `csi`, `ss3`: in a sequence that may be a key;
 * - `string`, `string-escape`: in a control string, which is never one;
 * - `swallow`: before bytes that belong to a sequence without saying so.
 */
type State =
  | "ground"
  | "escape"
  | "escape2"
  | "csi"
  | "ss3"
  | "string"
  | "string-escape"
  | "swallow"
  | "paste";

/**
 * Decodes what a terminal sends, wherever it is cut.
 *
 * Sequences that are unknown, broken or too long are swallowed whole. Memory is
 * bounded by `MAX_SEQUENCE_BYTES` and `MAX_PASTE_BYTES`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { pressed } from "./key_events.ts";
 * const decoder = new KeyDecoder();
 * const push = (text: string) => decoder.push(new TextEncoder().encode(text));
 * assert.deepEqual(push("hi\x1b[1;"), [{ kind: "text", text: "hi" }]);
 * assert.deepEqual(push("5C"), [pressed("right", { ctrl: true })]);
 * ```
 */
export class KeyDecoder {
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  readonly #paste = new PasteReader();
  #state: State = "ground";
  /** What a sequence has after its introducer; `undefined` once it is too long. */
  #body: string | undefined = "";
  #hasAlt = false;
  #bytesToSwallow = 0;
  #events: KeyEvent[] = [];

  /** Whether an ESC, a sequence or a paste is unfinished: {@linkcode flush} it after a while. */
  get isWaiting(): boolean {
    return this.#state !== "ground";
  }

  /** Whether what is unfinished is a paste, which may take longer than a sequence. */
  get isPasting(): boolean {
    return this.#state === "paste";
  }

  /**
   * Takes bytes.
   *
   * @param bytes From the terminal, cut anywhere.
   * @returns What they complete, in order; text may come in several pieces.
   */
  push(bytes: Uint8Array): KeyEvent[] {
    let index = 0;
    while (index < bytes.length) {
      if (this.#state === "paste") index = this.#readPaste(bytes, index);
      else if (this.#state === "ground") index = this.#readText(bytes, index);
      else this.#step(bytes[index++]!);
    }
    return this.#take();
  }

  /**
   * Stops waiting: an ESC alone is the key, a paste without an end is what came
   * of it, and the beginning of a sequence is nothing.
   *
   * @returns What that makes.
   */
  flush(): KeyEvent[] {
    if (this.#state === "escape2") this.#emit(pressed("escape"));
    if (this.#state === "escape" || this.#state === "escape2") this.#emit(pressed("escape"));
    if (this.#state === "paste") this.#emit(this.#paste.take());
    this.#state = "ground";
    return this.#take();
  }

  #take(): KeyEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  #emit(event: KeyEvent | undefined): void {
    if (event) this.#events.push(event);
  }

  #readText(bytes: Uint8Array, start: number): number {
    let end = start;
    while (end < bytes.length && bytes[end]! >= SPACE && bytes[end] !== DEL) end++;
    const isCut = end === bytes.length;
    const text = this.#decoder.decode(bytes.subarray(start, end), { stream: isCut });
    const printable = text.replace(C1, "");
    if (printable !== "") this.#emit({ kind: "text", text: printable });
    if (isCut) return end;
    this.#control(bytes[end]!);
    return end + 1;
  }

  /** A control character outside of sequences, or one that breaks a sequence off. */
  #control(byte: number): void {
    this.#state = "ground";
    if (byte === ESC) this.#state = "escape";
    else this.#emit(nameControl(byte, false));
  }

  #step(byte: number): void {
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
      default:
        if (byte < SPACE) return this.#control(byte);
        if (--this.#bytesToSwallow === 0) this.#state = "ground";
    }
  }

  #afterEscape(byte: number): void {
    const character = String.fromCharCode(byte);
    const isSecond = this.#state === "escape2";
    if (byte === ESC) {
      if (isSecond) this.#emit(pressed("escape"));
      this.#state = "escape2";
    } else if (character === "[" || character === "O") {
      this.#state = character === "[" ? "csi" : "ss3";
      this.#body = "";
      this.#hasAlt = isSecond;
    } else {
      if (isSecond) this.#emit(pressed("escape"));
      if ("P]X^_".includes(character)) {
        this.#state = "string";
      } else {
        this.#state = "ground";
        this.#afterAlt(byte, character);
      }
    }
  }

  #afterAlt(byte: number, character: string): void {
    if (byte < SPACE || byte === DEL) return this.#emit(nameControl(byte, true));
    if (byte === SPACE) return this.#emit(pressed("space", { alt: true }));
    if (byte < DEL) {
      const shift = /[A-Z]/.test(character);
      return this.#emit(pressed(character.toLowerCase(), { alt: true, shift }));
    }
    // Beyond ASCII there is nothing to bind: the key was Escape, and then a letter.
    this.#emit(pressed("escape"));
    this.#readText(Uint8Array.of(byte), 0);
  }

  #inControlSequence(byte: number): void {
    if (byte < SPACE) return this.#control(byte);
    if (byte >= DEL) return this.#breakOff(byte);
    const isFirst = this.#body === "";
    this.#append(byte);
    // rxvt ends a key with `$`, which begins the end of other sequences.
    const isShifted = byte === 0x24 && /^\d+\$$/.test(this.#body ?? "");
    if (byte < 0x40 && !isShifted) return;
    this.#state = "ground";
    if (this.#body === PASTE_START) {
      this.#state = "paste";
    } else if (isFirst && byte === 0x4d) {
      this.#swallow(MOUSE_BYTES);
    } else if (isFirst && byte === 0x5b) {
      // The function keys of the Linux console.
      this.#swallow(1);
    } else if (this.#body !== undefined) {
      this.#emit(nameControlSequence(this.#body, this.#hasAlt));
    }
  }

  #inApplicationSequence(byte: number): void {
    if (byte < SPACE) return this.#control(byte);
    if (byte >= DEL) return this.#breakOff(byte);
    this.#append(byte);
    if (byte >= 0x30 && byte <= 0x3b) return;
    this.#state = "ground";
    if (this.#body !== undefined) this.#emit(nameApplicationSequence(this.#body, this.#hasAlt));
  }

  #inString(byte: number): void {
    if (this.#state === "string-escape" && byte !== 0x5c) {
      this.#state = "escape";
      this.#afterEscape(byte);
    } else if (this.#state === "string-escape" || byte === BEL) {
      this.#state = "ground";
    } else if (byte === ESC) {
      this.#state = "string-escape";
    } else if (byte < SPACE) {
      this.#control(byte);
    }
  }

  #breakOff(byte: number): void {
    if (byte === DEL) return this.#control(byte);
    this.#state = "ground";
    this.#readText(Uint8Array.of(byte), 0);
  }

  #append(byte: number): void {
    if (this.#body === undefined) return;
    this.#body = this.#body.length < MAX_SEQUENCE_BYTES
      ? this.#body + String.fromCharCode(byte)
      : undefined;
  }

  #swallow(count: number): void {
    this.#state = "swallow";
    this.#bytesToSwallow = count;
  }

  #readPaste(bytes: Uint8Array, start: number): number {
    const end = this.#paste.push(bytes, start);
    if (this.#paste.hasEnded) {
      this.#emit(this.#paste.take());
      this.#state = "ground";
    }
    return end;
  }
}
