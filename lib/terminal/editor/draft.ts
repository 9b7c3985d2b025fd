/**
 * The text that is being typed.
 *
 * @module
 */

import { MAX_TEXT_BYTES } from "../../protocol/limits.ts";
import { clusterAt, splitClusters } from "../../text/cluster.ts";
import { KillRing } from "./kill_ring.ts";
import { columnOf, findInNextLine, findTarget, type Motion } from "./motion.ts";

/** Changes of a draft that can be undone; each keeps the text before it, which fits a message. */
export const MAX_UNDOS = 100;

interface State {
  readonly text: string;
  readonly cursor: number;
}

/** The kind of what was done last: the next of its kind may continue it. */
type Deed = "insert" | "kill" | "yank" | "line" | "other";

/**
 * Text with a cursor, which is always between two grapheme clusters.
 *
 * The text is well-formed, has LF as its only line break, and never more than
 * `MAX_TEXT_BYTES` bytes. Methods that return a boolean say whether there was something to do. If
 * not, they change nothing.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const draft = new Draft();
 * draft.insert("hello wolrd");
 * draft.kill("word-left");
 * draft.insert("world");
 * assert.equal(draft.text, "hello world");
 * ```
 */
export class Draft {
  #text = "";
  #cursor = 0;
  #deed: Deed = "other";
  /** Column that going up and down keeps to. */
  #column = 0;
  #yankStart = 0;
  readonly #kills = new KillRing();
  readonly #undos: State[] = [];

  /** The text. */
  get text(): string {
    return this.#text;
  }

  /** Where the cursor is, in UTF-16 units. */
  get cursor(): number {
    return this.#cursor;
  }

  /**
   * Inserts text at the cursor, which goes behind it.
   *
   * @param text Any text; CR and CRLF become LF, lone surrogates U+FFFD.
   * @returns Whether it fits; if not, nothing of it is inserted.
   */
  insert(text: string): boolean {
    return this.splice(this.#cursor, this.#cursor, text, "insert");
  }

  /**
   * Replaces a part of the text; the cursor goes behind what is new.
   *
   * @param start Where the part begins, and `end` where it ends, in UTF-16 units.
   * @param text What comes instead, as in {@linkcode insert}.
   * @returns Whether it fits; if not, nothing changes.
   */
  splice(start: number, end: number, text: string, deed: Deed = "other"): boolean {
    const inserted = normalize(text);
    const changed = this.#text.slice(0, start) + inserted + this.#text.slice(end);
    if (byteLength(changed) > MAX_TEXT_BYTES) return false;
    const continues = deed === "insert" && this.#deed === deed && /^\S+$/.test(inserted);
    this.#change(changed, start + inserted.length, deed, continues);
    return true;
  }

  /** How many bytes the text would have with another one inserted. */
  sizeWith(text: string): number {
    return byteLength(this.#text) + byteLength(normalize(text));
  }

  /**
   * Starts anew with another text; what was before cannot be undone.
   *
   * @param text A text that fits.
   * @param cursor Where to put the cursor; at the end unless said.
   */
  replace(text: string, cursor: number = text.length): void {
    this.#text = text;
    this.#cursor = snap(text, cursor);
    this.#deed = "other";
    this.#undos.length = 0;
  }

  /** Empties the text, which can be yanked again. */
  discard(): void {
    if (this.#text !== "") this.#kills.add(this.#text);
    this.replace("");
  }

  /** Moves the cursor. */
  move(motion: Motion): boolean {
    const target = findTarget(this.#text, this.#cursor, motion);
    const hasMoved = target !== this.#cursor;
    this.#cursor = target;
    this.#deed = "other";
    return hasMoved;
  }

  /** Moves the cursor to the line above or below, as far in as it first was. */
  moveLine(direction: "up" | "down"): boolean {
    if (this.#deed !== "line") this.#column = columnOf(this.#text, this.#cursor);
    const target = findInNextLine(this.#text, this.#cursor, direction, this.#column);
    this.#deed = "line";
    if (target === undefined) return false;
    this.#cursor = target;
    return true;
  }

  /** Deletes what a motion goes over. */
  delete(motion: Motion): boolean {
    const [start, end] = this.#span(motion);
    if (start === end) return false;
    this.#change(this.#text.slice(0, start) + this.#text.slice(end), start, "other");
    return true;
  }

  /**
   * Deletes what a motion goes over, to be yanked again; at the edge of a line
   * that is the line break. Kills in a row are one.
   */
  kill(motion: Motion): boolean {
    let [start, end] = this.#span(motion);
    if (start === end && motion === "line-start") [start, end] = this.#span("left");
    if (start === end && motion === "line-end") [start, end] = this.#span("right");
    if (start === end) return false;
    const killed = this.#text.slice(start, end);
    if (this.#deed !== "kill") this.#kills.add(killed);
    else this.#kills.extend(killed, start < this.#cursor ? "before" : "after");
    this.#change(this.#text.slice(0, start) + this.#text.slice(end), start, "kill");
    return true;
  }

  /** Inserts what was killed last. */
  yank(): boolean {
    const text = this.#kills.current;
    if (text === undefined) return false;
    const start = this.#cursor;
    if (!this.splice(start, start, text, "yank")) return false;
    this.#yankStart = start;
    return true;
  }

  /** Replaces what was just yanked by what was killed before it. */
  yankOlder(): boolean {
    if (this.#deed !== "yank") return false;
    this.#kills.rotate();
    const text = this.#kills.current ?? "";
    return this.splice(this.#yankStart, this.#cursor, text, "yank");
  }

  /** Swaps the clusters around the cursor, at the end of a line the two before it. */
  transpose(): boolean {
    const start = findTarget(this.#text, this.#cursor, "line-start");
    const lineEnd = findTarget(this.#text, this.#cursor, "line-end");
    if (this.#cursor === start) return false;
    const end = this.#cursor === lineEnd ? lineEnd : findTarget(this.#text, this.#cursor, "right");
    const [second, first] = splitClusters(this.#text.slice(start, end)).reverse();
    if (!first || !second) return false;
    const from = end - first.text.length - second.text.length;
    return this.splice(from, end, second.text + first.text);
  }

  /** Takes the last change back. */
  undo(): boolean {
    const state = this.#undos.pop();
    if (!state) return false;
    this.#text = state.text;
    this.#cursor = state.cursor;
    this.#deed = "other";
    return true;
  }

  #span(motion: Motion): [start: number, end: number] {
    const target = findTarget(this.#text, this.#cursor, motion);
    return [Math.min(target, this.#cursor), Math.max(target, this.#cursor)];
  }

  #change(text: string, cursor: number, deed: Deed, continues = false): void {
    if (!continues) this.#undos.push({ text: this.#text, cursor: this.#cursor });
    if (this.#undos.length > MAX_UNDOS) this.#undos.shift();
    this.#text = text;
    this.#cursor = snap(text, cursor);
    this.#deed = deed;
  }
}

/** What a change leaves around the cursor may have become one cluster. */
function snap(text: string, cursor: number): number {
  if (cursor >= text.length) return text.length;
  const { start, end } = clusterAt(text, cursor);
  return start === cursor ? cursor : end;
}

function normalize(text: string): string {
  return text.toWellFormed().replace(/\r\n?/g, "\n");
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
