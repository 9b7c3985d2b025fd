/**
 * Where a member's own files lie: settings, identity, pins and what has been seen.
 *
 * @module
 * @see https://specifications.freedesktop.org/basedir-spec/latest/
 */

import { encodeHex } from "@std/encoding/hex";

const NAME = "encrypted-chatroom";

/**
 * Tells the directory of a member's state.
 *
 * @param env Reads an environment variable.
 * @param os As in `Deno.build.os`.
 * @returns `$XDG_STATE_HOME/encrypted-chatroom`, else `$HOME/.local/state/encrypted-chatroom`; on
 * Windows `%APPDATA%\encrypted-chatroom`. Variables that are not absolute paths are passed over;
 * undefined if none is left.
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
 * Tells where a member's settings are.
 *
 * @param env Reads an environment variable.
 * @param os As in `Deno.build.os`.
 * @returns `$XDG_CONFIG_HOME/encrypted-chatroom/config.json`, else
 * `$HOME/.config/encrypted-chatroom/config.json`; on Windows
 * `%APPDATA%\encrypted-chatroom\config.json`. Variables that are not absolute paths are passed
 * over; undefined if none is left.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const env = (name: string) => name === "HOME" ? "/home/alice" : undefined;
 * const path = "/home/alice/.config/encrypted-chatroom/config.json";
 * assert.equal(settingsPath(env, "linux"), path);
 * ```
 */
export function settingsPath(
  env: (name: string) => string | undefined,
  os: string,
): string | undefined {
  const isWindows = os === "windows";
  const directory = isWindows
    ? windowsDirectory(env)
    : unixDirectory(env, "XDG_CONFIG_HOME", ".config");
  return directory && `${directory}${isWindows ? "\\" : "/"}config.json`;
}

type Env = (name: string) => string | undefined;

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
 * @param state As {@linkcode stateDirectory} returns it.
 * @param roomId 16 bytes.
 * @returns `<state>/rooms/<room id in hex>`.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(roomDirectory("/state", new Uint8Array([0, 255])), "/state/rooms/00ff");
 * ```
 */
export function roomDirectory(state: string, roomId: Uint8Array): string {
  return `${state}/rooms/${encodeHex(roomId)}`;
}

/** An absolute path without a slash at its end; undefined for anything else. */
function absolute(path: string | undefined): string | undefined {
  return path?.startsWith("/") ? path.replace(/\/+$/, "") : undefined;
}

/**
 * Writes a path as people do.
 *
 * @param path Absolute.
 * @param home The home directory; undefined if there is none.
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
