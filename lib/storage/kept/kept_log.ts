/**
 * What a member keeps of a room's conversation, sealed, for some days.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "Kept messages"
 */

import { reasonOf } from "../../errors.ts";
import { worded, type Wording } from "../../messages/wording.ts";
import { FileLock } from "../file_lock.ts";
import {
  KEPT_BLOCK_BYTES,
  KEPT_SAVE_MS,
  KEPT_SWEEP_MS,
  MAX_UNSAVED_MESSAGES,
  STATE_LOCK_WAIT_MS,
} from "../limits.ts";
import { makePrivateDirectory, type Warn } from "../private_file.ts";
import { formatBlock, type KeptMessage, parseBlock, takeBlock } from "./block.ts";
import { type BlockName, Blocks, isGapless } from "./blocks.ts";
import { Hits } from "./hits.ts";
import { Marks } from "./marks.ts";
import type { KeptKey } from "./seal.ts";
import { Tail } from "./tail.ts";

/** In ms. */
const DAY_MS = 86_400_000;
const CANNOT_SAVE = "cannot save {path}: {reason}";

/** What a {@linkcode KeptLog} is made of. */
export interface KeptLogParts {
  /** Of one member in one room. It is made when there is something to keep. */
  readonly directory: string;
  readonly key: KeptKey;
  /** How many days messages are kept. */
  readonly days: number;
  /** The clock, in ms since 1970. */
  readonly now: () => number;
  /** Told, once each, of what cannot be read or saved. */
  readonly warn: Warn;
}

/**
 * Messages on disk. Several clients of one member add to them at once, and each message is there
 * once. A call that fails to read or to save warns, and does not reject.
 */
export class KeptLog {
  readonly #parts: KeptLogParts;
  readonly #lock: FileLock;
  readonly #tail: Tail;
  readonly #blocks: Blocks;
  /** The blocks that there are; undefined before they are listed. */
  #names: BlockName[] | undefined;
  /** The last messages that are on disk. */
  readonly #marks = new Marks();
  #unsaved: KeptMessage[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #work: Promise<unknown> = Promise.resolve();
  #sweptAt = -Infinity;
  readonly #warned = new Set<string>();

  constructor(parts: KeptLogParts) {
    this.#parts = parts;
    this.#lock = new FileLock(`${parts.directory}/lock`);
    this.#tail = new Tail(`${parts.directory}/tail`, parts.key);
    this.#blocks = new Blocks(parts.directory, parts.key);
  }

  /**
   * Keeps a message, if it is not kept already: it is on disk half a second later. While nothing can
   * be saved, the last 10,000 wait.
   */
  add(message: KeptMessage): void {
    this.#unsaved.push(message);
    if (this.#unsaved.length > MAX_UNSAVED_MESSAGES) this.#unsaved.shift();
    this.#timer ??= setTimeout(() => this.#save(), KEPT_SAVE_MS);
  }

  /**
   * Reads the last messages.
   *
   * @param count How many.
   * @returns The messages in order. There may be fewer.
   */
  async past(count: number): Promise<KeptMessage[]> {
    const found: KeptMessage[][] = [];
    await this.#locked(async () => {
      const names = await this.#refresh();
      const { messages } = this.#tail;
      found.push(this.#isOld(this.#tail) ? [] : messages.slice());
      let left = count - found[0]!.length;
      // One by one: a block has some 300 messages.
      for (let i = names.length - 1; i >= 0 && left > 0; i--) {
        const block = await this.#readBlock(names[i]!);
        found.unshift(block);
        left -= block.length;
      }
    });
    // A start does not wait for it.
    this.#locked(() => this.#sweep());
    const messages = found.flat();
    this.#marks.note(messages);
    return messages.slice(-count || messages.length);
  }

