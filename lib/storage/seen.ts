/**
 * Which messages have been seen in a room. What a client keeps of this has bounds, in total and for
 * each author, and to keep a message costs the same however much is kept.
 *
 * @module
 * @see docs/PROTOCOL.md, "Replay"
 */

import { mergeWindows, type SequenceWindow } from "../protocol/sequence_window.ts";
import {
  MAX_LOOKED_AT,
  MAX_WINDOWS,
  MAX_WINDOWS_OF_ONE_KEY,
  MIN_WINDOWS_OF_ONE_KEY,
} from "./limits.ts";
import { SeenAuthor } from "./seen_author.ts";
import { SeenCrowd } from "./seen_crowd.ts";
import { SeenGaps } from "./seen_gaps.ts";
import { formatFloor, formatHead, formatWindow, type SeenRecords } from "./seen_format.ts";
import { Tally } from "./tally.ts";

/** What becomes of a window. */
export type Keeping =
  /** It is kept, also on disk. */
  | "kept"
  /** There is no room: it is kept for a while, and not on disk. */
  | "crowd"
  /** Its author has too many. */
  | "dropped";

/**
 * What has been seen in one room. It has no clock: the caller says what time it is, in whole unix
 * seconds.
 *
 * Who has the most loses its oldest first. So nobody can make others lose theirs by having more. A
 * window that is dropped leaves a floor: a message of that time or an older one may have been seen.
 * The floor is its author's alone, unless all that was seen of the author is long ago.
 */
export class Seen {
  /**
   * The newest Fernet time of all tokens that were seen. After a start, a plain token of this time or
   * an older one is not live.
   */
  newestTime = 0;
  /** A message of this time or an older one may have been seen, whoever wrote it. */
  floor = 0;
  readonly #authors = new Map<string, SeenAuthor>();
  /** How many windows each author has. */
  readonly #windows = new Tally();
  readonly #gaps = new SeenGaps();
  readonly #crowd = new SeenCrowd();
  /** Goes round the authors, in search of one that can be forgotten. */
  #round: MapIterator<SeenAuthor> = this.#authors.values();
  readonly #changed = new Set<SequenceWindow>();
  readonly #raised = new Set<SeenAuthor>();
  #savedHead = "";

  /** How many windows are kept. */
  get size(): number {
    return this.#windows.total;
  }

  /** The window of a run; undefined if there is none. */
  find(id: string, epoch: string): SequenceWindow | undefined {
    return this.#authors.get(id)?.windows.get(epoch) ?? this.#crowd.find(id, epoch);
  }

  /** The time up to which a message of this author may have been seen, if it has no window. */
  floorOf(id: string): number {
    return this.#authors.get(id)?.floor ?? this.#crowd.floor;
  }

  /**
   * Keeps a window that was found, or that is new. Call it before the window counts a message.
   *
   * @param window Its `seenAt` includes the message's time.
   * @param now The time.
   */
  keep(window: SequenceWindow, now: number): Keeping {
    const author = this.#authors.get(window.id);
    if (author?.windows.get(window.epoch) === window) {
      this.#changed.add(window);
      return "kept";
    }
    if (author) return this.#keepRun(author, window, now);
    if (!this.#makeRoom(now)) {
      this.#crowd.keep(window, now);
      return "crowd";
    }
    this.#insert(this.#welcome(window.id), window);
    return "kept";
  }

