/**
 * Settings: options that files, the environment and the command line set.
 *
 * The command line weighs most, then the environment, then the file of the room, then the settings
 * file. What none of them sets has its default. The room's address and key weigh more than the
 * environment: who enters a room by its name means this room.
 *
 * @module
 */

import { UsageError } from "../errors.ts";
import { worded, type Wording } from "../messages/wording.ts";
import { directoryOf } from "../storage/private_file.ts";
import type { StoredRoom } from "../storage/rooms.ts";
import type { SettingsFile } from "../storage/settings_file.ts";
import { guessWord } from "../text/spelling.ts";
import type { CommandLine } from "./options.ts";
import { listSettings, type OptionSpec, type ProgramSpec, type SettingValue } from "./spec.ts";
import { excludeEachOther } from "./usage.ts";
import { checkValue, parseValue, refuseValue } from "./values.ts";

/** The origins of settings, from the lightest to the heaviest. */
const ORIGINS = ["default", "file", "room", "environment", "command line"] as const;

/** The settings that say how a server is reached. A room that is silent about them is without TLS. */
const OF_LINK = ["tls", "tls-name", "tls-ca"];
/** The settings that make a room what it is. */
const OF_ROOM = ["ip", "port", "key", ...OF_LINK];

/** The origin of a setting. */
export type Origin = (typeof ORIGINS)[number];

/** The value of a setting, and its origin. */
export interface Setting {
  /** Undefined if nothing sets the setting, and the table has no default. */
  readonly value: SettingValue | undefined;
  readonly origin: Origin;
  /** The path of a file or the name of the variable; empty for other origins. */
  readonly place: string;
}

/** What settings are read from. */
export interface SettingsSources {
  readonly line: CommandLine;
  /** Looks up an environment variable. */
  readonly env: (name: string) => string | undefined;
  /** The settings file; undefined for none. */
  readonly file: SettingsFile | undefined;
  /** The room that is entered by its name; undefined for none. */
  readonly room?: StoredRoom;
}

/**
 * Works out the value of every setting of a program.
 *
 * @param spec The program.
 * @param sources The command line, the environment and the files.
 * @returns All settings by name, in the order of the table. A path of a file or of the environment
 * that begins with `~/` is one of the home directory.
 * @throws {UsageError} If a source gives a value that a setting cannot have, or a file has a
 * setting that does not exist.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const options = [{ name: "max", value: "N", help: "", fallback: 1, isSettable: true }];
 * const spec = { name: "hi", summary: "", args: [], options, notes: [] };
 * const line = { args: [], values: new Map(), switches: new Map() };
 * const settings = resolveSettings(spec, { line, env: () => "2", file: undefined });
 * const expected = { value: "2", origin: "environment", place: "CHAT_MAX" } as const;
 * assert.deepEqual(settings.get("max"), expected);
 * ```
 */
export function resolveSettings(
  spec: ProgramSpec,
  { line, env, file, room }: SettingsSources,
): Map<string, Setting> {
  const options = listSettings(spec);
  const settings = new Map(options.map((option) => [option.name, defaultOf(option)]));
  const readFile = ({ path, values }: SettingsFile, origin: "file" | "room") => {
    for (const [name, given] of Object.entries(values)) {
      const option = findOption(spec, options, name, path);
      const where = worded("Setting {name} in {path}", { name, path });
      const value = expandHome(option, checkValue(option, given, where), where, env);
      settings.set(name, { value, origin, place: path });
    }
  };
  if (file) readFile(file, "file");
  if (room) {
    const place = directoryOf(room.keyPath);
    settings.set("key", { value: room.keyPath, origin: "room", place });
    for (const option of options) {
      if (OF_LINK.includes(option.name)) settings.set(option.name, defaultOf(option));
    }
    readFile(room.file, "room");
  }
  for (const option of options) {
    const place = variableOf(option.name);
    const text = env(place);
    // A variable with an empty value counts as not set, as is the custom.
    if (!text) continue;
    const where = worded("Variable {name}", { name: place });
    const value = expandHome(option, parseValue(option, text, where), where, env);
    if (room && OF_ROOM.includes(option.name)) continue;
    settings.set(option.name, { value, origin: "environment", place });
  }
  for (const option of options) {
    const value = readLine(spec, option, line);
    if (value === undefined) continue;
    settings.set(option.name, { value, origin: "command line", place: "" });
  }
  return settings;
}

