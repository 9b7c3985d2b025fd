/**
 * Stand-in for `@std/fmt/colors` over `node:util`.
 *
 * @module
 */

import { styleText } from "node:util";

let enabled = !Deno.noColor;

/** Turns colours on or off; `NO_COLOR` keeps them off. */
export function setColorEnabled(value: boolean): void {
  if (!Deno.noColor) enabled = value;
}

/** Tells whether colours are on. */
export function getColorEnabled(): boolean {
  return enabled;
}

/** Makes the text bold. */
export function bold(str: string): string {
  return style("bold", str);
}

/** Makes the text dim. */
export function dim(str: string): string {
  return style("dim", str);
}

/** Makes the text red. */
export function red(str: string): string {
  return style("red", str);
}

/** Makes the text cyan. */
export function cyan(str: string): string {
  return style("cyan", str);
}

/** Makes the text yellow. */
export function yellow(str: string): string {
  return style("yellow", str);
}

function style(name: Parameters<typeof styleText>[0], str: string): string {
  return enabled ? styleText(name, str, { validateStream: false }) : str;
}
