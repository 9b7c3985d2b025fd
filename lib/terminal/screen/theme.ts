/**
 * Colours: which a terminal has, and what is shown in which.
 *
 * @module
 * @see https://no-color.org
 */

import { makePalette } from "./palette.ts";
import type { Style } from "./prompt_view.ts";

/** When colours may be used. */
export const COLOR_CHOICES = ["auto", "always", "never"] as const;

/** When colours are used: `auto` where a terminal shows them. */
export type ColorChoice = (typeof COLOR_CHOICES)[number];

/** How many colours a terminal has. */
export type ColorDepth = 0 | 16 | 256;

/** How a piece of a row is meant: the prompt's styles, and those of messages. */
export type RowStyle = Style | "time" | "old" | "own" | "mention" | "date";

/** Shows text in colours and attributes. Texts must be safe already. */
export interface Theme {
  /** Shows text in a style; its attributes end with it. */
  readonly paint: (style: RowStyle, text: string) => string;
  /** Shows text in the colour of a key, always the same one; without a key it is only bold. */
  readonly nick: (id: string | undefined, text: string) => string;
}

/** SGR parameters. Alert is red, which no key is; the rest works on any background. */
const ATTRIBUTES: Readonly<Record<RowStyle, string>> = {
  plain: "",
  prompt: "1",
  offline: "1;35",
  hint: "2",
  match: "7",
  alert: "1;31",
  time: "2",
  old: "2",
  own: "1",
  mention: "1;7",
  date: "2",
};

/** Green, blue, magenta and cyan, bold: bright where a terminal has but eight colours. */
const FEW_COLORS = ["1;32", "1;34", "1;35", "1;36"];
const NAMES_256_COLORS = /256color|truecolor|24bit|kitty|alacritty|ghostty|direct/;
const RESET = "\x1b[0m";

/**
 * Finds out how many colours to use.
 *
 * `always` and `never` outweigh the environment. Otherwise there is none where
 * output is not a terminal, `NO_COLOR` is anything but empty, or `TERM` is
 * `dumb` or missing (which on Windows it always is).
 *
 * @param options `color`: the user's choice; `isTerminal`: where output goes; `env` looks up an
 * environment variable; `isWindows`: the system.
 * @returns None, 16 or 256.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const env = (name: string) => ({ TERM: "xterm-256color" })[name];
 * assert.equal(chooseDepth({ color: "auto", isTerminal: true, env }), 256);
 * ```
 */
export function chooseDepth(
  { color, isTerminal, env, isWindows = false }: {
    readonly color: ColorChoice;
    readonly isTerminal: boolean;
    readonly env: (name: string) => string | undefined;
    readonly isWindows?: boolean;
  },
): ColorDepth {
  const isDim = isDumb(env) && !isWindows;
  if (color === "never") return 0;
  if (color === "auto" && (!isTerminal || env("NO_COLOR") || isDim)) return 0;
  const names = `${env("TERM") ?? ""} ${env("COLORTERM") ?? ""}`;
  return isWindows || NAMES_256_COLORS.test(names) ? 256 : 16;
}

/**
 * Tells a terminal that cannot even move its cursor.
 *
 * @param env Looks up an environment variable.
 * @returns Whether `TERM` is `dumb`, empty or missing.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(isDumb(() => "dumb"), true);
 * ```
 */
export function isDumb(env: (name: string) => string | undefined): boolean {
  return ["", "dumb"].includes(env("TERM") ?? "");
}

/**
 * Makes what shows text in colours.
 *
 * @param depth How many colours there are; with none, text stays as it is.
 * @returns A theme without any state.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(makeTheme(16).paint("alert", "no"), "\x1b[1;31mno\x1b[0m");
 * assert.equal(makeTheme(0).paint("alert", "no"), "no");
 * ```
 */
export function makeTheme(depth: ColorDepth): Theme {
  if (depth === 0) return { paint: (_, text) => text, nick: (_, text) => text };
  const colors = depth === 16 ? FEW_COLORS : makePalette().map((index) => `38;5;${index}`);
  return {
    paint: (style, text) => wear(ATTRIBUTES[style], text),
    nick: (id, text) => wear(id === undefined ? "1" : colors[hash(id) % colors.length]!, text),
  };
}

function wear(attributes: string, text: string): string {
  return attributes === "" || text === "" ? text : `\x1b[${attributes}m${text}${RESET}`;
}

/** FNV-1a, which spreads short texts well. */
function hash(text: string): number {
  let state = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    state = Math.imul(state ^ text.charCodeAt(i), 0x01000193);
  }
  return state >>> 0;
}
