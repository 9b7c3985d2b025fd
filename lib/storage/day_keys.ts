/**
 * A member's keys of the day: X25519 private keys that open private messages of today and yesterday.
 * All clients of the member in one room share the file.
 *
 * The first line is `days1 <first>`, with the first day whose key may be kept. Each further line is
 * `<day> <private key>`.
 *
 * @module
 * @see docs/PROTOCOL.md, "Private messages"
 */

import { formatBase64Url, parseBase64Url } from "../bytes/base64url.ts";
import { PUBLIC_KEY_BYTES } from "../crypto/ed25519.ts";
import { AGREEMENT_BYTES } from "../crypto/x25519.ts";
import type { Warn } from "./private_file.ts";
import { SharedFile, type SharedFormat } from "./shared_file.ts";

/** Keys that are kept: of yesterday, today and tomorrow, and one that a wrong clock has made. */
export const MAX_DAY_KEYS = 4;
/** Longest file, in bytes: twice what the keys take. */
const MAX_DAY_KEYS_BYTES = 512;
/** Longest time to a save that nobody waits for, in ms. */
const SAVE_DELAY_MS = 1000;

const HEAD = /^days1 (0|[1-9][0-9]{0,8})$/;
const LINE = /^(0|[1-9][0-9]{0,8}) ([A-Za-z0-9_-]{43})$/;

/** The keys by day. */
export interface DayKeyTable {
  /** The first day whose key may be kept. */
  readonly first: number;
  /** The last one, for the next save alone. */
  readonly last?: number;
  /** 32 bytes each. */
  readonly keys: ReadonlyMap<number, Uint8Array<ArrayBuffer>>;
}

/** The format, and how the tables of two clients are joined: of two keys of a day the disk's holds. */
export const DAY_KEY_FORMAT: SharedFormat<DayKeyTable> = {
  empty: () => ({ first: 0, keys: new Map() }),
  parse: parseTable,
  format: ({ first, keys }) => {
    const lines = [...keys].map(([day, key]) => `${day} ${formatBase64Url(key)}\n`);
    return `days1 ${first}\n${lines.join("")}`;
  },
  merge: (disk, mine) => {
    // A first day behind the last one was set by a wrong clock.
    const isOff = mine.last !== undefined && mine.last < disk.first;
    const first = isOff ? mine.first : Math.max(disk.first, mine.first);
    // One array for each key, so that all of it can be overwritten.
    const read = [...disk.keys].map(([day, key]) => [day, own(mine.keys.get(day), key)] as const);
    const all = new Map([...mine.keys, ...read]);
    const { last = Infinity } = mine;
    const kept = [...all].filter(([day]) => day >= first && day <= last);
    kept.sort(([a], [b]) => a - b);
    return { first, keys: new Map(kept.slice(-MAX_DAY_KEYS)) };
  },
};

/** Bytes of a member's key that name its file. */
const NAME_BYTES = 8;

/**
 * Tells where a member's keys of the day are kept. Another identity of the same user has others.
 *
 * @param directory The directory of the room's state.
 * @param id The member's Ed25519 key, in base64url.
 */
export function dayKeysPath(directory: string, id: string): string {
  const name = parseBase64Url(id, PUBLIC_KEY_BYTES)!.subarray(0, NAME_BYTES).toHex();
  return `${directory}/days-${name}`;
}

/** The file of one member in one room. */
export class DayKeyFile implements AsyncDisposable {
  readonly #file: SharedFile<DayKeyTable>;

  private constructor(file: SharedFile<DayKeyTable>) {
    this.#file = file;
  }

  /**
   * Loads the keys.
   *
   * @param path The file, which the first save makes. Undefined for keys that end with the process.
   * @param warn Told of a damaged file, and of a file that cannot be saved.
   */
  static async open(path: string | undefined, warn: Warn): Promise<DayKeyFile> {
    if (path === undefined) return new DayKeyFile(SharedFile.inMemory(DAY_KEY_FORMAT));
    const options = { maxBytes: MAX_DAY_KEYS_BYTES, delayMs: SAVE_DELAY_MS, warn };
    return new DayKeyFile(await SharedFile.open(path, DAY_KEY_FORMAT, options));
  }

  /** The keys as they were when the file was last read or saved. */
  get table(): DayKeyTable {
    return this.#file.value;
  }

  /**
   * Adds a key, unless there is one of that day: then that one holds, also if another client has just
   * made it.
   *
   * @returns When the key that holds is on disk.
   */
  async add(day: number, key: Uint8Array<ArrayBuffer>): Promise<void> {
    const { first, keys } = this.#file.value;
    const mine = { first, keys: new Map([[day, key]]) };
    this.#file.value = DAY_KEY_FORMAT.merge({ first, keys }, mine);
    await this.#file.save();
  }

  /**
   * Erases keys, in memory and on disk.
   *
   * @param first The first day whose key is kept.
   * @param last The last one: a wrong clock may have made a key of a day that is far away.
   */
  async erase(first: number, last: number): Promise<void> {
    await this.#file.save();
    const { keys } = this.#file.value;
    const kept = [...keys].filter(([day]) => day >= first && day <= last);
    for (const [day, key] of keys) if (day < first || day > last) key.fill(0);
    this.#file.value = { first, last, keys: new Map(kept) };
    await this.#file.save();
  }

  /** Reads what other clients of this member have made. */
  async refresh(): Promise<void> {
    await this.#file.save();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file[Symbol.asyncDispose]();
  }
}

function parseTable(text: string): DayKeyTable {
  const [head = "", ...lines] = text.split("\n");
  const [, first] = HEAD.exec(head) ?? [];
  if (first === undefined || lines.pop() !== "" || lines.length > MAX_DAY_KEYS) throw spoiled();
  const keys = new Map(lines.map((line) => {
    const [, day, key] = LINE.exec(line) ?? [];
    const bytes = parseBase64Url(key ?? "", AGREEMENT_BYTES);
    if (!bytes) throw spoiled();
    return [Number(day), bytes];
  }));
  return { first: Number(first), keys };
}

/** The array that is in use if both have the same bytes. */
function own(
  used: Uint8Array<ArrayBuffer> | undefined,
  read: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  return used?.every((byte, i) => byte === read[i]) ? used : read;
}

function spoiled(): TypeError {
  return new TypeError("Cannot parse keys of the day: not lines of a day and a key");
}
