/**
 * The backlog: the last lines of the room, for members that come later.
 *
 * @module
 * @see docs/PROTOCOL.md, "Backlog"
 */

import {
  GUEST_BACKLOG_BYTES,
  GUEST_BACKLOG_LINES,
  MAX_BACKLOG_AGE_MS,
  MAX_BACKLOG_BYTES,
} from "../limits.ts";
import type { PeerClass } from "../watch/events.ts";
import type { Stretch } from "./cursor.ts";

/** The byte that ends a line. */
const LF = 0x0a;
/** Of the lines that a member asks for, one in ten may be a guest's, however many members wrote. */
const GUEST_SHARE = 10;

/** Where lines come from. */
export interface Source {
  /** Number of the connection that wrote the lines. */
  readonly cid: number;
  readonly peerClass: PeerClass;
  /** Position in the log after the last line. */
  readonly end: number;
  /** When the lines came, in ms, by a clock that never runs back. */
  readonly time: number;
}

/** A member that asks for lines. */
export interface Reader {
  /** Number of the member's connection. Lines that it wrote are left out. */
  readonly cid: number;
  /** The part of the log that was written to the member. It is left out, too. */
  readonly seen: Stretch;
  /** How many lines the member wants at most. */
  readonly lines: number;
  /** The time of that clock, in ms. */
  readonly now: number;
}

/** Lines of the backlog, in the log's order. */
export interface Recalled {
  readonly lines: number;
  /** Whole lines, each with its LF. The bytes never change. */
  readonly parts: readonly Uint8Array[];
}

/** Lines of one peer that came in one read. */
export interface Chunk extends Source {
  readonly lines: number;
  /** Whole lines, each with its LF. The bytes never change. */
  readonly bytes: Uint8Array;
}

/**
 * Copies of the last lines. Lines of members and a few lines of guests are kept apart, so that a
 * guest's flood pushes out no line of a member.
 *
 * The memory has a bound: `maxLines` lines of 2 MiB at most, and one run more. `append()` copies no
 * more than the lines that it keeps.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const backlog = new Backlog(200);
 * const run = new TextEncoder().encode("one\ntwo\n");
 * backlog.append(run, 2, { cid: 1, peerClass: "member", end: 8, time: 0 });
 * const reader = { cid: 2, seen: { from: 8, to: 8 }, lines: 1, now: 0 };
 * assert.equal(new TextDecoder().decode(backlog.recall(reader).parts[0]), "two\n");
 * ```
 */
export class Backlog {
  readonly #maxLines: number;
  readonly #shelves: Readonly<Record<PeerClass, Shelf>>;

