/**
 * Phrases about files that go from member to member.
 *
 * @module
 */

/** The French of each phrase, by its English. */
export const FILES = {
  "Offer a file to all, or to one member alone": "Proposer un fichier à tous, ou à un seul membre",
  "Nothing goes before somebody takes it. The server passes it on, and cannot read it. The file must stay as it is.":
    "Rien ne part avant que quelqu’un le prenne. Le serveur le transmet sans pouvoir le lire. Le fichier ne doit pas changer.",
  "Take a file that is offered": "Prendre un fichier proposé",
  "It comes to ~/Downloads, or to the directory. What is interrupted goes on where it was.":
    "Il arrive dans ~/Downloads, ou dans le dossier nommé. Ce qui est interrompu reprend où il en était.",
  "Show offers, and files on their way": "Afficher les fichiers proposés et en chemin",
  "Withdraw an offer, or stop taking a file": "Retirer un fichier proposé, ou cesser de le prendre",

  "offers the file {name} ({size}), which newer clients can take":
    "propose le fichier {name} ({size}), à prendre avec un client plus récent",
  "{nickname} offers {name} ({size}): /take {number}":
    "{nickname} propose {name} ({size}) : /take {number}",
  "{nickname} offers you alone {name} ({size}): /take {number}":
    "{nickname} propose à vous seul {name} ({size}) : /take {number}",
  "{count} more files are offered, by {names} and others: see /files":
    "{count} autres fichiers sont proposés, par {names} et d’autres : voir /files",
  "{nickname} offers {count} more files: see /files":
    "{nickname} propose {count} autres fichiers : voir /files",
  "{name} of {nickname} has come up to {size} by now":
    "{name} de {nickname} est arrivé jusqu’à {size} pour l’instant",
  "{name} of {nickname} is here: {path}": "{name} de {nickname} est là : {path}",
  "{nickname} has {name}": "{nickname} a reçu {name}",
  "{name} has gone to {nickname}, who has not said yet that it is whole":
    "{name} est parti vers {nickname}, qui n’a pas encore dit s’il est complet",
  "{name} of {nickname} did not come: {reason}": "{name} de {nickname} n’est pas arrivé : {reason}",
  "{name} did not get to {nickname}: {reason}": "{name} n’a pas atteint {nickname} : {reason}",
  "{name} of {nickname} is not taken any more": "vous ne prenez plus {name} de {nickname}",
  "{name} is not sent to {nickname} any more": "{name} n’est plus envoyé à {nickname}",
  "{percent} % of {size}, {rate}/s, {time} left": "{percent} % de {size}, {rate}/s, encore {time}",
  "{number}: {name} ({size}), offered by {nickname}":
    "{number} : {name} ({size}), proposé par {nickname}",
  "{number}: {name} ({size}), offered by you, taken {taken} times":
    "{number} : {name} ({size}), proposé par vous, pris {taken} fois",
  "{number}: waits for {nickname}": "{number} : attend {nickname}",
  "{number}: {percent} % have come from {nickname}": "{number} : {percent} % reçus de {nickname}",
  "{number}: {percent} % have gone to {nickname}": "{number} : {percent} % envoyés à {nickname}",
  "no files are offered": "aucun fichier n’est proposé",
  "there are no files here": "il n’y a pas de fichiers ici",
  "you offer {name} ({size}) to {nickname}; /cancel {number} withdraws it":
    "vous proposez {name} ({size}) à {nickname} ; /cancel {number} le retire",
  "you offer {name} ({size}) to all; /cancel {number} withdraws it":
    "vous proposez {name} ({size}) à tous ; /cancel {number} le retire",
  "{nickname} is asked for {name} ({size})": "{name} ({size}) est demandé à {nickname}",
  "file {number} is cancelled": "le fichier {number} est abandonné",
  "a file is named by its number: see /files": "un fichier se désigne par son numéro : voir /files",

  "Cannot send the file: {reason}": "Impossible d’envoyer le fichier : {reason}",
  "Cannot take the file: {reason}": "Impossible de prendre le fichier : {reason}",
  "waiting for somebody to take the file; Ctrl-C ends it":
    "en attente que quelqu’un prenne le fichier ; Ctrl-C y met fin",
  "waiting for {nickname} to take the file; Ctrl-C ends it":
    "en attente que {nickname} prenne le fichier ; Ctrl-C y met fin",
  "nobody has taken the file": "personne n’a pris le fichier",
  "there is no offer {number}": "il n’y a pas de fichier {number}",
  "{nickname} is not here any more": "{nickname} n’est plus là",
  "you take that file already": "vous prenez déjà ce fichier",
  "you take too many files at once": "vous prenez trop de fichiers à la fois",
  "you offer too many files": "vous proposez trop de fichiers",
  "files cannot be sent with --plain": "impossible d’envoyer des fichiers avec --plain",
  "there is no place for files: name a directory":
    "il n’y a pas d’endroit pour les fichiers : nommez un dossier",
  "a member's key cannot be used": "la clé d’un membre est inutilisable",
  "the taker did not confirm it": "le destinataire ne l’a pas confirmé",
  "the connection for the file was lost": "la connexion du fichier est perdue",
  "the server is too old to pass files on":
    "le serveur est trop ancien pour transmettre des fichiers",
  "the server passes no files on now": "le serveur ne transmet pas de fichiers en ce moment",
  "it is not offered any more": "il n’est plus proposé",
  "the sender's file has changed since it was offered":
    "le fichier a changé chez l’expéditeur depuis qu’il l’a proposé",
  "the sender cannot read it": "l’expéditeur ne peut pas le lire",
  "the file stopped coming": "le fichier a cessé d’arriver",
  "what came is spoiled": "ce qui est arrivé est abîmé",
  "the file has another size than was offered": "le fichier n’a pas la taille annoncée",
  "{path} has changed since it was offered": "{path} a changé depuis que vous l’avez proposé",
  "Offer it again.": "Proposez-le de nouveau.",
  "there is no {path}": "il n’y a pas de {path}",
  "what came is not the file that was offered: wrong hash":
    "ce qui est arrivé n’est pas le fichier proposé : somme de contrôle fausse",
  "It stays in {path}, and begins anew if you take it again.":
    "Cela reste dans {path}, et tout recommence si vous le reprenez.",
  "{path} is in the way": "{path} est déjà là",
  "Remove it, or choose another directory with {option}.":
    "Enlevez-le, ou choisissez un autre dossier avec {option}.",
  "another client takes this file": "un autre client prend déjà ce fichier",
  "too many files are called {name}": "trop de fichiers s’appellent {name}",
} as const;
