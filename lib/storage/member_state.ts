/**
 * What a member's client keeps of a room, but for its messages.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "Files on disk"
 */

import { DayKeyFile, dayKeysPath } from "./day_keys.ts";
import { Pins } from "./pins.ts";
import type { Warn } from "./private_file.ts";
import { Rotations, rotationsPath } from "./rotations.ts";
import { SeenStore } from "./seen_store.ts";

/** The files of one room, or what is kept in memory in their place. */
export interface MemberState extends AsyncDisposable {
  readonly pins: Pins;
  readonly seenStore: SeenStore;
  readonly dayKeys: DayKeyFile;
  readonly rotations: Rotations;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Opens them all.
 *
 * @param directory The directory of the room; undefined to keep nothing.
 * @param id The member's key, in base64url.
 * @param warn Is told of a file that is odd.
 * @throws {ChatError} If a file cannot be used.
 */
export async function openMemberState(
  directory: string | undefined,
  id: string,
  warn: Warn,
): Promise<MemberState> {
  const opened = await Promise.all([
    Pins.open(directory && `${directory}/pins`, warn),
    SeenStore.open(directory, warn),
    DayKeyFile.open(directory && dayKeysPath(directory, id), warn),
    Rotations.open(directory && rotationsPath(directory), warn),
  ]);
  const [pins, seenStore, dayKeys, rotations] = opened;
  const dispose = async () => {
    await Promise.all(opened.map((each) => each[Symbol.asyncDispose]()));
  };
  return { pins, seenStore, dayKeys, rotations, [Symbol.asyncDispose]: dispose };
}
