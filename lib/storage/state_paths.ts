/**
 * The places of a user's files: settings, rooms, identity, pins and what has been seen.
 *
 * A variable that is not an absolute path is passed over.
 *
 * @module
 * @see https://specifications.freedesktop.org/basedir-spec/latest/
 */

import { encodeHex } from "@std/encoding/hex";

const NAME = "encrypted-chatroom";

/**
 * Tells the directory of a user's state.
 *
 * @param env Looks up an environment variable.
 * @param os The operating system, as `Deno.build.os` names it.
 * @returns `$XDG_STATE_HOME/encrypted-chatroom`, else `$HOME/.local/state/encrypted-chatroom`. On
 * Windows `%APPDATA%\encrypted-chatroom`. Undefined if no variable is an absolute path.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const env = (name: string) => name === "HOME" ? "/home/alice" : undefined;
 * assert.equal(stateDirectory(env, "linux"), "/home/alice/.local/state/encrypted-chatroom");
 * ```
 */
export function stateDirectory(
  env: (name: string) => string | undefined,
  os: string,
): string | undefined {
  if (os === "windows") return windowsDirectory(env);
  return unixDirectory(env, "XDG_STATE_HOME", ".local/state");
}

/**
 * Tells the usual place of a user's settings file.
 *
 * @param env Looks up an environment variable.
 * @param os The operating system, as `Deno.build.os` names it.
 * @returns `$XDG_CONFIG_HOME/encrypted-chatroom/config.json`, else
 * `$HOME/.config/encrypted-chatroom/config.json`. On Windows
 * `%APPDATA%\encrypted-chatroom\config.json`. Undefined if no variable is an absolute path.
 */
export function settingsPath(env: Env, os: string): string | undefined {
  return inConfiguration("config.json", env, os);
}

/**
 * Tells the directory of the rooms that have names.
 *
 * @param env Looks up an environment variable.
 * @param os The operating system, as `Deno.build.os` names it.
 * @returns `rooms` in the directory of the settings file. Undefined if no variable is an absolute
 * path.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const env = (name: string) => name === "HOME" ? "/home/alice" : undefined;
 * assert.equal(roomsDirectory(env, "linux"), "/home/alice/.config/encrypted-chatroom/rooms");
 * ```
 */
export function roomsDirectory(env: Env, os: string): string | undefined {
  return inConfiguration("rooms", env, os);
}

type Env = (name: string) => string | undefined;

function inConfiguration(name: string, env: Env, os: string): string | undefined {
  const isWindows = os === "windows";
  const directory = isWindows
    ? windowsDirectory(env)
    : unixDirectory(env, "XDG_CONFIG_HOME", ".config");
  return directory && `${directory}${isWindows ? "\\" : "/"}${name}`;
}

function windowsDirectory(env: Env): string | undefined {
  const data = env("APPDATA");
  return data && /^(?:[A-Za-z]:[\\/]|\\\\)/.test(data)
    ? `${data.replace(/[\\/]+$/, "")}\\${NAME}`
    : undefined;
}

function unixDirectory(env: Env, variable: string, inHome: string): string | undefined {
  const base = absolute(env(variable));
  if (base !== undefined) return `${base}/${NAME}`;
  const home = absolute(env("HOME"));
  return home === undefined ? undefined : `${home}/${inHome}/${NAME}`;
}

/**
 * Tells the directory of one room's state.
 *
 * @param state The directory of the user's state, as {@linkcode stateDirectory} returns it.
 * @param roomId 16 bytes.
 * @returns `<state>/rooms/<room id in hex>`.
 */
export function roomDirectory(state: string, roomId: Uint8Array): string {
  return `${state}/rooms/${encodeHex(roomId)}`;
}

/** An absolute path, without slashes at its end. Undefined for a path that is not absolute. */
function absolute(path: string | undefined): string | undefined {
  return path?.startsWith("/") ? path.replace(/\/+$/, "") : undefined;
}

/**
 * Shortens a path for people.
 *
 * @param path An absolute path.
 * @param home The home directory; undefined if it is not known.
 * @returns The path with `~` in place of the home directory.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(shortenPath("/home/alice/a", "/home/alice"), "~/a");
 * assert.equal(shortenPath("/home/alicea", "/home/alice"), "/home/alicea");
 * ```
 */
export function shortenPath(path: string, home: string | undefined): string {
  return home && path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}
