/**
 * The server's log: one line on stderr for each event.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "Observability"
 */

import { TokenBucket } from "../../async/token_bucket.ts";
import { settleWithin } from "../../async/within.ts";
import {
  EVENT_LOG_DRAIN_MS,
  LEFT_OUT_NOTICE_MS,
  MAX_EVENT_LINES_PER_SECOND,
  MAX_WAITING_EVENT_LINES,
} from "../limits.ts";
import {
  formatEvent,
  levelOf,
  type LogEvent,
  type LogFormat,
  type LogLevel,
} from "./event_line.ts";
import type { RelayEvent } from "./events.ts";

/** The levels, from the one with the fewest lines to the one with the most. */
const LEVELS: readonly LogLevel[] = ["error", "warn", "info", "debug"];

/** Events of the relay itself. They are rare, and strangers cannot cause many of them. */
const OWN_TROUBLES: readonly RelayEvent["kind"][] = [
  "accept failed",
  "accepting again",
  "metrics failed",
  "metrics again",
  "backlog failed",
  "backlog again",
  "cluster connected",
  "cluster again",
  "cluster lost",
  "cluster waiting",
  "cluster held",
];

/** What an {@linkcode EventLog} needs. */
export interface EventLogOptions {
  readonly format: LogFormat;
  /** The least important level that is written. */
  readonly level: LogLevel;
  /** Whether clients' addresses are written. */
  readonly addresses: boolean;
  /** Writes all of the bytes. The log calls it again only when its promise has settled. */
  readonly write: (bytes: Uint8Array) => Promise<unknown>;
  /** The time, in ms since 1970. */
  readonly now: () => number;
}

/**
 * Writes events, and never makes their source wait.
 *
 * A flood of events is cut to 50 lines a second. At most 100 lines wait for a stderr that is not
 * read. A line of its own says how many events were left out.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * let text = "";
 * const write = (bytes: Uint8Array) => Promise.resolve(text += new TextDecoder().decode(bytes));
 * const options = { format: "text", level: "info", addresses: true, write, now: () => 0 } as const;
 * await using log = new EventLog(options);
 * log.report({ kind: "accepting again" });
 * assert.equal(text, "1970-01-01T00:00:00.000Z warn accepting connections again\n");
 * ```
 */
export class EventLog implements AsyncDisposable {
  readonly #options: EventLogOptions;
  readonly #encoder = new TextEncoder();
  /** Lines that may be written now. */
  readonly #credit: TokenBucket;
  #waiting: string[] = [];
  /** Settles when no line waits, and never rejects; undefined while no line waits. */
  #writing: Promise<void> | undefined;
  #leftOut = 0;
  #notice: ReturnType<typeof setTimeout> | undefined;

  constructor(options: EventLogOptions) {
    this.#options = options;
    const size = { perSecond: MAX_EVENT_LINES_PER_SECOND, burst: MAX_EVENT_LINES_PER_SECOND };
    this.#credit = new TokenBucket(size, options.now());
  }

  /** Writes a line for an event, if the event is important enough and there is room. */
  report(event: RelayEvent): void {
    if (LEVELS.indexOf(levelOf(event)) > LEVELS.indexOf(this.#options.level)) return;
    if (this.#waiting.length < MAX_WAITING_EVENT_LINES && this.#isAllowed(event)) {
      return this.#put(event);
    }
    this.#leftOut++;
    this.#noticeLater();
  }

  /** Waits until all reported events are written, 0.5 s at most. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#sayLeftOut(Infinity);
    if (this.#writing) await settleWithin(this.#writing, EVENT_LOG_DRAIN_MS);
  }

  /**
   * The relay's own troubles are always written. A flood that strangers cause must not hide them.
   */
  #isAllowed(event: RelayEvent): boolean {
    return OWN_TROUBLES.includes(event.kind) || this.#credit.take(1, this.#options.now());
  }

  #noticeLater(): void {
    this.#notice ??= setTimeout(() => this.#sayLeftOut(), LEFT_OUT_NOTICE_MS);
  }

  /** Writes how many events were left out, or tries again later if too many lines wait. */
  #sayLeftOut(maxWaiting = MAX_WAITING_EVENT_LINES): void {
    clearTimeout(this.#notice);
    this.#notice = undefined;
    if (this.#leftOut === 0) return;
    if (this.#waiting.length >= maxWaiting) return this.#noticeLater();
    this.#put({ kind: "left out", count: this.#leftOut });
    this.#leftOut = 0;
  }

  #put(event: LogEvent): void {
    this.#waiting.push(formatEvent(event, { ...this.#options, time: this.#options.now() }) + "\n");
    this.#writing ??= this.#writeWaiting();
  }

  async #writeWaiting(): Promise<void> {
    while (this.#waiting.length > 0) {
      const text = this.#waiting.join("");
      this.#waiting = [];
      try {
        await this.#options.write(this.#encoder.encode(text));
      } catch {
        // Nothing reads stderr any more. The relay goes on without it.
      }
    }
    this.#writing = undefined;
  }
}
