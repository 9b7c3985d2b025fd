/**
 * Phrases of the terminal: the prompt's questions and hints.
 *
 * @module
 */

/** The French of each phrase, by its English. */
export const TERMINAL = {
  "a line is longer than {bytes} bytes": "une ligne dépasse {bytes} octets",
  "a line is not UTF-8": "une ligne n’est pas en UTF-8",
  "{name} (connecting)> ": "{name} (connexion)> ",
  "{name} (offline)> ": "{name} (hors ligne)> ",
  "your name> ": "votre nom> ",

  "a line is not JSON": "une ligne n’est pas en JSON",
  "a line is not a JSON object": "une ligne n’est pas un objet JSON",
  "type is missing or unknown": "type manque ou est inconnu",
  "{field} is missing, or not text": "{field} manque, ou n’est pas un texte",
  "number is missing, or not a whole number": "number manque, ou n’est pas un nombre entier",
  "ref is neither a whole number nor a text of 1 to {chars} characters":
    "ref n’est ni un nombre entier, ni un texte de 1 à {chars} caractères",
  "Ctrl-Z does not work under deno task: it does with a compiled chat-client":
    "Ctrl-Z ne marche pas sous deno task : il marche avec un chat-client compilé",
  "Ctrl-C again leaves": "encore Ctrl-C pour quitter",
  "Paste {lines} lines as one message? (y/n)": "Coller {lines} lignes en un seul message ? (o/n)",
  "y": "o",
  "too long: {bytes} bytes, and a message holds {limit}":
    "trop long : {bytes} octets, et un message en contient {limit} au plus",
  "too long to paste: a message holds {limit} bytes":
    "trop long à coller : un message contient {limit} octets au plus",
  "your terminal sent what is not UTF-8: � stands for it":
    "votre terminal a envoyé autre chose que de l’UTF-8 : � en tient lieu",
  'search "{query}":': "recherche « {query} » :",
  'nothing older has "{query}":': "rien de plus ancien avec « {query} » :",
  "{count} more wait for the server": "{count} autres attendent le serveur",
  "not taken by the server: {text}": "pas reçu par le serveur : {text}",
} as const;