  /**
   * Finds messages with a text in `<nickname> text`. Letter case does not matter.
   *
   * @param pattern The text to look for.
   * @param most How many of them are wanted.
   */
  async search(pattern: string, most: number): Promise<Hits> {
    await this.#save();
    let names: BlockName[] = [];
    let tail: readonly KeptMessage[] = [];
    await this.#locked(async () => {
      names = await this.#refresh();
      tail = this.#isOld(this.#tail) ? [] : this.#tail.messages.slice();
    });
    const hits = new Hits(pattern, most);
    hits.take(formatBlock([...tail, ...this.#unsaved]));
    for await (const block of this.#blocks.read(names)) {
      if (block === undefined) this.#tellDamage();
      else hits.take(block);
    }
    return hits;
  }

  /** Saves what is not saved yet. */
  async close(): Promise<void> {
    await this.#save();
    await this.#work;
  }

  async #save(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#unsaved.length > 0) await this.#locked(() => this.#write());
  }

  /** Writes what is not on disk yet. The caller holds the lock. */
  async #write(): Promise<void> {
    await this.#refresh();
    await this.#sweep();
    let left = this.#unsaved;
    this.#unsaved = [];
    try {
      while (left.length > 0) {
        const part = takeBlock(left);
        const fresh = part.filter((message) => !this.#marks.has(message));
        if (fresh.length > 0) await this.#append(new Marks().takeNew(fresh));
        this.#marks.note(fresh);
        left = left.slice(part.length);
      }
    } finally {
      this.#unsaved = [...left, ...this.#unsaved].slice(-MAX_UNSAVED_MESSAGES);
    }
  }

  async #append(messages: readonly KeptMessage[]): Promise<void> {
    const tail = this.#tail;
    if (tail.bytes >= KEPT_BLOCK_BYTES || tail.day !== this.#today) {
      const { number, day } = tail;
      if (tail.messages.length === 0) return await tail.begin(number, this.#today, messages);
      await this.#blocks.write({ number, day }, tail.messages);
      this.#names?.push({ number, day });
      await tail.begin(number + 1, this.#today, messages);
    } else {
      await tail.append(messages);
    }
  }

  /**
   * Reads what others have added. The caller holds the lock.
   *
   * @returns The blocks that there are and that are not too old.
   */
  async #refresh(): Promise<BlockName[]> {
    const tail = this.#tail;
    const before = tail.number;
    const isOther = await tail.read();
    if (isOther || !this.#names) this.#names = await this.#blocks.list();
    const names = this.#names;
    const last = names.at(-1)?.number ?? 0;
    // Missing; or killed between a block and the next tail: its messages are in both.
    if (tail.isMissing || last >= tail.number) {
      await tail.begin(last + 1, this.#today, []);
    } else if (isOther && before > 0) {
      const others = names.filter(({ number }) => before <= number && number < tail.number);
      for (const name of others) this.#marks.note(await this.#readBlock(name));
    }
    this.#marks.note(tail.messages);
    const kept = names.filter((name) => !this.#isOld(name));
    if (!isGapless(kept, tail.number)) this.#tellDamage();
    return kept;
  }

  /** Removes what is too old, now and then. The caller holds the lock. */
  async #sweep(): Promise<void> {
    if (this.#parts.now() - this.#sweptAt < KEPT_SWEEP_MS) return;
    this.#sweptAt = this.#parts.now();
    const kept = await this.#refresh();
    const tail = this.#tail;
    if (this.#isOld(tail)) await tail.begin(tail.number, this.#today, []);
    const old = this.#names!.filter((name) => this.#isOld(name));
    await Promise.all(old.map((name) => this.#blocks.remove(name)));
    this.#names = kept;
  }

  #isOld({ day }: BlockName): boolean {
    return day + this.#parts.days < this.#today;
  }

  async #readBlock(name: BlockName): Promise<KeptMessage[]> {
    const [block] = await Array.fromAsync(this.#blocks.read([name]));
    if (block === undefined) this.#tellDamage();
    return block === undefined ? [] : parseBlock(block);
  }

  get #today(): number {
    return Math.max(0, Math.floor(this.#parts.now() / DAY_MS));
  }

  /** Does something while no other client of the member does. It never rejects. */
  async #locked(fn: () => Promise<void>): Promise<void> {
    const { directory } = this.#parts;
    this.#work = this.#work.then(async () => {
      try {
        await makePrivateDirectory(directory);
        using _held = await this.#lock.acquire(STATE_LOCK_WAIT_MS);
        await fn();
        this.#warned.delete(CANNOT_SAVE);
      } catch (error) {
        this.#warnOnce(worded(CANNOT_SAVE, { path: directory, reason: reasonOf(error) }));
      }
    });
    await this.#work;
  }

  #tellDamage(): void {
    const { directory: path } = this.#parts;
    this.#warnOnce(worded("some of the messages kept in {path} are damaged or missing", { path }));
  }

  #warnOnce(warning: Wording): void {
    if (this.#warned.has(warning.phrase)) return;
    this.#warned.add(warning.phrase);
    this.#parts.warn(warning);
  }
}
