/**
 * The bytes that one peer sends, as runs of whole tokens.
 *
 * @module
 * @see docs/PROTOCOL.md, "Lines"
 */

import { LineTooLongError } from "../../errors.ts";
import { MAX_LINE_BYTES } from "../../protocol/limits.ts";
import { classifyLine, findBase64UrlEnd, isToken } from "../../protocol/wire.ts";
import { MAX_READ_BUFFER_BYTES, MIN_READ_BUFFER_BYTES } from "../limits.ts";

/** The bytes that end a line, that begin a control line, and that a token may end with. */
const LF = 0x0a;
const CR = 0x0d;
const BANG = 0x21;
const EQUALS = 0x3d;
/** How many reads in a row must leave a large buffer almost empty before it is made small again. */
const SMALL_READS = 64;

/** Is told what a peer sent, in order. The arrays are valid during the call only. */
export interface IntakeHandler {
  /** Takes one or more token lines, each with its LF; `lines` is their number. */
  onTokens(run: Uint8Array, lines: number): void;
  /** Takes a control line, without its ending. */
  onControl(line: Uint8Array): void;
  /** Takes a line that is neither a token nor a control line, without its ending. */
  onNoise(line: Uint8Array): void;
}

/**
 * Splits the bytes of a peer into lines, checks each line once, and passes tokens on in runs as
 * long as possible.
 *
 * The memory is one buffer. The buffer has 1 KiB at first, doubles whenever a read fills it, and
 * has 256 KiB at most. It shrinks to 1 KiB when many reads in a row filled less than a quarter of
 * it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * let noise = 0;
 * const intake = new Intake({ onTokens() {}, onControl() {}, onNoise: () => noise++ });
 * const { written } = new TextEncoder().encodeInto("GET / HTTP/1.1\r\n", intake.space() as never);
 * intake.take(written);
 * assert.equal(noise, 1);
 * ```
 */
export class Intake {
  readonly #handler: IntakeHandler;
  /** The last byte is not read into. It holds a sentinel LF. */
  #buffer = new Uint8Array(MIN_READ_BUFFER_BYTES + 1);
  /** `#buffer[0..#end)` is the unfinished line. It has no LF. */
  #end = 0;
  /** How many bytes at the beginning of the unfinished line are known to be base64url. */
  #scanned = 0;
  #smallReads = 0;

  constructor(handler: IntakeHandler) {
    this.#handler = handler;
  }

  /** Bytes of the unfinished line. */
  get unfinishedBytes(): number {
    return this.#end;
  }

  /** The part of the buffer that the next bytes are read into. It is never empty. */
  space(): Uint8Array {
    return this.#buffer.subarray(this.#end, this.#buffer.length - 1);
  }

  /**
   * Tells whether the bytes that were read into `space()` are one whole line that begins with `!`.
   *
   * @param bytes How many bytes were read.
   */
  isControlLine(bytes: number): boolean {
    if (this.#end > 0 || this.#buffer[0] !== BANG) return false;
    return this.#buffer.subarray(0, bytes).indexOf(LF) === bytes - 1;
  }

  /**
   * Handles the bytes that were read into `space()`.
   *
   * @param bytes How many bytes were read.
   * @throws {LineTooLongError} At a line of more than 65,536 bytes. The lines before it have been
   * handled.
   */
  take(bytes: number): void {
    const searchFrom = this.#end;
    const filled = searchFrom + bytes;
    const rest = this.#split(searchFrom, filled);
    const unfinished = filled - rest;
    // One byte more than a line may have, because that byte may be the CR of the ending.
    if (unfinished > MAX_LINE_BYTES + 1) throw new LineTooLongError(MAX_LINE_BYTES);
    this.#scanned = Math.max(0, this.#scanned - rest);
    this.#resize(rest, filled, bytes);
  }

  /** Handles the lines in `#buffer[0..filled)` and returns where the last one ends. */
  #split(searchFrom: number, filled: number): number {
    const buffer = this.#buffer;
    buffer[filled] = LF;
    let lineStart = 0;
    let runStart = 0;
    let runLines = 0;
    const flushRun = (end: number) => {
      if (runLines > 0) this.#handler.onTokens(buffer.subarray(runStart, end), runLines);
      runLines = 0;
    };
    for (let from = searchFrom, scanFrom = this.#scanned;;) {
      const base64End = findBase64UrlEnd(buffer, scanFrom);
      let lf = base64End;
      while (buffer[lf] === EQUALS && lf < base64End + 2) lf++;
      // Almost every line is a token. The end of a token was found by the scan above.
      if (buffer[lf] !== LF) lf = buffer.indexOf(LF, Math.max(lf, from));
      if (lf === filled) {
        this.#scanned = Math.min(base64End, filled);
        break;
      }
      const hasCr = lf > lineStart && buffer[lf - 1] === CR;
      const lineEnd = hasCr ? lf - 1 : lf;
      if (lineEnd - lineStart > MAX_LINE_BYTES) {
        flushRun(lineStart);
        throw new LineTooLongError(MAX_LINE_BYTES);
      }
      const kind = isToken(buffer, lineStart, Math.min(base64End, lineEnd), lineEnd)
        ? "token"
        : classifyLine(buffer, lineStart, lineEnd);
      if (kind === "token" && runLines === 0) runStart = lineStart;
      if (kind === "token") runLines++;
      if (kind !== "token") flushRun(lineStart);
      if (kind === "token" && hasCr) {
        // The line is relayed with LF alone. The LF takes the place of CR.
        buffer[lineEnd] = LF;
        flushRun(lineEnd + 1);
      }
      if (kind === "control") this.#handler.onControl(buffer.subarray(lineStart, lineEnd));
      if (kind === "noise") this.#handler.onNoise(buffer.subarray(lineStart, lineEnd));
      from = scanFrom = lineStart = lf + 1;
    }
    flushRun(lineStart);
    return lineStart;
  }

  /** Moves the unfinished line to the front, and changes the size of the buffer if it has to. */
  #resize(rest: number, filled: number, bytes: number): void {
    const unfinished = filled - rest;
    const size = this.#buffer.length - 1;
    this.#smallReads = bytes < size / 4 ? this.#smallReads + 1 : 0;
    const isFull = filled === size;
    const isTooLarge = this.#smallReads > SMALL_READS && unfinished === 0;
    const wanted = isFull ? 2 * size : isTooLarge ? MIN_READ_BUFFER_BYTES : size;
    const next = Math.min(wanted, MAX_READ_BUFFER_BYTES);
    if (next !== size) {
      const resized = new Uint8Array(next + 1);
      resized.set(this.#buffer.subarray(rest, filled));
      this.#buffer = resized;
      this.#smallReads = 0;
    } else if (unfinished > 0) {
      this.#buffer.copyWithin(0, rest, filled);
    }
    this.#end = unfinished;
  }
}
