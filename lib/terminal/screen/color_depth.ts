/**
 * How many colours a terminal has, and how many of them to use.
 *
 * @module
 * @see https://no-color.org
 */

/** When colours may be used. */
export const COLOR_CHOICES = ["auto", "always", "never"] as const;

/** When colours are used: `auto` where a terminal shows them. */
export type ColorChoice = (typeof COLOR_CHOICES)[number];

/** How many colours a terminal has. */
export type ColorDepth = 0 | 16 | 256;

const NAMES_256_COLORS = /256color|truecolor|24bit|kitty|alacritty|ghostty|direct/;

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
