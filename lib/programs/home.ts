/**
 * The home directory of the account that runs a program, and the place of the user's files.
 *
 * @module
 */

import type { ClientOptions } from "../cli/client_options.ts";
import { ChatError } from "../errors.ts";
import { worded } from "../messages/wording.ts";
import type { Warn } from "../storage/private_file.ts";
import { claimDirectory } from "../storage/ownership.ts";
import { stateDirectory } from "../storage/state_paths.ts";

type Env = (name: string) => string | undefined;

/**
 * Finds the home directory where no variable tells it, as in a service or with an empty environment.
 *
 * @returns The account's own home directory; undefined if the account has none, or may not be asked
 * for.
 */
export async function findAccountHome(): Promise<string | undefined> {
  try {
    const { userInfo } = await import("node:os");
    return userInfo().homedir ?? undefined;
  } catch {
    // Inside a container the account may have no entry, and a program no permission to ask.
    return undefined;
  }
}

/**
 * Completes the environment: `HOME` is the account's own home directory where the variable is unset,
 * or is not an absolute path.
 *
 * @param env Looks up an environment variable.
 * @param os The operating system, as `Deno.build.os` names it. Windows has no `HOME`.
 * @param findHome Finds the account's home directory.
 * @returns Looks up a variable of the completed environment.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const env = await withHome(() => undefined, "linux", () => Promise.resolve("/home/alice"));
 * assert.equal(env("HOME"), "/home/alice");
 * ```
 */
export async function withHome(
  env: Env,
  os: string,
  findHome: () => Promise<string | undefined> = findAccountHome,
): Promise<Env> {
  if (os === "windows" || env("HOME")?.startsWith("/")) return env;
  const home = await findHome();
  return home?.startsWith("/") ? (name) => name === "HOME" ? home : env(name) : env;
}

/**
 * Finds where files of others lie that the user takes.
 *
 * @param env Looks up a variable of the completed environment.
 * @param os The operating system, as `Deno.build.os` names it.
 * @returns `Downloads` in the home directory; undefined if there is none.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(findDownloads(() => "/home/alice", "linux"), "/home/alice/Downloads");
 * ```
 */
export function findDownloads(env: Env, os: string): string | undefined {
  // The client may not ask Windows for the home directory itself.
  const home = os === "windows"
    ? env("APPDATA")?.replace(/[\\/]AppData[\\/]Roaming[\\/]*$/i, "")
    : env("HOME");
  return home === undefined || home === "" ? undefined : `${home.replace(/[\\/]+$/, "")}/Downloads`;
}

/**
 * Finds the directory of a user's files.
 *
 * @param parts `env`: looks up a variable of the completed environment. `os`: the operating system,
 * as `Deno.build.os` names it. `warn`: told if nothing can be kept but the identity.
 * @returns The directory; undefined if no files are kept.
 * @throws {ChatError} If there is no place for an identity, and the user has not asked to be
 * somebody new.
 */
export function findState({ options, env, os, warn }: {
  readonly options: Pick<ClientOptions, "ephemeral" | "identityPath">;
  readonly env: Env;
  readonly os: string;
  readonly warn: Warn;
}): string | undefined {
  if (options.ephemeral) return undefined;
  const state = stateDirectory(env, os);
  if (state !== undefined) return state;
  if (options.identityPath === undefined) {
    throw new ChatError(worded("Cannot keep an identity: there is no home directory"), {
      hint: worded(
        "Set HOME or XDG_STATE_HOME, name a file with --identity PATH, or be somebody new with --ephemeral.",
      ),
    });
  }
  warn(worded("there is no home directory: known keys and what was seen are forgotten at the end"));
  return undefined;
}

/**
 * Finds the directory of a user's files, and sees to it that nobody else can write there.
 *
 * @throws {ChatError} As {@linkcode findState} and `claimDirectory()` do.
 */
export async function openState(
  parts: Parameters<typeof findState>[0],
): Promise<string | undefined> {
  const state = findState(parts);
  if (state !== undefined) await claimDirectory(state, parts.warn);
  return state;
}
