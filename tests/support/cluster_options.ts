/**
 * Options of a server that shares its room with other relays, where this code does not have them.
 *
 * @module
 */

import { SERVER_SPEC } from "../../lib/cli/server_spec.ts";

/** Whether the server has them. */
export function hasCluster(): boolean {
  return SERVER_SPEC.options.some(({ name }) => name === "cluster");
}

/** Leaves these options and their values out of a command line, if the server does not have them. */
export function dropClusterOptions(words: readonly string[]): string[] {
  if (hasCluster()) return [...words];
  return words.filter((word, i) => {
    return !/^--cluster/.test(word) && !/^--cluster/.test(words[i - 1] ?? "");
  });
}
