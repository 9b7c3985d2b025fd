/**
 * The way of lines from the log into the backlog.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "The relay is a log with cursors"
 */

import { MAX_UNFILED_BYTES } from "../limits.ts";
import type { Backlog, Source } from "./backlog.ts";
import { Cursor, takeFrom } from "./cursor.ts";
import type { BroadcastLog } from "./log.ts";

/** Lines of one peer, next to each other in the log. */
interface Run extends Source {
  readonly bytes: number;
  /** Lines in it that are kept for those who come later: all, or none. */
  readonly lines: number;
}

/** The byte that ends a line. */
const LF = 0x0a;

/**
 * Copies many lines into the backlog at once, some time after they were appended. Until then the log
 * keeps them.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Backlog } from "./backlog.ts";
 * import { BroadcastLog } from "./log.ts";
 * const [log, backlog] = [new BroadcastLog(), new Backlog(200)];
 * const filing = new Filing(log, backlog);
 * log.append(new TextEncoder().encode("one\n"));
 * filing.note({ cid: 1, peerClass: "member", end: 4, time: 0 }, 4, 1);
 * filing.file();
 * assert.equal(backlog.bytes, 4);
 * ```
 */
export class Filing {
  readonly #backlog: Backlog;
  /** Stands in the log after the last line that the backlog has. */
  readonly #filed: Cursor;
  /** The lines that the backlog does not have yet. */
  readonly #unfiled: Run[] = [];

  constructor(log: BroadcastLog, backlog: Backlog) {
    this.#backlog = backlog;
    this.#filed = new Cursor(log);
  }

  /** Whether much waits to be copied. */
  get isDue(): boolean {
    return this.#filed.lag > MAX_UNFILED_BYTES;
  }

  /**
   * Notes lines that were just appended to the log. All that is appended has to be noted.
   *
   * @param source Where they come from, and where they end.
   * @param bytes How many bytes they are.
   * @param lines How many of them the backlog is to have: all, or 0.
   */
  note(source: Source, bytes: number, lines: number): void {
    this.#unfiled.push({ ...source, bytes, lines });
  }

  /** Notes lines as {@linkcode note} does, of which the backlog is to have all but the first. */
  noteButFirst(source: Source, run: Uint8Array, lines: number): void {
    const first = run.indexOf(LF) + 1;
    const rest = run.length - first;
    this.note({ ...source, end: source.end - rest }, first, 0);
    if (lines > 1) this.note(source, rest, lines - 1);
  }

  /** Copies all that was noted. */
  file(): void {
    for (const { bytes, lines, ...source } of this.#unfiled) {
      const run = takeFrom(this.#filed, bytes);
      if (lines > 0) this.#backlog.append(run, lines, source);
    }
    this.#unfiled.length = 0;
  }
}
