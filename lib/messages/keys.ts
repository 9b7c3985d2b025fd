/**
 * Phrases about keys that move on.
 *
 * @module
 */

/** The French of each phrase, by its English. */
export const KEYS = {
  "old keys are kept until this clock and the server's agree":
    "les anciennes clés sont conservées jusqu’à ce que cette horloge et celle du serveur concordent",
  "it is the key of another room": "c’est la clé d’un autre salon",
} as const;
