/**
 * Stand-in for `@std/fmt/colors`.
 *
 * @module
 */

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
  return style(1, 22, str);
}

/** Makes the text red. */
export function red(str: string): string {
  return style(31, 39, str);
}

/** Makes the text cyan. */
export function cyan(str: string): string {
  return style(36, 39, str);
}

/** Begins and ends with an SGR parameter; a text within that ends the same goes on behind it. */
function style(begin: number, end: number, str: string): string {
  if (!enabled) return str;
  const [open, close] = [`\x1b[${begin}m`, `\x1b[${end}m`];
  return open + str.replaceAll(close, open) + close;
}
