/**
 * Phrases about what is kept on disk of a conversation.
 *
 * @module
 */

/** The French of each phrase, by its English. */
export const HISTORY = {
  "Cannot load backlog: {reason}": "Impossible de lire les derniers messages : {reason}",
  "another server uses {path}": "un autre serveur se sert de {path}",
  "{path} holds something else": "{path} contient autre chose",
  "{path} is of a room with another key": "{path} est d’un salon qui a une autre clé",
  "Move it away, or choose another file with {option}.":
    "Déplacez-le, ou choisissez un autre fichier avec {option}.",
  "some of the messages kept in {path} are damaged or missing":
    "certains des messages gardés dans {path} sont abîmés ou manquent",
} as const;