  /** Notes that a window counts messages otherwise than before. */
  note(window: SequenceWindow): void {
    const author = this.#authors.get(window.id);
    if (author?.windows.get(window.epoch) !== window) return;
    this.#changed.add(window);
    this.#gaps.count(window);
    for (let id; (id = this.#gaps.excessive(author.id));) this.#fill(this.#authors.get(id)!);
  }

  /**
   * Adds what a file tells. A message that was seen here or there was seen. This is no change to be
   * saved: files that are joined are written anew.
   *
   * @param now The time.
   */
  add({ newestTime, floor, windows, floors }: SeenRecords, now: number): void {
    this.newestTime = Math.max(this.newestTime, newestTime);
    this.floor = Math.max(this.floor, floor);
    for (const window of windows.values()) this.#addWindow(window, now);
    for (const [id, own] of floors) {
      const author = this.#authors.get(id);
      if (author) this.#raise(author, own);
      else this.floor = Math.max(this.floor, Math.min(own, now));
    }
    this.#forgetChanges();
  }

  /** Writes all that is kept. */
  format(): string {
    this.#forgetChanges();
    const lines = [this.#head];
    for (const { id, windows, floor } of this.#authors.values()) {
      for (const window of windows.values()) lines.push(formatWindow(window));
      if (floor > 0) lines.push(formatFloor(id, floor));
    }
    return lines.join("");
  }

  /** Writes what has changed since the last call. */
  takeChanges(): string {
    const lines = this.#head === this.#savedHead ? [] : [this.#head];
    for (const window of this.#changed) lines.push(formatWindow(window));
    for (const { id, floor } of this.#raised) lines.push(formatFloor(id, floor));
    this.#forgetChanges();
    return lines.join("");
  }

  #forgetChanges(): void {
    this.#savedHead = this.#head;
    this.#changed.clear();
    this.#raised.clear();
  }

  /** What the crowd has seen is not on disk: it counts as seen in the next run. */
  get #head(): string {
    return formatHead(this.newestTime, Math.max(this.floor, this.#crowd.newestTime));
  }

  /** Keeps a further run of an author. */
  #keepRun(author: SeenAuthor, window: SequenceWindow, now: number): Keeping {
    if (!author.mayBegin(window, now)) {
      this.#raise(author, window.seenAt);
      return "dropped";
    }
    this.#insert(author, window);
    return author.windows.has(window.epoch) ? "kept" : "dropped";
  }

  #addWindow(window: SequenceWindow, now: number): void {
    const known = this.find(window.id, window.epoch);
    if (known) return this.note(Object.assign(known, mergeWindows(known, window)));
    const author = this.#authors.get(window.id);
    if (author || this.#makeRoom(now)) this.#insert(author ?? this.#welcome(window.id), window);
    else this.floor = Math.max(this.floor, Math.min(window.seenAt, now));
  }

  #welcome(id: string): SeenAuthor {
    const author = new SeenAuthor(id);
    this.#authors.set(id, author);
    this.#raise(author, this.#crowd.floor);
    return author;
  }

  /** Gives an author a window. What is too much then goes; it may be that window. */
  #insert(author: SeenAuthor, window: SequenceWindow): void {
    this.#crowd.release(window);
    author.windows.set(window.epoch, window);
    this.#windows.add(author.id, 1);
    this.#changed.add(window);
    if (window.missing.length > 0) this.note(window);
    const isOver = this.size > MAX_WINDOWS && !this.#dropOfMost();
    if (isOver || author.windows.size > MAX_WINDOWS_OF_ONE_KEY) this.#dropOldest(author);
  }

  /** Makes room for one more window. Returns whether there is. */
  #makeRoom(now: number): boolean {
    return this.size < MAX_WINDOWS || this.#dropOfMost() || this.#forgetSomebody(now);
  }

  /** Drops a window of the author that has the most, unless nobody has many. */
  #dropOfMost(): boolean {
    const most = this.#windows.most!;
    if (this.#windows.of(most) <= MIN_WINDOWS_OF_ONE_KEY) return false;
    this.#dropOldest(this.#authors.get(most)!);
    return true;
  }

  #dropOldest(author: SeenAuthor): void {
    const { oldest } = author;
    this.#drop(author, oldest);
    this.#raise(author, oldest.seenAt);
  }

  #drop(author: SeenAuthor, window: SequenceWindow): void {
    author.windows.delete(window.epoch);
    this.#windows.add(author.id, -1);
    this.#gaps.drop(window);
    this.#changed.delete(window);
  }

  #raise(author: SeenAuthor, time: number): void {
    if (time <= author.floor) return;
    author.floor = time;
    this.#raised.add(author);
  }

  /** Forgets an author of whom all is old by its time, if one is found soon. */
  #forgetSomebody(now: number): boolean {
    for (let i = 0; i < MAX_LOOKED_AT; i++) {
      const author = this.#round.next().value;
      if (!author) this.#round = this.#authors.values();
      else if (author.isLongAgo(now)) {
        this.#forget(author, now);
        return true;
      }
    }
    return false;
  }

  #forget(author: SeenAuthor, now: number): void {
    this.floor = Math.max(this.floor, Math.min(author.newestTime, now));
    for (const window of author.windows.values()) this.#drop(author, window);
    this.#authors.delete(author.id);
    this.#raised.delete(author);
  }

  /** Lets the lowest range of an author's oldest window that has one count as seen. */
  #fill(author: SeenAuthor): void {
    for (const window of author.windows.values()) this.#gaps.count(window);
    const { oldestHoled } = author;
    if (!oldestHoled) return;
    oldestHoled.missing = oldestHoled.missing.slice(1);
    this.#changed.add(oldestHoled);
    this.#gaps.count(oldestHoled);
  }
}
