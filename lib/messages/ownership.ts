/**
 * Phrases about files and directories that are not the user's alone.
 *
 * @module
 */

/** The French of each phrase, by its English. */
export const OWNERSHIP = {
  "Cannot use {path}: {reason}": "Impossible d’utiliser {path} : {reason}",
  "it belongs to another user": "appartient à un autre utilisateur",
  "others may write to it": "d’autres peuvent y écrire",
  "others could write to {path}: now they cannot":
    "d’autres pouvaient écrire dans {path} : ils ne le peuvent plus",
  "{path} belongs to another user": "{path} appartient à un autre utilisateur",
  "If you trust who made it, make it yours with chown, or use a copy of your own.":
    "Si vous vous fiez à son auteur, appropriez-vous-le avec chown, ou employez une copie à vous.",
} as const;