  /** @param maxLines Lines that are kept; 0 keeps none. */
  constructor(maxLines: number) {
    this.#maxLines = maxLines;
    this.#shelves = {
      member: new Shelf(maxLines, MAX_BACKLOG_BYTES - GUEST_BACKLOG_BYTES),
      guest: new Shelf(Math.min(maxLines, GUEST_BACKLOG_LINES), GUEST_BACKLOG_BYTES),
    };
  }

  /**
   * Keeps lines, or the last of them if they are too many.
   *
   * @param run Whole lines, each with its LF. They are copied.
   * @param lines How many lines are in `run`.
   * @param source Where the lines come from.
   */
  append(run: Uint8Array, lines: number, source: Source): void {
    if (this.#maxLines > 0) this.#shelves[source.peerClass].append(run, lines, source);
  }

  /**
   * Looks up the last lines that were not written to a member.
   *
   * @param reader The member.
   * @returns As many lines as the member wants, or all that there are. Guests' lines take one in
   * ten of them, or more where members' lines are too few.
   */
  recall(reader: Reader): Recalled {
    const { member, guest } = this.#shelves;
    const wanted = Math.min(reader.lines, this.#maxLines);
    const unused = wanted - count(member.recall(reader, wanted));
    const share = Math.max(unused, Math.floor(wanted / GUEST_SHARE));
    const ofGuests = guest.recall(reader, Math.min(share, GUEST_BACKLOG_LINES));
    const ofMembers = member.recall(reader, wanted - count(ofGuests));
    const chunks = [...ofMembers, ...ofGuests].sort((a, b) => a.end - b.end);
    return { lines: count(chunks), parts: chunks.map(({ bytes }) => bytes) };
  }

  /** Bytes that are kept. */
  get bytes(): number {
    return this.#shelves.member.bytes + this.#shelves.guest.bytes;
  }

  /**
   * Lists what is kept, in the log's order.
   *
   * @param end Only what came after this position of the log.
   */
  since(end: number): Chunk[] {
    const { member, guest } = this.#shelves;
    return [...member.since(end), ...guest.since(end)].sort((a, b) => a.end - b.end);
  }

  /**
   * Forgets lines that are too old.
   *
   * @param now The time, in ms, by the clock of {@linkcode Source}.
   */
  expire(now: number): void {
    for (const shelf of Object.values(this.#shelves)) shelf.expire(now);
  }
}

/** Lines of one class of peers. */
class Shelf {
  readonly #maxLines: number;
  readonly #maxBytes: number;
  readonly #chunks: Chunk[] = [];
  #lines = 0;
  #bytes = 0;

  constructor(maxLines: number, maxBytes: number) {
    this.#maxLines = maxLines;
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  since(end: number): Chunk[] {
    return this.#chunks.slice(this.#chunks.findLastIndex((chunk) => chunk.end <= end) + 1);
  }

  append(run: Uint8Array, lines: number, source: Source): void {
    const { cid, peerClass, end, time } = source;
    const kept = Math.min(lines, this.#maxLines);
    const bytes = takeLast(run, lines, kept).slice();
    this.#chunks.push({ cid, peerClass, end, time, lines: kept, bytes });
    this.#lines += kept;
    this.#bytes += bytes.length;
    for (let oldest = this.#chunks[0]!; this.#isDispensable(oldest); oldest = this.#chunks[0]!) {
      this.#dropOldest(oldest);
    }
  }

  /** The last lines, in order. A chunk that is cut shares its bytes with the one that is kept. */
  recall({ cid, seen, now }: Reader, lines: number): Chunk[] {
    const found: Chunk[] = [];
    let linesLeft = lines;
    let bytesLeft = this.#maxBytes;
    for (const chunk of this.#chunks.toReversed()) {
      if (linesLeft === 0 || now - chunk.time > MAX_BACKLOG_AGE_MS) break;
      // A part that was written to a member ends between two chunks, and never within one.
      const isSeen = seen.from < chunk.end && chunk.end <= seen.to;
      if (isSeen || chunk.cid === cid) continue;
      const wanted = Math.min(chunk.lines, linesLeft);
      const bytes = takeLast(chunk.bytes, chunk.lines, wanted);
      if (bytes.length > bytesLeft) {
        const fitting = takeLastBytes(bytes, bytesLeft);
        if (fitting.length > 0) {
          found.push({ ...chunk, bytes: fitting, lines: countLines(fitting) });
        }
        break;
      }
      found.push({ ...chunk, bytes, lines: wanted });
      linesLeft -= wanted;
      bytesLeft -= bytes.length;
    }
    return found.reverse();
  }

  expire(now: number): void {
    for (const chunk of [...this.#chunks]) {
      if (now - chunk.time <= MAX_BACKLOG_AGE_MS) return;
      this.#dropOldest(chunk);
    }
  }

  /** Whether the chunks after the oldest one reach a bound without it. */
  #isDispensable({ lines, bytes }: Chunk): boolean {
    return this.#lines - lines >= this.#maxLines || this.#bytes - bytes.length >= this.#maxBytes;
  }

  #dropOldest({ lines, bytes }: Chunk): void {
    this.#chunks.shift();
    this.#lines -= lines;
    this.#bytes -= bytes.length;
  }
}

function count(chunks: readonly Chunk[]): number {
  return chunks.reduce((sum, { lines }) => sum + lines, 0);
}

/** The last `wanted` of the `lines` lines in `bytes`. */
function takeLast(bytes: Uint8Array, lines: number, wanted: number): Uint8Array {
  if (wanted >= lines) return bytes;
  let start = bytes.length;
  for (let i = 0; i < wanted; i++) start = bytes.lastIndexOf(LF, start - 2) + 1;
  return bytes.subarray(start);
}

/** The last whole lines that fit into `maxBytes`. */
function takeLastBytes(bytes: Uint8Array, maxBytes: number): Uint8Array {
  if (maxBytes === 0) return bytes.subarray(bytes.length);
  const lf = bytes.indexOf(LF, bytes.length - maxBytes - 1);
  return bytes.subarray(lf + 1);
}

function countLines(bytes: Uint8Array): number {
  let lines = 0;
  for (let lf = bytes.indexOf(LF); lf >= 0; lf = bytes.indexOf(LF, lf + 1)) lines++;
  return lines;
}
