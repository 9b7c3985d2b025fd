/**
 * What `chat-client config` prints.
 *
 * @module
 */

import type { PlainPhrase, Say } from "../messages/phrases.ts";
import { escapeUnsafe } from "../text/json_text.ts";
import { sanitize } from "../text/sanitize.ts";
import type { Setting } from "./settings.ts";
import { describeFallback, listSettings, type ProgramSpec, type SettingValue } from "./spec.ts";

/** Between a setting and where it is from; longer settings push it aside. */
const COMMENT_COLUMN = 32;

/**
 * Writes settings for people, a line each.
 *
 * @param spec The program.
 * @param settings Its settings by name.
 * @param say Says where each is from, in the reader's language.
 * @returns Lines such as `nick = "alice"   # environment CHAT_NICK`, without LF.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { sayIn } from "../messages/say.ts";
 * import { CLIENT_SPEC } from "./client_spec.ts";
 * const setting = { value: "alice", origin: "command line", place: "" } as const;
 * const lines = formatSettings(CLIENT_SPEC, new Map([["nick", setting]]), sayIn("en"));
 * assert.deepEqual(lines, ['nick = "alice"                  # command line']);
 * ```
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
 * @param settings By name.
 * @param say Says what stands for a value that must not be shown.
 * @returns JSON: by name `value`, null where nothing is set, and `source`, in English.
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
    case "environment":
      return say("environment {variable}", { variable: place });
    case "command line":
      return say("command line");
  }
}

/** A key where its path should be is a mistake, and what is printed here may be shown to others. */
function conceal(value: SettingValue, say: Say): SettingValue {
  const isSecret = /^[A-Za-z0-9_-]{43}=?$|^identity1\./.test(String(value).trim());
  return isSecret ? say("(hidden: it looks like a key)") : value;
}
