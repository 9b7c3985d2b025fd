/**
 * Manual pages: their headings and the files that they tell of. English, and the French for it.
 *
 * @module
 */

/** French by English; `{name}` stands for a value. */
export const MANUAL = {
  "NAME": "NOM",
  "SYNOPSIS": "SYNOPSIS",
  "DESCRIPTION": "DESCRIPTION",
  "COMMANDS": "COMMANDES",
  "OPTIONS": "OPTIONS",
  "NOTES": "NOTES",
  "FILES": "FICHIERS",
  "SEE ALSO": "VOIR AUSSI",
  "The room's key: whoever has it is a member.": "La clé du salon : qui l’a est membre.",
  "Your settings: a JSON object.": "Vos réglages : un objet JSON.",
  "Your keys. Keep a copy: who has lost them is somebody else to the others.":
    "Vos clés. Gardez-en une copie : qui les perd est un inconnu pour les autres.",
  "What admits members without the key, for --keyless.":
    "Ce qui admet des membres sans la clé, pour --keyless.",
} as const;
