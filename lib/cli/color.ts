/**
 * Decides whether output has colours.
 *
 * @module
 */

import type { ColorChoice } from "../terminal/screen/color_depth.ts";

/**
 * Tells whether output has colours.
 *
 * With `auto` the output has colours if it goes to a terminal, `NO_COLOR` is not set or empty, and
 * `TERM` is not `dumb`.
 *
 * @param choice The user's choice.
 * @param env Looks up an environment variable.
 * @param isTerminal Whether the output goes to a terminal.
 * @see https://no-color.org/
 */
export function isColorWanted(
  choice: ColorChoice,
  env: (name: string) => string | undefined,
  isTerminal: boolean,
): boolean {
  if (choice !== "auto") return choice === "always";
  return isTerminal && !env("NO_COLOR") && env("TERM") !== "dumb";
}
