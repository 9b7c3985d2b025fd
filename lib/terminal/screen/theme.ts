/**
 * What is shown in which colours and attributes.
 *
 * @module
 */

import type { ColorDepth } from "./color_depth.ts";
import { makePalette } from "./palette.ts";
import type { Style } from "./prompt_view.ts";

/** How a piece of a row is meant: the prompt's styles, and those of messages. */
export type RowStyle = Style | "time" | "old" | "own" | "mention" | "date";

/** Shows text in colours and attributes. Texts must be safe already. */
export interface Theme {
  /** Shows text in a style; its attributes end with it. */
  readonly paint: (style: RowStyle, text: string) => string;
  /** Shows text in the colour of a member, always the same one; without an `id` it is only bold. */
  readonly nick: (id: string | undefined, text: string) => string;
}

/** SGR parameters. Alert is red, which is no member's colour; the rest works on any background. */
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
const RESET = "\x1b[0m";

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
