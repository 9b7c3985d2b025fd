/**
 * The terminal itself: the prompt's questions and hints. English, and the French for it.
 *
 * @module
 */

/** French by English; `{name}` stands for a value. */
export const TERMINAL = {
  "Ctrl-C again leaves": "encore Ctrl-C pour quitter",
  "Paste {lines} lines as one message? (y/n)": "Coller {lines} lignes en un seul message ? (o/n)",
  "y": "o",
  "too long: {bytes} bytes, and a message holds {limit}":
    "trop long : {bytes} octets, et un message en contient {limit} au plus",
  "too long to paste: a message holds {limit} bytes":
    "trop long à coller : un message contient {limit} octets au plus",
  'search "{query}":': "recherche « {query} » :",
  'nothing older has "{query}":': "rien de plus ancien avec « {query} » :",
} as const;
