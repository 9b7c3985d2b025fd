/**
 * What a relay has to publish: a queue of parts, from which entries are made.
 *
 * @module
 */

import { concat } from "../bytes/concat.ts";
import type { Attendance, CarriedSource } from "../relay/carrier.ts";
import type { LinesPart, Part } from "./entry.ts";
import {
  MAX_BATCH_BYTES,
  MAX_LOCAL,
  MAX_WAITING_ATTENDANCES,
  PART_OVERHEAD_BYTES,
} from "./limits.ts";

/** The byte that ends a line. */
const LF = 0x0a;

/** Parts of the next entry. */
export interface Batch {
  readonly parts: readonly Part[];
  /** The number of the last part, counted from the start. */
  readonly ticket: number;
  /** What the batch has counted as in the queue, in bytes. */
  readonly bytes: number;
}

/** Parts that wait, in the order in which they came. */
export class Outbox {
  #parts: Part[] = [];
  #bytes = 0;
  /** Parts put in so far. */
  #tickets = 0;
  #attendances = 0;
  /** Members whose coming is in the queue, or was. */
  readonly #members = new Set<number>();
  /** Whether comings and goings were left out. */
  #isCut = false;

  /** What waits, in bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The number of the part that was put in last. */
  get ticket(): number {
    return this.#tickets;
  }

  /** Members that this relay has, as far as the queue tells. */
  get members(): number {
    return this.#members.size;
  }

  /**
   * Puts lines in.
   *
   * @param source Whose they are.
   * @param run Whole lines. They are copied.
   * @param lines How many.
   * @param isFirstFleeting Whether the first one is not for the backlog.
   */
  putLines(
    { cid, peerClass }: CarriedSource,
    run: Uint8Array,
    lines: number,
    isFirstFleeting: boolean,
  ): void {
    const source = { kind: "lines", local: cid % MAX_LOCAL, peerClass } as const;
    const fleeting = isFirstFleeting ? run.indexOf(LF) + 1 : 0;
    if (fleeting > 0) {
      const bytes = run.slice(0, fleeting);
      this.#put({ ...source, isKept: false, lines: 1, bytes });
    }
    let left = lines - (isFirstFleeting ? 1 : 0);
    for (let from = fleeting; from < run.length;) {
      const to = endOfPiece(run, from);
      const bytes = run.slice(from, to);
      const count = to === run.length ? left : countLines(bytes);
      this.#put({ ...source, isKept: true, lines: count, bytes });
      left -= count;
      from = to;
    }
  }

  /** Puts in that a member's connection came or went. */
  putAttendance(kind: Attendance, cid: number): void {
    const local = cid % MAX_LOCAL;
    if (kind === "JOINED") this.#members.add(local);
    else this.#members.delete(local);
    if (this.#attendances >= MAX_WAITING_ATTENDANCES) this.#isCut = true;
    else this.#put({ kind, local });
  }

  /** Puts in a list of all members. */
  putMembers(): void {
    this.#isCut = false;
    this.#put({ kind: "members", locals: [...this.#members] });
  }

  /** Takes parts out for one entry: of 256 KiB at most, or one part that is longer. */
  take(): Batch | undefined {
    if (this.#parts.length === 0 && this.#isCut) this.putMembers();
    if (this.#parts.length === 0) return undefined;
    let count = 0;
    let bytes = 0;
    while (count < this.#parts.length) {
      const size = sizeOf(this.#parts[count]!);
      if (count > 0 && bytes + size > MAX_BATCH_BYTES) break;
      bytes += size;
      count++;
    }
    const taken = this.#parts.splice(0, count);
    this.#bytes -= bytes;
    for (const { kind } of taken) if (kind === "JOINED" || kind === "GONE") this.#attendances--;
    const ticket = this.#tickets - this.#parts.length;
    return { parts: joinLines(taken), ticket, bytes };
  }

  #put(part: Part): void {
    if (part.kind === "JOINED" || part.kind === "GONE") this.#attendances++;
    this.#parts.push(part);
    this.#bytes += sizeOf(part);
    this.#tickets++;
  }
}

/** What a part counts as, in bytes. */
function sizeOf(part: Part): number {
  if (part.kind === "lines") return part.bytes.length + PART_OVERHEAD_BYTES;
  return PART_OVERHEAD_BYTES + (part.kind === "members" ? 8 * part.locals.length : 0);
}

/** Where the piece of a run ends that is not longer than an entry may be. */
function endOfPiece(run: Uint8Array, from: number): number {
  if (run.length - from <= MAX_BATCH_BYTES) return run.length;
  return run.lastIndexOf(LF, from + MAX_BATCH_BYTES - 1) + 1;
}

function countLines(bytes: Uint8Array): number {
  let lines = 0;
  for (let lf = bytes.indexOf(LF); lf >= 0; lf = bytes.indexOf(LF, lf + 1)) lines++;
  return lines;
}

/** Puts lines of one connection together that stand next to each other. */
function joinLines(parts: readonly Part[]): Part[] {
  const joined: Part[] = [];
  for (let i = 0; i < parts.length;) {
    const first = parts[i]!;
    const group: Part[] = [first];
    while (isAlike(first, parts[i + group.length])) group.push(parts[i + group.length]!);
    i += group.length;
    const runs = group as LinesPart[];
    joined.push(
      group.length === 1 ? first : {
        ...runs[0]!,
        lines: runs.reduce((sum, { lines }) => sum + lines, 0),
        bytes: concat(...runs.map(({ bytes }) => bytes)),
      },
    );
  }
  return joined;
}

function isAlike(a: Part, b: Part | undefined): boolean {
  return a.kind === "lines" && b?.kind === "lines" && a.local === b.local &&
    a.peerClass === b.peerClass && a.isKept === b.isKept;
}
