/**
 * Every limit that lib/ exports, by its name: whatever is called as a constant is.
 *
 * @module
 */

import { ROOT } from "./programs.ts";

/** A limit, and the file that states it. */
export interface Limit {
  readonly file: string;
  readonly value: unknown;
}

/**
 * Reads the numbers, and the lists and records of numbers, that the files of lib/ export.
 *
 * @returns By name.
 * @throws {Error} If two files state a limit of one name.
 */
export async function readLimits(): Promise<Map<string, Limit>> {
  const limits = new Map<string, Limit>();
  for await (const file of listSources("lib")) {
    const exported: Record<string, unknown> = await import(`${ROOT}${file}`);
    for (const [name, value] of Object.entries(exported)) {
      if (!/^[A-Z0-9]+_[A-Z0-9_]+$/.test(name) || !isNumeric(value)) continue;
      const earlier = limits.get(name);
      if (earlier) throw new Error(`${name} is in ${earlier.file} and in ${file}`);
      limits.set(name, { file, value });
    }
  }
  return limits;
}

function isNumeric(value: unknown): boolean {
  const isRecord = typeof value === "object" && value !== null;
  return isRecord
    ? Object.values(value).every((each) => typeof each === "number")
    : typeof value === "number";
}

/** Lists the TypeScript files of a folder, and of those in it. */
export async function* listSources(directory: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(ROOT + directory)) {
    const path = `${directory}/${name}`;
    if (isDirectory) yield* listSources(path);
    else if (name.endsWith(".ts")) yield path;
  }
}
