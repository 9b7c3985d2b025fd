/**
 * Keeping the backlog in a file, for a relay that starts again.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "The backlog file"
 */

import { settleWithin } from "../../async/within.ts";
import {
  CLOCK_JUMP_MS,
  KEEP_DELAY_MS,
  KEEP_DRAIN_MS,
  KEEP_RETRY_MS,
  KEEP_SHARE,
  MAX_BACKLOG_AGE_MS,
  MAX_DEAD_BYTES,
  MAX_DEAD_MS,
  MAX_KEEP_DELAY_MS,
} from "../limits.ts";
import type { PeerClass, RelayEvent } from "../watch/events.ts";
import type { RelayStats } from "../watch/stats.ts";
import type { Backlog, Chunk } from "./backlog.ts";

/** Lines as they are kept. */
export interface KeptLines {
  /** When they came, in whole ms since 1970. */
  readonly time: number;
  readonly peerClass: PeerClass;
  readonly lines: number;
  /** Whole lines, each with its LF. */
  readonly bytes: Uint8Array;
}

/** What lines are kept in. `BacklogFile` is one. Its calls are made one after the other. */
export interface BacklogStore {
  /** What it held when it was opened, in order. */
  readonly records: readonly KeptLines[];
  /** Bytes in it. */
  readonly bytes: number;
  /** Adds lines. */
  append(records: readonly KeptLines[]): Promise<void>;
  /** Puts lines in the place of all others. */
  rewrite(records: readonly KeptLines[]): Promise<void>;
}

/** What a {@linkcode Keeper} works with. */
export interface KeeperParts {
  readonly store: BacklogStore;
  readonly backlog: Backlog;
  /** Puts the last lines into the backlog. */
  readonly file: () => void;
  /** The clock of the backlog, in ms. */
  readonly now: () => number;
  /** The clock on the wall, in ms since 1970. */
  readonly wall: () => number;
  readonly stats: RelayStats;
  readonly report: (event: RelayEvent) => void;
}

/**
 * Copies the backlog to its store, a moment after lines came and all that came by then at once. No
 * more waits to be written than the backlog holds.
 *
 * Times are kept by the clock on the wall. If that clock is set, all of them are written anew.
 */
export class Keeper {
  readonly #parts: KeeperParts;
  /** The position in the log of what the store has. */
  #keptTo = -Infinity;
  /** Whether the store lacks lines, or has what it should not have. */
  #isBehind = true;
  #hasFailed = false;
  #triedAt = -Infinity;
  /** When the oldest lines in the store came, by the backlog's clock. */
  #oldest = Infinity;
  /** What the clock on the wall is ahead of the other. */
  #ahead: number;
  #delayMs = KEEP_DELAY_MS;
  #isDue = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void> | undefined;

  /** Fills a backlog, which is empty, with what the store held when it was opened. */
  constructor(parts: KeeperParts) {
    this.#parts = parts;
    const { store: { records }, backlog, now, wall } = parts;
    this.#ahead = wall() - now();
    const [present, today] = [now(), wall()];
    let latest = -Infinity;
    for (const [i, { time, peerClass, lines, bytes }] of records.entries()) {
      // What seems to be from the future has just come: the clock was set back.
      latest = Math.max(latest, present - Math.max(0, today - time));
      // No connection has this number. The lines stand in front of the log.
      const source = { cid: 0, peerClass, end: i + 1 - records.length, time: latest };
      backlog.append(bytes, lines, source);
    }
    backlog.expire(present);
    this.note();
  }

  /** Notes that lines have come. */
  note(): void {
    this.#isDue = true;
    if (this.#writing) return;
    this.#timer ??= setTimeout(() => this.#write(), this.#delayMs);
  }

  /** Looks what is due. It is called once a second. */
  sweep(): void {
    const isRetryDue = this.#hasFailed && this.#parts.now() - this.#triedAt >= KEEP_RETRY_MS;
    if (isRetryDue || this.#isTooOld) this.note();
  }

  /** Writes what is not written yet, and waits for it for 2 s at most. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await settleWithin(this.#finish(), KEEP_DRAIN_MS);
    clearTimeout(this.#timer);
  }

  /** Whether lines are in the store that the backlog forgot long ago. */
  get #isTooOld(): boolean {
    return this.#parts.now() - this.#oldest > MAX_BACKLOG_AGE_MS + MAX_DEAD_MS;
  }

  async #finish(): Promise<void> {
    await this.#writing;
    this.#triedAt = -Infinity;
    await this.#write();
  }

  async #write(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isDue = false;
    // The next look finds it due: no line is lost by that, while the backlog has it.
    if (this.#hasFailed && this.#parts.now() - this.#triedAt < KEEP_RETRY_MS) return;
    this.#writing = this.#keep();
    await this.#writing;
    this.#writing = undefined;
    if (this.#isDue) this.note();
  }

  /** It never rejects: a failure is reported, once until writing works again. */
  async #keep(): Promise<void> {
    const { store, backlog, file, now, wall, stats, report } = this.#parts;
    this.#triedAt = now();
    try {
      file();
      const ahead = wall() - now();
      const isSet = Math.abs(ahead - this.#ahead) > CLOCK_JUMP_MS;
      if (isSet) this.#ahead = ahead;
      const fresh = backlog.since(this.#keptTo);
      const isFull = store.bytes + sizeOf(fresh) > backlog.bytes + MAX_DEAD_BYTES;
      const isAnew = this.#isBehind || isSet || isFull || this.#isTooOld;
      const chunks = isAnew ? backlog.since(-Infinity) : fresh;
      this.#isBehind = true;
      const begunAt = now();
      if (isAnew) await store.rewrite(chunks.map((chunk) => this.#stamp(chunk)));
      else if (chunks.length > 0) await store.append(chunks.map((chunk) => this.#stamp(chunk)));
      // Writing anew is rare, and waits for the disk.
      if (!isAnew) this.#pace(now() - begunAt);
      this.#isBehind = false;
      if (isAnew) this.#oldest = Infinity;
      this.#oldest = Math.min(this.#oldest, chunks[0]?.time ?? Infinity);
      this.#keptTo = chunks.at(-1)?.end ?? this.#keptTo;
      if (this.#hasFailed) report({ kind: "backlog again" });
      this.#hasFailed = false;
    } catch (error) {
      stats.backlogFailures++;
      const message = error instanceof Error ? error.message : String(error);
      if (!this.#hasFailed) report({ kind: "backlog failed", message });
      this.#hasFailed = true;
    }
  }

  /** Gives a slow disk time, and the others the processor. */
  #pace(tookMs: number): void {
    this.#delayMs = Math.min(Math.max(KEEP_DELAY_MS, KEEP_SHARE * tookMs), MAX_KEEP_DELAY_MS);
  }

  #stamp({ time, peerClass, lines, bytes }: Chunk): KeptLines {
    return { time: Math.max(0, Math.round(time + this.#ahead)), peerClass, lines, bytes };
  }
}

function sizeOf(chunks: readonly Chunk[]): number {
  return chunks.reduce((sum, { bytes }) => sum + bytes.length, 0);
}
