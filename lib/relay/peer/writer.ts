/**
 * All that is written to one peer, in order: the log from its cursor on, and
 * control lines between whole lines of it.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "The relay is a log with cursors"
 */

import { settleWithin } from "../../async/within.ts";
import { concat } from "../../bytes/concat.ts";
import { MAX_CONTROL_WRITE_BYTES, MAX_WAITING_ANSWERS, MAX_WAITING_NOTICES } from "../limits.ts";
import type { Cursor, Stretch } from "../log/cursor.ts";

/** The byte that ends a line. */
const LF = 0x0a;

/** Answers must be read, notices can be left out, backlog has its own bound. */
type ItemKind = "answer" | "notice" | "backlog";

/** Whole lines for one peer, due once its cursor has come to a position. */
interface Item {
  readonly at: number;
  readonly bytes: Uint8Array;
  readonly kind: ItemKind;
}

/**
 * The one writer of a connection. Nothing waits for it: a slow one only falls
 * behind in the log.
 *
 * At first it holds the log's lines back, so that a `!HELLO` can come before
 * any of them; `release()` lets them out. From `hold()` to `rejoin()` nothing
 * but what was said is written.
 */
export class Writer {
  /** Its place in the log. */
  readonly cursor: Cursor;
  /** Bytes written. */
  bytesOut = 0;
  readonly #conn: Pick<Deno.Conn, "write">;
  /** Where it entered the log. */
  readonly #openedAt: number;
  /** The log is written up to here; undefined once it is released. */
  #holdAt: number | undefined;
  #isHeld = false;
  /** Nothing more is queued: it would come after the end. */
  #isLast = false;
  /** Allocated when something is said: most peers are never told anything. */
  #queue: Item[] | undefined;
  #answers = 0;
  #notices = 0;
  /** What is left of the control lines that are being written. */
  #rest: Uint8Array | undefined;
  /** What is being written; undefined while nothing is. */
  #written: Uint8Array | undefined;
  /** Settles when there is nothing left to write for now; allocated when somebody waits for it. */
  #idle: PromiseWithResolvers<void> | undefined;
  #lastWritten = LF;
  /** Writing failed: the other side is gone, but what it sent before may still come. */
  #isDeaf = false;
  #isClosed = false;

  /**
   * @param conn Written to, and never closed here.
   * @param cursor Where the peer enters the log.
   */
  constructor(conn: Pick<Deno.Conn, "write">, cursor: Cursor) {
    this.#conn = conn;
    this.cursor = cursor;
    this.#openedAt = this.#holdAt = cursor.position;
  }

  /** Whether all that was written so far ends in a line's end, and nothing is under way. */
  get isAtLineEnd(): boolean {
    return !this.#written && this.#lastWritten === LF && !this.#isDeaf;
  }

