/**
 * Programs whose clock is not the machine's.
 *
 * @module
 */

import { Program } from "./programs.ts";

/**
 * Makes the environment of a program whose wall clock is off. The clock that never runs back is not
 * touched.
 *
 * @param seconds How far it is ahead.
 */
export async function clockEnv(seconds: number): Promise<Record<string, string>> {
  const offset = `${seconds < 0 ? "-" : "+"}${Math.abs(seconds)}`;
  const library = await (finding ??= findLibrary());
  return { LD_PRELOAD: library, FAKETIME: offset, FAKETIME_DONT_FAKE_MONOTONIC: "1" };
}

let finding: Promise<string> | undefined;

/** Asks the wrapper for its library. The wrapper itself is a process more, which a test would kill. */
async function findLibrary(): Promise<string> {
  for (let tries = 1;; tries++) {
    await using wrapper = Program.spawn(["faketime", "-f", "+0", "printenv", "LD_PRELOAD"]);
    await wrapper.child.stdin.close();
    const { stdout, stderr, code } = await wrapper.finished();
    if (code === 0) return stdout.trim();
    // A killed program leaves a semaphore with its process's number, which may come again.
    if (tries === 5) throw new Error(stderr);
  }
}

/** A clock that a test sets while a program runs. */
export class SetClock {
  readonly #path: string;

  /** @param path A file for the clock. */
  constructor(path: string) {
    this.#path = path;
  }

  /** Sets it that far ahead of the machine's, in seconds. */
  async set(seconds: number): Promise<void> {
    await Deno.writeTextFile(this.#path, `${seconds < 0 ? "-" : "+"}${Math.abs(seconds)}\n`);
  }

  /** The environment of a program that has it. */
  async env(): Promise<Record<string, string>> {
    const { FAKETIME: _, ...env } = await clockEnv(0);
    return { ...env, FAKETIME_TIMESTAMP_FILE: this.#path, FAKETIME_NO_CACHE: "1" };
  }
}
