/**
 * What terminals do to rows that no longer fit.
 *
 * @module
 */

/**
 * - `none`: rows are cut, or wait for the terminal to get wider again; - `breaks`: they are broken,
 * and the cursor stays with its text; - `drifts`: they are broken, and the cursor goes down a row
 * for each row that is added, even below
 *   it. xterm.js does that.
 */
export type Reflow = "none" | "breaks" | "drifts";

/** Terminals that draw with xterm.js, by their `TERM_PROGRAM`. */
const DRIFTING = ["vscode", "Hyper", "Tabby"];

/**
 * Finds out what the terminal does.
 *
 * @param env Looks up an environment variable.
 * @returns `breaks` unless it is known to be otherwise: xterm, the Linux console and GNU screen
 * never break rows; tmux does, wherever it runs.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(chooseReflow((name) => ({ TERM: "linux" })[name]), "none");
 * ```
 */
export function chooseReflow(env: (name: string) => string | undefined): Reflow {
  if (env("TMUX")) return "breaks";
  if (env("TERM") === "linux" || env("XTERM_VERSION") || env("STY")) return "none";
  return DRIFTING.includes(env("TERM_PROGRAM") ?? "") ? "drifts" : "breaks";
}
