/**
 * Phrases about keys that move on.
 *
 * @module
 */

/** The French of each phrase, by its English. */
export const KEYS = {
  "old keys are kept until this clock and the server's agree":
    "les anciennes clés sont conservées jusqu’à ce que cette horloge et celle du serveur concordent",
  "Shows what kind of key a room has, and never the key.":
    "Montre de quelle sorte est la clé d’un salon, et jamais la clé.",
  "Prints the room's Fernet key of today, for scripts.":
    "Affiche la clé Fernet du jour, à l’usage des scripts.",
  "Print it, though it is a secret": "L’afficher, bien que ce soit un secret",
  "In a room that moves on, a script needs a new key each day. That of yesterday is still read.":
    "Dans un salon dont les clés changent, un script a besoin d’une nouvelle clé chaque jour. Celle de la veille est encore lue.",
  "Nothing is printed without --today: it is a secret":
    "Rien n’est affiché sans --today : c’est un secret",
  "Cannot tell the key of today: it is erased":
    "Impossible de donner la clé d’aujourd’hui : elle est effacée",
  "Set the clock right: it is behind that of the last start.":
    "Mettez l’horloge à l’heure : elle retarde sur celle du dernier démarrage.",
  "first form: one key for all days": "première forme : une clé pour tous les jours",
  "second form: generation {number}, from {day} on":
    "seconde forme : génération {number}, à partir du {day}",
  "the others have not been told of it yet": "les autres n’en sont pas encore avertis",
  "generation {number} is read until {time}": "la génération {number} est lue jusqu’au {time}",
  "remove {path}: nothing is erased there any more":
    "supprimez {path} : rien n’y est plus effacé désormais",
  "it is the key of another room": "c’est la clé d’un autre salon",
} as const;
