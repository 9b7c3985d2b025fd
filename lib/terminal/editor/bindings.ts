/**
 * Which key does what, as in readline.
 *
 * @module
 * @see https://tiswww.case.edu/php/chet/readline/readline.html "Bindable Readline Commands"
 */

import type { Keypress } from "../input/input_events.ts";
import type { Draft } from "./draft.ts";

/** What a key does to the draft; false if there was nothing to do. */
export type Edit = (draft: Draft) => boolean;

/** What a key does beyond the draft. */
export type Command =
  | "submit"
  | "complete"
  | "complete-backward"
  | "older"
  | "newer"
  | "search"
  | "cancel"
  | "clear"
  | "delete-or-end"
  | "interrupt";

const COMMANDS = new Map<string, Command>([
  ["enter", "submit"],
  ["C-j", "submit"],
  ["tab", "complete"],
  ["S-tab", "complete-backward"],
  ["up", "older"],
  ["C-p", "older"],
  ["down", "newer"],
  ["C-n", "newer"],
  ["C-r", "search"],
  ["C-g", "cancel"],
  ["escape", "cancel"],
  ["C-l", "clear"],
  ["C-d", "delete-or-end"],
  ["C-c", "interrupt"],
]);

const MOTIONS = [
  ["left", "left", "C-b"],
  ["right", "right", "C-f"],
  ["word-left", "C-left", "M-left", "M-b"],
  ["word-right", "C-right", "M-right", "M-f"],
] as const;
/** Motions that ring no bell if the cursor is already there. */
const PLACES = [
  ["line-start", "home", "C-a"],
  ["line-end", "end", "C-e"],
  ["start", "C-home", "M-<"],
  ["end", "C-end", "M->"],
] as const;
const DELETIONS = [
  ["typed-left", "backspace", "C-h"],
  ["right", "delete"],
] as const;
const KILLS = [
  ["line-end", "C-k"],
  ["line-start", "C-u"],
  ["blank-left", "C-w"],
  ["word-left", "M-backspace", "C-backspace"],
  ["word-right", "M-d", "C-delete", "M-delete"],
] as const;

const EDITS = new Map<string, Edit>([
  ...bind(MOTIONS, (draft, motion) => draft.move(motion)),
  ...bind(PLACES, (draft, motion) => draft.move(motion) || true),
  ...bind(DELETIONS, (draft, motion) => draft.delete(motion)),
  ...bind(KILLS, (draft, motion) => draft.kill(motion)),
  ["M-enter", (draft) => draft.insert("\n")],
  ["S-enter", (draft) => draft.insert("\n")],
  ["C-y", (draft) => draft.yank()],
  ["M-y", (draft) => draft.yankOlder()],
  ["C-t", (draft) => draft.transpose()],
  ["C-_", (draft) => draft.undo()],
]);

/**
 * Finds what a key does.
 *
 * @param keypress Shift counts with Tab and Enter only.
 * @returns A change of the draft, a command, or `undefined` for a key that does nothing.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { pressed } from "../input/input_events.ts";
 * assert.equal(findBinding(pressed("r", { ctrl: true })), "search");
 * ```
 */
export function findBinding(keypress: Keypress): Edit | Command | undefined {
  const { name, ctrl, alt, shift } = keypress;
  const hasShift = shift && (name === "tab" || name === "enter") && !alt;
  const chord = `${ctrl ? "C-" : ""}${alt ? "M-" : ""}${hasShift ? "S-" : ""}${name}`;
  return COMMANDS.get(chord) ?? EDITS.get(chord);
}

function bind<M extends string>(
  table: readonly (readonly [motion: M, ...chords: string[]])[],
  edit: (draft: Draft, motion: M) => boolean,
): [string, Edit][] {
  return table.flatMap(([motion, ...chords]) => {
    return chords.map((chord): [string, Edit] => [chord, (draft) => edit(draft, motion)]);
  });
}
