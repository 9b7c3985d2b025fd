/**
 * The last messages that are kept, in a file that is appended to.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "Kept messages"
 */

import { concat } from "../../bytes/concat.ts";
import { writeAll } from "../../bytes/write_all.ts";
import { MAX_TAIL_RECORDS } from "../limits.ts";
import { formatBlock, type KeptMessage, parseBlock } from "./block.ts";
import type { KeptKey } from "./seal.ts";

const OPEN: Deno.OpenOptions = { read: true, write: true };
/** `kept1`, ten digits, six digits, 16 digits of hex, three spaces and LF. */
const HEAD_BYTES = 41;
/** Bytes of a record's length. */
const LENGTH_BYTES = 4;

/**
 * The tail of the log: the messages that will be block number `number`.
 *
 * Several processes may use the file, one at a time: the caller holds a lock. Each knows by a stamp
 * whether the file is the one that it has read, and then reads no more than what is new.
 */
export class Tail {
  /** The number of the block that the messages are for; 0 before there is a tail. */
  number = 0;
  /** The day, in days since 1970, on which they were kept. */
  day = 0;
  /** The messages, in order. */
  messages: KeptMessage[] = [];
  /** Bytes of the messages. */
  bytes = 0;
  readonly #path: string;
  readonly #key: KeptKey;
  #stamp = "";
  #records = 0;
  #end = 0;

  constructor(path: string, key: KeptKey) {
    this.#path = path;
    this.#key = key;
  }

  /** Whether there is no tail, or a damaged one. */
  get isMissing(): boolean {
    return this.#stamp === "";
  }

  /**
   * Reads what is new.
   *
   * @returns Whether the file is another one than before: what was in that one is in a block.
   * @throws {Error} If it cannot be read. It may be missing.
   */
  async read(): Promise<boolean> {
    const file = await Deno.open(this.#path).catch(ignoreNotFound);
    using _file = file;
    const bytes = file ? await readFile(file, this.#stamp === "" ? 0 : this.#end) : EMPTY;
    const head = bytes.subarray(0, HEAD_BYTES);
    const [, number, day, stamp] =
      /^kept1 ([0-9]{10}) ([0-9]{6}) ([0-9a-f]{16})\n$/.exec(new TextDecoder().decode(head)) ?? [];
    if (stamp !== undefined && stamp === this.#stamp) {
      await this.#take(bytes.subarray(HEAD_BYTES));
      return false;
    }
    const known = this.#stamp;
    Object.assign(this, { number: Number(number ?? 0), day: Number(day ?? 0) });
    Object.assign(this, { messages: [], bytes: 0 });
    [this.#stamp, this.#records, this.#end] = [stamp ?? "", 0, HEAD_BYTES];
    if (file && stamp !== undefined) {
      const rest = known === "" ? bytes : await readFile(file, 0);
      await this.#take(rest.subarray(HEAD_BYTES));
    }
    return true;
  }

  /** Adds messages, behind what `read()` has just read. */
  async append(messages: readonly KeptMessage[]): Promise<void> {
    if (this.#records >= MAX_TAIL_RECORDS) {
      // A start opens each record by itself, which takes time.
      return await this.begin(this.number, this.day, [...this.messages, ...messages]);
    }
    const { record, size } = await this.#seal(messages, this.#records);
    using file = await Deno.open(this.#path, OPEN);
    // What a killed process left behind the last whole record.
    await file.truncate(this.#end);
    await file.seek(this.#end, Deno.SeekMode.Start);
    await writeAll(file, record);
    this.#end += record.length;
    this.#note(messages, size);
  }

  /** Begins another tail. A process that is killed leaves the one before. */
  async begin(number: number, day: number, messages: readonly KeptMessage[]): Promise<void> {
    Object.assign(this, { number, day, messages: [], bytes: 0 });
    this.#records = 0;
    this.#stamp = crypto.getRandomValues(new Uint8Array(8)).toHex();
    const fields = [String(number).padStart(10, "0"), String(day).padStart(6, "0")];
    const head = new TextEncoder().encode(`kept1 ${fields.join(" ")} ${this.#stamp}\n`);
    const parts = [head];
    if (messages.length > 0) {
      const { record, size } = await this.#seal(messages, 0);
      parts.push(record);
      this.#note(messages, size);
    }
    const bytes = concat(...parts);
    await replaceFile(this.#path, bytes);
    this.#end = bytes.length;
  }

  async #seal(
    messages: readonly KeptMessage[],
    place: number,
  ): Promise<{ record: Uint8Array<ArrayBuffer>; size: number }> {
    const plaintext = new TextEncoder().encode(formatBlock(messages));
    const sealed = await this.#key.seal(plaintext, this.#placeOf(place));
    const length = new Uint8Array(LENGTH_BYTES);
    new DataView(length.buffer).setUint32(0, sealed.length);
    return { record: concat(length, sealed), size: plaintext.length };
  }

  #note(messages: readonly KeptMessage[], size: number): void {
    this.messages.push(...messages);
    this.bytes += size;
    this.#records++;
  }

  /** Takes the records in some bytes, up to the last that is whole. */
  async #take(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const records: { sealed: Uint8Array<ArrayBuffer>; end: number }[] = [];
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let start = 0; start + LENGTH_BYTES <= bytes.length;) {
      const end = start + LENGTH_BYTES + view.getUint32(start);
      if (end > bytes.length) break;
      records.push({ sealed: bytes.subarray(start + LENGTH_BYTES, end), end });
      start = end;
    }
    const from = this.#records;
    const opened = await Promise.all(records.map(({ sealed }, i) => {
      return this.#key.open(sealed, this.#placeOf(from + i));
    }));
    const end = this.#end;
    for (const [i, plaintext] of opened.entries()) {
      if (!plaintext) continue;
      this.#note(parseBlock(new TextDecoder().decode(plaintext)), plaintext.length);
      this.#records = from + i + 1;
      this.#end = end + records[i]!.end;
    }
  }

  #placeOf(record: number): string {
    return `tail ${this.number} ${this.day} ${record}`;
  }
}

const EMPTY = new Uint8Array();

/** The head of a file, and what is behind a place in it. */
async function readFile(file: Deno.FsFile, from: number): Promise<Uint8Array<ArrayBuffer>> {
  const { size } = await file.stat();
  const start = Math.max(from, HEAD_BYTES);
  const bytes = new Uint8Array(HEAD_BYTES + Math.max(0, size - start));
  let length = 0;
  await file.seek(0, Deno.SeekMode.Start);
  while (length < bytes.length) {
    if (length === HEAD_BYTES) await file.seek(start, Deno.SeekMode.Start);
    const to = length < HEAD_BYTES ? HEAD_BYTES : bytes.length;
    const read = await file.read(bytes.subarray(length, to));
    if (read === null) break;
    length += read;
  }
  return bytes.subarray(0, length);
}

/**
 * Writes a file of mode 0600 under another name, and gives it its name when it is on disk.
 *
 * @param path The file. The caller holds a lock that no two do this at once.
 */
export async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.tmp`;
  {
    const options = { write: true, create: true, truncate: true, mode: 0o600 };
    using file = await Deno.open(temporary, options);
    await writeAll(file, bytes);
    // A mount that cannot sync keeps the file as well as it can.
    await file.syncData().catch(() => {});
  }
  await Deno.rename(temporary, path);
}

function ignoreNotFound(error: unknown): undefined {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}