  /** Lets the log's lines out, unless `hold()` came first. */
  release(): void {
    if (this.#isHeld || this.#holdAt === undefined) return;
    this.#holdAt = undefined;
    this.pump();
  }

  /**
   * Holds back all that is appended from now on.
   *
   * @returns What of the log was written before, or will be.
   */
  hold(): Stretch {
    this.#isHeld = true;
    const { isParked, position, end } = this.cursor;
    const to = this.#holdAt = Math.min(this.#holdAt ?? Infinity, isParked ? position : end);
    this.#parkWhenDone(to);
    return { from: this.#openedAt, to };
  }

  /** Goes on at the log's end; what came since `hold()` is not written. */
  rejoin(): void {
    this.#isHeld = false;
    this.#holdAt = undefined;
    this.cursor.rejoin();
  }

  /**
   * Queues whole lines behind all that is in the log now.
   *
   * @param bytes Lines, each with its LF; must not change any more.
   * @returns False if so many answers are waiting that the peer cannot be reading them.
   */
  say(bytes: Uint8Array): boolean {
    this.#push(bytes, "answer");
    return ++this.#answers <= MAX_WAITING_ANSWERS;
  }

  /**
   * Queues lines of the past, likewise.
   *
   * @param bytes Lines, each with its LF; must not change any more.
   */
  recall(bytes: Uint8Array): void {
    this.#push(bytes, "backlog");
  }

  /**
   * Queues a line that is left out if too many like it are waiting.
   *
   * @param bytes Lines, each with its LF; must not change any more.
   */
  notify(bytes: Uint8Array): void {
    if (this.#notices >= MAX_WAITING_NOTICES) return;
    this.#notices++;
    this.#push(bytes, "notice");
  }

  /** Starts to write what there is, unless that is going on already. */
  pump(): void {
    if (this.#written || this.#isDeaf || this.#isClosed) return;
    const bytes = this.#next();
    if (bytes) this.#write(bytes);
  }

  /**
   * Writes what is queued now, and nothing that comes later.
   *
   * @param maxMs Longest wait, in ms; the queue may then not be empty.
   */
  async drain(maxMs: number): Promise<void> {
    this.cursor.stop();
    this.#isLast = true;
    if (!this.#isHeld) this.#holdAt = undefined;
    this.pump();
    if (this.#written) await settleWithin(this.settled(), maxMs);
  }

  /** Waits until no write is under way: it may outlive the closing of its connection. */
  async settled(): Promise<void> {
    if (this.#written) await (this.#idle ??= Promise.withResolvers()).promise;
  }

  /** Writes no more, and leaves the log. */
  close(): void {
    this.#isClosed = true;
    this.#queue = undefined;
    this.cursor.close();
  }

  #push(bytes: Uint8Array, kind: ItemKind): void {
    if (this.#isDeaf || this.#isClosed || this.#isLast) return;
    const at = Math.min(this.#holdAt ?? Infinity, this.cursor.end);
    (this.#queue ??= []).push({ at, bytes, kind });
  }

  /** What to write next: always whole lines, or the rest of what was begun. */
  #next(): Uint8Array | undefined {
    if (this.#rest) return this.#rest;
    if (this.#queue || this.#holdAt !== undefined) return this.#nextInOrder();
    return this.cursor.peek();
  }

  /** Likewise, where something is said, or held back. */
  #nextInOrder(): Uint8Array | undefined {
    const due = this.#queue?.[0]?.at ?? Infinity;
    const bytes = this.cursor.peek(Math.min(this.#holdAt ?? Infinity, due));
    if (bytes) return bytes;
    if (this.cursor.position >= due) return this.#rest = this.#takeDue();
    if (this.#isHeld) this.#parkWhenDone(this.#holdAt!);
  }

  #takeDue(): Uint8Array {
    const queue = this.#queue!;
    let count = 0;
    for (let size = 0; count < queue.length; count++) {
      const { at, bytes } = queue[count]!;
      size += bytes.length;
      const isTooMuch = count > 0 && size > MAX_CONTROL_WRITE_BYTES;
      if (isTooMuch || at > this.cursor.position) break;
    }
    const items = queue.splice(0, count);
    if (queue.length === 0) this.#queue = undefined;
    for (const { kind } of items) {
      if (kind === "answer") this.#answers--;
      if (kind === "notice") this.#notices--;
    }
    return items.length === 1 ? items[0]!.bytes : concat(...items.map(({ bytes }) => bytes));
  }

  /** A held peer keeps nothing of the log in memory. */
  #parkWhenDone(holdAt: number): void {
    if (this.cursor.position >= holdAt) this.cursor.park();
  }

  // Not an async function: this runs once for each line and receiver.
  #write(bytes: Uint8Array): void {
    this.#written = bytes;
    this.#conn.write(bytes).then(this.#onWritten, this.#onFailed);
  }

  readonly #onWritten = (count: number): void => {
    const bytes = this.#written!;
    if (this.#isClosed) return this.#settle();
    this.#lastWritten = bytes[count - 1] ?? this.#lastWritten;
    this.bytesOut += count;
    if (this.#rest) this.#rest = count < bytes.length ? bytes.subarray(count) : undefined;
    else this.cursor.advance(count);
    const next = this.#next();
    if (next) this.#write(next);
    else this.#settle();
  };

  /** The reader goes on to the end: what was sent before the other side left counts. */
  readonly #onFailed = (): void => {
    this.#isDeaf = true;
    this.#queue = undefined;
    this.cursor.close();
    this.#settle();
  };

  #settle(): void {
    this.#written = undefined;
    this.#idle?.resolve();
    this.#idle = undefined;
  }
}
