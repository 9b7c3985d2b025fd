/**
 * Phrases of manual pages: the headings, and the sections that are not about the command line.
 *
 * @module
 */

/** The French of each phrase, by its English. */
export const MANUAL = {
  "NAME": "NOM",
  "SYNOPSIS": "SYNOPSIS",
  "DESCRIPTION": "DESCRIPTION",
  "COMMANDS": "COMMANDES",
  "OPTIONS": "OPTIONS",
  "NOTES": "NOTES",
  "FILES": "FICHIERS",
  "SEE ALSO": "VOIR AUSSI",
  "COMMANDS IN THE ROOM": "COMMANDES DANS LE SALON",
  "KEYS": "TOUCHES",
  "ENVIRONMENT": "ENVIRONNEMENT",
  "EXIT STATUS": "CODES DE SORTIE",
  "Send the message": "Envoyer le message",
  "Begin a new line within the message": "Commencer une nouvelle ligne dans le message",
  "Complete a command, a name or a path; again: the next, the one before":
    "Compléter une commande, un nom ou un chemin ; encore : le suivant, le précédent",
  "Go through what you entered; the draft is kept":
    "Parcourir ce que vous avez tapé ; le brouillon est gardé",
  "Search what you entered; Ctrl-R again goes on, Escape ends it":
    "Chercher dans ce que vous avez tapé ; encore Ctrl-R pour continuer, Échap pour finir",
  "Go to the beginning or the end of the line": "Aller au début ou à la fin de la ligne",
  "Go back or on by a word": "Reculer ou avancer d’un mot",
  "Cut what is in front of the cursor, or behind it":
    "Couper ce qui est avant le curseur, ou après",
  "Cut the word in front of the cursor, or behind it": "Couper le mot avant le curseur, ou après",
  "Insert what was cut last; in its place what was cut before":
    "Insérer ce qui a été coupé en dernier ; à sa place ce qui l’a été avant",
  "Swap two characters; undo": "Échanger deux caractères ; annuler",
  "Discard the draft; twice: leave at once":
    "Abandonner le brouillon ; deux fois : quitter tout de suite",
  "Delete a character; where there is none, leave":
    "Supprimer un caractère ; s’il n’y en a pas, quitter",
  "Suspend the client; fg goes on": "Suspendre le client ; fg pour reprendre",
  "Settings: CHAT_ and the name of the option": "Réglages : CHAT_ et le nom de l’option",
  "Where settings are, instead of ~/.config": "Dossier des réglages, au lieu de ~/.config",
  "Where keys and the past are, instead of ~/.local/state":
    "Dossier des clés et du passé, au lieu de ~/.local/state",
  "Turns colours off, unless --color says otherwise":
    "Désactive les couleurs, sauf avis contraire de --color",
  "Turns colours off": "Désactive les couleurs",
  "Which colours the terminal has": "Les couleurs du terminal",
  "The language: French for fr, else English": "La langue : français pour fr, sinon anglais",
  "The key file, unless --key names one": "Le fichier de clé, si --key n’en nomme pas",
  "For each room, the keys of the others by name, and which messages have been seen.":
    "Par salon, les clés des autres par nom, et quels messages ont été vus.",
  "With --history, what you entered, readable.": "Avec --history, ce que vous avez tapé, lisible.",
  "All that was written has been taken by the server.":
    "Le serveur a pris tout ce qui a été écrit.",
  "Something failed, or was refused.": "Quelque chose a échoué, ou a été refusé.",
  "The command line or the settings cannot be understood.":
    "La ligne de commande ou les réglages sont incompréhensibles.",
  "Ended by SIGHUP, by Ctrl-C or SIGINT, by SIGQUIT, by SIGTERM.":
    "Fin par SIGHUP, par Ctrl-C ou SIGINT, par SIGQUIT, par SIGTERM.",
  "Stopped by SIGINT or SIGTERM.": "Arrêt par SIGINT ou SIGTERM.",
  "Something failed.": "Quelque chose a échoué.",
  "The command line cannot be understood.": "La ligne de commande est incompréhensible.",
  "The room's key: whoever has it is a member.": "La clé du salon : qui l’a est membre.",
  "For each room that has a name, its key and its own settings in room.json.":
    "Par salon qui a un nom, sa clé et ses propres réglages dans room.json.",
  "Your settings: a JSON object.": "Vos réglages : un objet JSON.",
  "Your keys. Keep a copy: who has lost them is somebody else to the others.":
    "Vos clés. Gardez-en une copie : qui les perd est un inconnu pour les autres.",
  "What admits members without the key, for --keyless.":
    "Ce qui admet des membres sans la clé, pour --keyless.",
} as const;
