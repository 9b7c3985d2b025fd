/**
 * Whether to use colours.
 *
 * @module
 */

import type { ColorChoice } from "../terminal/screen/color_depth.ts";

/**
 * Decides whether to use colours.
 *
 * @param choice What the user has chosen.
 * @param env Looks up an environment variable.
 * @param isTerminal Whether the output is one.
 * @returns With `auto`, what `NO_COLOR` and `TERM` let a terminal show.
 * @see https://no-color.org/
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(isColorWanted("auto", () => undefined, true), true);
 * assert.equal(isColorWanted("never", () => undefined, true), false);
 * ```
 */
export function isColorWanted(
  choice: ColorChoice,
  env: (name: string) => string | undefined,
  isTerminal: boolean,
): boolean {
  if (choice !== "auto") return choice === "always";
  return isTerminal && !env("NO_COLOR") && env("TERM") !== "dumb";
}
