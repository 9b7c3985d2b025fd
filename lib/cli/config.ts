/**
 * Writes what `chat-client config` prints.
 *
 * @module
 */

import type { PlainPhrase, Say } from "../messages/phrases.ts";
import { escapeUnsafe } from "../text/json_text.ts";
import { sanitize } from "../text/sanitize.ts";
import type { Setting } from "./settings.ts";
import { describeFallback, listSettings, type ProgramSpec, type SettingValue } from "./spec.ts";

/** Column in which the origin of a setting begins. A longer setting moves its origin right. */
const COMMENT_COLUMN = 32;

/**
 * Writes settings for people, a line each.
 *
 * @param spec The program.
 * @param settings The program's settings by name.
 * @param say Says the origins in the reader's language.
 * @returns Lines such as `nick = "alice"   # environment CHAT_NICK`, without LF.
 */
export function formatSettings(
  spec: ProgramSpec<PlainPhrase>,
  settings: ReadonlyMap<string, Setting>,
  say: Say,
): string[] {
  const lines: string[] = [];
  for (const option of listSettings(spec)) {
    const setting = settings.get(option.name);
    if (!setting) continue;
    const value = setting.value === undefined
      ? ""
      : escapeUnsafe(JSON.stringify(conceal(setting.value, say)));
    const words = setting.value === undefined ? describeFallback(option, say) : undefined;
    const source = sayOrigin(setting, say) + (words === undefined ? "" : `${say(":")} ${words}`);
    lines.push(`${`${option.name} = ${value}`.padEnd(COMMENT_COLUMN - 1)} # ${source}`);
  }
  return lines;
}

/**
 * Writes settings for programs.
 *
 * @param settings The settings by name.
 * @param say Says the words that take the place of a value that must not be shown.
 * @returns A JSON object by name. `value` is null if nothing sets the setting. `source` is in
 * English.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { sayIn } from "../messages/say.ts";
 * const setting = { value: true, origin: "environment", place: "CHAT_STAY" } as const;
 * const json = formatSettingsJson(new Map([["stay", setting]]), sayIn("en"));
 * assert.deepEqual(JSON.parse(json), {
 *   stay: { value: true, source: "environment CHAT_STAY" },
 * });
 * ```
 */
export function formatSettingsJson(settings: ReadonlyMap<string, Setting>, say: Say): string {
  const entries = [...settings].map(([name, { value, origin, place }]) => {
    const source = `${origin === "file" ? "settings file" : origin} ${place}`.trimEnd();
    return [name, { value: value === undefined ? null : conceal(value, say), source }];
  });
  const json = JSON.stringify(Object.fromEntries(entries), undefined, 2);
  return json.split("\n").map(escapeUnsafe).join("\n");
}

function sayOrigin({ origin, place }: Setting, say: Say): string {
  switch (origin) {
    case "default":
      return say("default");
    case "file":
      return say("settings file {path}", { path: sanitize(place) });
    case "room":
      return say("room {path}", { path: sanitize(place) });
    case "environment":
      return say("environment {variable}", { variable: place });
    case "command line":
      return say("command line");
  }
}

/**
 * Hides a value that looks like a key. A user may give a key by mistake where a path belongs, and
 * may show others what is printed here.
 */
function conceal(value: SettingValue, say: Say): SettingValue {
  const isSecret = /^[A-Za-z0-9_-]{43}=?$|^identity1\./.test(String(value).trim());
  return isSecret ? say("(hidden: it looks like a key)") : value;
}
