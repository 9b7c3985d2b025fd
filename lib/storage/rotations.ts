/**
 * What is known of the generations of a room's key beside their secrets: who belongs to each.
 *
 * Whoever has the newest one answers members that come back by it. The file `rotations` has a line of
 * JSON for each generation. All clients that the user runs share it.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "Files on disk"
 */

import { parseBase64Url } from "../bytes/base64url.ts";
import { PUBLIC_KEY_BYTES } from "../crypto/ed25519.ts";
import { MAX_GENERATIONS } from "../crypto/room_secret.ts";
import {
  type GenerationFacts,
  MAX_REKEY_MEMBERS,
  parseJson,
  readFacts,
  spellFacts,
} from "../protocol/rekey.ts";
import { MAX_ROTATION_FILE_BYTES, STATE_SAVE_DELAY_MS } from "./limits.ts";
import type { Warn } from "./private_file.ts";
import { SharedFile, type SharedFormat } from "./shared_file.ts";

/** A generation that is known. */
export interface Rotation extends GenerationFacts {
  /** Whose rotation it is, or who handed it on; by id. */
  readonly author: string;
  /** Members that came by an invitation since, by id. */
  readonly newcomers: readonly string[];
}

/** Tells the path of the file in the directory of a room's state. */
export function rotationsPath(directory: string): string {
  return `${directory}/rotations`;
}

/** The generations that one user knows of in one room, the newest last. */
export class Rotations implements AsyncDisposable {
  readonly #file: SharedFile<readonly Rotation[]>;
  /** Whether they outlive this process. */
  readonly isKept: boolean;

  private constructor(file: SharedFile<readonly Rotation[]>, isKept: boolean) {
    this.#file = file;
    this.isKept = isKept;
  }

  /**
   * Loads them.
   *
   * @param path The file, which the first save makes. Undefined if nothing is kept.
   * @param warn Told of a file that is damaged or cannot be saved.
   */
  static async open(path: string | undefined, warn: Warn): Promise<Rotations> {
    if (path === undefined) return new Rotations(SharedFile.inMemory(FORMAT), false);
    const options = { maxBytes: MAX_ROTATION_FILE_BYTES, delayMs: STATE_SAVE_DELAY_MS, warn };
    return new Rotations(await SharedFile.open(path, FORMAT, options), true);
  }

  /** Finds a generation. */
  find({ generation, mark }: Pick<Rotation, "generation" | "mark">): Rotation | undefined {
    return this.#file.value.find((each) => each.generation === generation && each.mark === mark);
  }

  /** Lists the generations, the newest last. */
  get all(): readonly Rotation[] {
    return this.#file.value;
  }

  /** Takes in what other clients of the user have written. */
  async refresh(): Promise<void> {
    await this.#file.save();
  }

  /** Notes a generation. It is on disk when this returns. */
  async note(rotation: Rotation): Promise<void> {
    this.#file.value = join(this.#file.value, [rotation]);
    await this.#file.save();
  }

  /** Notes that somebody came by an invitation since. */
  noteNewcomer(name: Pick<Rotation, "generation" | "mark">, id: string): void {
    const known = this.find(name);
    if (!known) return;
    this.#file.value = join(this.#file.value, [{ ...known, newcomers: [id] }]);
    this.#file.touch();
  }

  /** Saves what is not saved yet. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file[Symbol.asyncDispose]();
  }
}

const FORMAT: SharedFormat<readonly Rotation[]> = {
  empty: () => [],
  parse(text) {
    const lines = text.split("\n");
    if (lines.pop() !== "") throw new RangeError("Cannot parse rotations: a line has no end");
    return lines.map(parseLine);
  },
  format: (rotations) => rotations.map((each) => `${formatLine(each)}\n`).join(""),
  merge: join,
};

function formatLine({ author, newcomers, ...facts }: Rotation): string {
  return JSON.stringify({ ...spellFacts(facts), author, newcomers });
}

function parseLine(line: string): Rotation {
  const json = parseJson(line);
  const facts = readFacts(json);
  const { author, newcomers } = json;
  const isWhole = facts && isId(author) && Array.isArray(newcomers) && newcomers.every(isId);
  if (!isWhole || newcomers.length > MAX_REKEY_MEMBERS) {
    throw new RangeError("Cannot parse rotations: a line is not a rotation");
  }
  return { ...facts, author, newcomers };
}

/** Joins two lists, and drops the oldest of too many. */
function join(some: readonly Rotation[], more: readonly Rotation[]): readonly Rotation[] {
  const joined = new Map(some.map((each) => [nameOf(each), each]));
  for (const each of more) {
    const known = joined.get(nameOf(each));
    const newcomers = new Set([...known?.newcomers ?? [], ...each.newcomers]);
    joined.set(nameOf(each), {
      ...known ?? each,
      newcomers: [...newcomers].slice(0, MAX_REKEY_MEMBERS),
    });
  }
  const ordered = [...joined.values()].sort((a, b) => a.generation - b.generation);
  return ordered.slice(-MAX_GENERATIONS);
}

function nameOf({ generation, mark }: Pick<Rotation, "generation" | "mark">): string {
  return `${generation} ${mark}`;
}

function isId(value: unknown): value is string {
  return typeof value === "string" && parseBase64Url(value, PUBLIC_KEY_BYTES) !== undefined;
}
