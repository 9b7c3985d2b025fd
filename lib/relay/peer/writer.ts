/**
 * All that is written to one peer, in order: the log from the peer's cursor on, and control lines
 * between whole lines of the log.
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

/**
 * What an item is. A peer with too many waiting answers does not read them. Notices are left out if
 * too many wait. The backlog has a bound of its own.
 */
type ItemKind = "answer" | "notice" | "backlog";

/** Whole lines for one peer, due when its cursor has come to the position `at`. */
interface Item {
  readonly at: number;
  readonly bytes: Uint8Array;
  readonly kind: ItemKind;
}

/**
 * The one writer of a connection. Nothing waits for a writer: a slow one only falls behind in the
 * log.
 *
 * A new writer holds the log's lines back, so that a `!HELLO` can come before any of them.
 * `release()` lets the lines out. From `hold()` to `rejoin()` the writer writes control lines
 * alone.
 */
export class Writer {
  /** The peer's place in the log. */
  readonly cursor: Cursor;
  /** Bytes written. */
  bytesOut = 0;
  readonly #conn: Pick<Deno.Conn, "write">;
  /** The position at which the peer entered the log. */
  readonly #openedAt: number;
  /** The log is written up to this position; undefined if it is written to its end. */
  #holdAt: number | undefined;
  /** Whether `hold()` was called and `rejoin()` was not. */
  #isHeld = false;
  /** Whether the end is near: what would be queued now would come after it. */
  #isLast = false;
  /** Allocated with the first control line, as most peers get none. */
  #queue: Item[] | undefined;
  #answers = 0;
  #notices = 0;
  /** The part of the present control lines that is not written yet. */
  #rest: Uint8Array | undefined;
  /** The bytes that are being written; undefined while no write is under way. */
  #written: Uint8Array | undefined;
  /** Settles when no write is under way. Allocated when something waits for it. */
  #idle: PromiseWithResolvers<void> | undefined;
  #lastWritten = LF;
  /** Whether a write failed. The other side is gone, but bytes that it sent may still come. */
  #isDeaf = false;
  #isClosed = false;

  /**
   * @param conn The connection, which the writer never closes.
   * @param cursor The position at which the peer enters the log.
   */
  constructor(conn: Pick<Deno.Conn, "write">, cursor: Cursor) {
    this.#conn = conn;
    this.cursor = cursor;
    this.#openedAt = this.#holdAt = cursor.position;
  }

  /** Whether the last byte written is an LF, no write is under way, and none has failed. */
  get isAtLineEnd(): boolean {
    return !this.#written && this.#lastWritten === LF && !this.#isDeaf;
  }

  /** Lets the log's lines out, unless `hold()` was called before. */
  release(): void {
    if (this.#isHeld || this.#holdAt === undefined) return;
    this.#holdAt = undefined;
    this.pump();
  }

  /**
   * Holds back all lines that are appended from now on.
   *
   * @returns The part of the log that was written to the peer, or that still will be.
   */
  hold(): Stretch {
    this.#isHeld = true;
    const { isParked, position, end } = this.cursor;
    const to = this.#holdAt = Math.min(this.#holdAt ?? Infinity, isParked ? position : end);
    this.#parkWhenDone(to);
    return { from: this.#openedAt, to };
  }

  /** Goes on at the log's end. Lines that were appended since `hold()` are not written. */
  rejoin(): void {
    this.#isHeld = false;
    this.#holdAt = undefined;
    this.cursor.rejoin();
  }

  /**
   * Queues whole lines behind all that is in the log now.
   *
   * @param bytes Lines, each with its LF. The bytes must not change any more.
   * @returns False if more than 4,096 answers wait. The peer then does not read them.
   */
  say(bytes: Uint8Array): boolean {
    this.#push(bytes, "answer");
    return ++this.#answers <= MAX_WAITING_ANSWERS;
  }

  /**
   * Queues lines of the backlog, which do not count as answers.
   *
   * @param bytes Lines, each with its LF. The bytes must not change any more.
   */
  recall(bytes: Uint8Array): void {
    this.#push(bytes, "backlog");
  }

  /**
   * Queues a notice, or leaves it out if 1,024 notices wait.
   *
   * @param bytes Lines, each with its LF. The bytes must not change any more.
   */
  notify(bytes: Uint8Array): void {
    if (this.#notices >= MAX_WAITING_NOTICES) return;
    this.#notices++;
    this.#push(bytes, "notice");
  }

  /** Starts to write what there is, unless a write is under way. */
  pump(): void {
    if (this.#written || this.#isDeaf || this.#isClosed) return;
    const bytes = this.#next();
    if (bytes) this.#write(bytes);
  }

  /**
   * Writes what is queued now, and nothing that comes later.
   *
   * @param maxMs Longest wait, in ms. The queue may not be empty when this time is over.
   */
  async drain(maxMs: number): Promise<void> {
    this.cursor.stop();
    this.#isLast = true;
    if (!this.#isHeld) this.#holdAt = undefined;
    this.pump();
    if (this.#written) await settleWithin(this.settled(), maxMs);
  }

  /** Waits until no write is under way. A write may outlive the closing of its connection. */
  async settled(): Promise<void> {
    if (this.#written) await (this.#idle ??= Promise.withResolvers()).promise;
  }

  /** Starts no further write, and leaves the log. */
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

  /** The bytes to write next: whole lines, or the rest of a write that was short. */
  #next(): Uint8Array | undefined {
    if (this.#rest) return this.#rest;
    if (this.#queue || this.#holdAt !== undefined) return this.#nextInOrder();
    return this.cursor.peek();
  }

  /** The same where control lines wait, or the log's lines are held back. */
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

  /** Parks the cursor of a held peer at `holdAt`, so that it keeps nothing of the log in memory. */
  #parkWhenDone(holdAt: number): void {
    if (this.cursor.position >= holdAt) this.cursor.park();
  }

  // No async function, to be quick: this runs once for each line and receiver.
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

  /** Reading goes on to the end. Lines that the client sent before it left are relayed. */
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
