/**
 * The terminal itself: the prompt's questions and hints. English, and the French for it.
 *
 * @module
 */

/** French by English; `{name}` stands for a value. */
export const TERMINAL = {
  "a line is longer than {bytes} bytes": "une ligne dépasse {bytes} octets",
  "a line is not UTF-8": "une ligne n’est pas en UTF-8",
  "{name} (connecting)> ": "{name} (connexion)> ",
  "{name} (offline)> ": "{name} (hors ligne)> ",
  "your name> ": "votre nom> ",
} as const;
