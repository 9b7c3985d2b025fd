/**
 * Turns the bytes of a terminal into keys, text and pastes.
 *
 * @module
 */

import type { TextTyped, TtyEvent } from "./input_events.ts";
import { nameControl } from "./keypress_sequences.ts";
import { PasteReader } from "./paste_reader.ts";
import { SequenceReader } from "./sequence_reader.ts";
import { Utf8Reader } from "./utf8_reader.ts";

/** The bytes around what can be typed as text. */
const ESC = 0x1b;
const SPACE = 0x20;
const DEL = 0x7f;
const C1 = /[\u0080-\u009F]/g;

/**
 * Decodes what a terminal sends, wherever it is cut. Memory is bounded by `MAX_SEQUENCE_BYTES` and
 * `MAX_PASTE_BYTES`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { pressed } from "./input_events.ts";
 * const decoder = new InputDecoder();
 * const push = (text: string) => decoder.push(new TextEncoder().encode(text));
 * assert.deepEqual(push("hi\x1b[1;"), [{ kind: "text", text: "hi" }]);
 * assert.deepEqual(push("5C"), [pressed("right", { ctrl: true })]);
 * ```
 */
export class InputDecoder {
  readonly #decoder = new Utf8Reader();
  readonly #paste = new PasteReader();
  readonly #sequence = new SequenceReader((event) => this.#events.push(event));
  #state: "text" | "sequence" | "paste" = "text";
  #events: TtyEvent[] = [];

  /** Whether an ESC, a sequence or a paste is unfinished: {@linkcode flush} it after a while. */
  get isWaiting(): boolean {
    return this.#state !== "text";
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
  push(bytes: Uint8Array): TtyEvent[] {
    let index = 0;
    while (index < bytes.length) {
      if (this.#state === "paste") index = this.#readPaste(bytes, index);
      else if (this.#state === "text") index = this.#readText(bytes, index);
      else index = this.#readSequence(bytes, index);
    }
    return this.#take();
  }

  /**
   * Stops waiting: an ESC alone is the key, a paste without an end is what came of it, and the
   * beginning of a sequence is nothing.
   *
   * @returns What that makes.
   */
  flush(): TtyEvent[] {
    if (this.#state === "sequence") this.#sequence.flush();
    if (this.#state === "paste") this.#events.push(this.#paste.take());
    this.#state = "text";
    return this.#take();
  }

  #take(): TtyEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  #readText(bytes: Uint8Array, start: number): number {
    let end = start;
    while (end < bytes.length && bytes[end]! >= SPACE && bytes[end] !== DEL) end++;
    const isCut = end === bytes.length;
    const { text, isUtf8 } = this.#decoder.push(bytes.subarray(start, end), !isCut);
    const printable = text.replace(C1, "");
    const typed: TextTyped = { kind: "text", text: printable };
    if (printable !== "") this.#events.push(isUtf8 ? typed : { ...typed, isBroken: true });
    if (isCut) return end;
    const control = bytes[end]!;
    if (control === ESC) {
      this.#sequence.begin();
      this.#state = "sequence";
    } else {
      this.#events.push(nameControl(control, false));
    }
    return end + 1;
  }

  #readSequence(bytes: Uint8Array, start: number): number {
    const step = this.#sequence.step(bytes[start]!);
    if (step === "paste") this.#state = "paste";
    else if (step !== "more") this.#state = "text";
    return step === "other" ? start : start + 1;
  }

  #readPaste(bytes: Uint8Array, start: number): number {
    const end = this.#paste.push(bytes, start);
    if (this.#paste.hasEnded) {
      this.#events.push(this.#paste.take());
      this.#state = "text";
    }
    return end;
  }
}