/** A path of the home directory as shells write it: no shell reads a file or a variable. */
function expandHome(
  option: OptionSpec,
  value: SettingValue,
  where: Wording,
  env: SettingsSources["env"],
): SettingValue {
  if (!option.isPath || !String(value).startsWith("~/")) return value;
  const home = env("HOME");
  if (home) return home + String(value).slice(1);
  throw refuseValue(where, value, worded("Write the whole path: no home directory is known."));
}

/**
 * Names the environment variable of a setting.
 *
 * @param name The setting's name.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(variableOf("line-timeout"), "CHAT_LINE_TIMEOUT");
 * ```
 */
export function variableOf(name: string): string {
  return `CHAT_${name.toUpperCase().replaceAll("-", "_")}`;
}

/**
 * Unsets one of two settings that exclude each other, if both are set: the one from the lighter
 * origin.
 *
 * @param settings All settings; changed.
 * @param pair The names of the two.
 * @throws {UsageError} If both are from the same origin.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const settings = new Map<string, Setting>([
 *   ["a", { value: true, origin: "file", place: "a.json" }],
 *   ["b", { value: true, origin: "command line", place: "" }],
 * ]);
 * excludeSettings(settings, ["a", "b"]);
 * assert.deepEqual(settings.get("a"), { value: false, origin: "default", place: "" });
 * ```
 */
export function excludeSettings(settings: Map<string, Setting>, pair: [string, string]): void {
  const isSet = pair.every((name) => settings.get(name)?.value);
  if (!isSet) return;
  const [first, second] = pair.map((name) => ORIGINS.indexOf(settings.get(name)!.origin));
  if (first === second) {
    throw new UsageError(excludeEachOther(...pair));
  }
  const lighter = settings.get(pair[first! < second! ? 0 : 1])!;
  const value = typeof lighter.value === "boolean" ? false : undefined;
  settings.set(pair[first! < second! ? 0 : 1], { value, origin: "default", place: "" });
}

/** Tells whether a setting weighs more than another. Of one origin, neither does. */
export function isHeavier(setting: Setting, other: Setting): boolean {
  return ORIGINS.indexOf(setting.origin) > ORIGINS.indexOf(other.origin);
}

function defaultOf({ value, fallback }: OptionSpec): Setting {
  const byItself = value === undefined ? fallback ?? false : fallback;
  return { value: byItself, origin: "default", place: "" };
}

function findOption(
  spec: ProgramSpec,
  options: readonly OptionSpec[],
  name: string,
  path: string,
): OptionSpec {
  const option = options.find((each) => each.name === name);
  if (option) return option;
  const guess = guessWord(name, options.map((each) => each.name));
  const hint = guess === undefined
    ? worded("Settings have the names of options: see {program} config.", { program: spec.name })
    : worded("Did you mean {name}?", { name: JSON.stringify(guess) });
  const shown = JSON.stringify(name);
  throw new UsageError(worded("Unknown setting in {path}: {name}", { path, name: shown }), hint);
}

function readLine(
  spec: ProgramSpec,
  option: OptionSpec,
  { args, values, switches }: CommandLine,
): SettingValue | undefined {
  const argument = spec.args.findIndex(([name]) => name === option.name);
  if (argument >= 0 && spec.argSettings?.includes(option)) return args[argument];
  if (option.value === undefined) return switches.get(option.name);
  const text = values.get(option.name);
  return text === undefined
    ? undefined
    : parseValue(option, text, worded("Option --{name}", { name: option.name }));
}
