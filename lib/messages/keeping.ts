/**
 * Phrases of what a client keeps: rooms by name, and the user's identity.
 *
 * @module
 */

const ROOMS = {
  "chat-client alone enters the only room that has a name, or lists the rooms.":
    "chat-client seul entre dans l’unique salon qui a un nom, ou affiche les salons.",
  "Name of a room: see chat-client rooms": "Nom d’un salon : voir chat-client rooms",
  "Name of the room": "Nom du salon",
  "Name of the new room": "Nom du nouveau salon",
  "Keeps a room under a name.": "Garde un salon sous un nom.",
  "The key is copied. The room has its own settings in room.json, which weigh more than the settings file.":
    "La clé est copiée. Le salon a ses propres réglages dans room.json, qui pèsent plus que le fichier de réglages.",
  "Removes a room and its key.": "Supprime un salon et sa clé.",
  "Do not ask": "Ne pas demander",
  "Who has no other copy of the key can read nothing of the room any more.":
    "Sans autre copie de la clé, on ne peut plus rien lire de ce salon.",
  "Lists the rooms that have names.": "Affiche les salons qui ont un nom.",
  "Enter one with: chat-client NAME": "Pour y entrer : chat-client NOM",
  "room {path}": "salon {path}",
  "{path} has no {name}": "{path} n’a pas de {name}",
  "Cannot tell which room is meant": "Impossible de savoir de quel salon il s’agit",
  "Which room? {command}": "Quel salon ? {command}",
  "You are in no room yet. There are three ways to begin:":
    "Vous n’êtes encore dans aucun salon. Trois façons de commencer :",
  "with a code from a friend": "avec un code d’un ami",
  "with a friend's secret.key": "avec le secret.key d’un ami",
  "with a server of your own": "avec votre propre serveur",
  "without an address": "sans adresse",
  "{address} as {nickname}": "{address} sous le nom de {nickname}",
  "There is no room called {name}": "Il n’y a pas de salon {name}",
  "See {command}.": "Voir {command}.",
  "Not a name for a room: {text}": "Pas un nom de salon : {text}",
  "Use up to {most} letters from a to z, digits, and - _ . between them.":
    "Prenez {most} caractères au plus : lettres de a à z, chiffres, et - _ . entre eux.",
  "It is a command of chat-client: choose another name.":
    "C’est une commande de chat-client : choisissez un autre nom.",
  "Cannot list rooms: {reason}": "Impossible d’afficher les salons : {reason}",
  "Cannot keep room: {reason}": "Impossible de garder le salon : {reason}",
  "there is a room called {name} already": "il y a déjà un salon {name}",
  "Choose another name: no key is written over.":
    "Choisissez un autre nom : aucune clé n’est remplacée.",
  "there are no rooms yet: {command}": "il n’y a pas encore de salon : {command}",
  "its key is kept in {path}": "sa clé est gardée dans {path}",
  "enter it with: {command}": "pour y entrer : {command}",
  "Cannot remove room {name}: {reason}": "Impossible de supprimer le salon {name} : {reason}",
  "Cannot remove room {name}: nobody can be asked":
    "Impossible de supprimer le salon {name} : personne à qui demander",
  "Remove its key, too, with --yes.": "Avec --yes, sa clé est supprimée aussi.",
  "This removes the key of the room. Who has no other copy cannot come back.":
    "Ceci supprime la clé du salon. Sans autre copie, on ne peut pas y revenir.",
  "Type {name} to remove it: ": "Tapez {name} pour le supprimer : ",
  "Nothing was removed": "Rien n’a été supprimé",
  "{name} is removed": "{name} est supprimé",
  "There is no place for rooms": "Il n’y a pas d’endroit pour des salons",
  "Set HOME or XDG_CONFIG_HOME.": "Définissez HOME ou XDG_CONFIG_HOME.",
  "there is no file to keep a name in": "il n’y a pas de fichier où garder un nom",
} as const;

const IDENTITY = {
  "Shows your safety number, and where your identity is.":
    "Affiche votre numéro de sûreté, et où est votre identité.",
  "With the same identity on several machines you are one person to the others.":
    "Avec la même identité sur plusieurs machines, vous êtes une seule personne pour les autres.",
  "Writes your identity to a file, sealed with a passphrase.":
    "Écrit votre identité dans un fichier, scellé par une phrase secrète.",
  "File to write, or - for standard output": "Fichier à écrire, ou - pour la sortie standard",
  "Takes an identity over that was exported on another machine.":
    "Reprend une identité exportée sur une autre machine.",
  "File to read, or - for standard input": "Fichier à lire, ou - pour l’entrée standard",
  "Where standard input is no terminal, its first line is the passphrase.":
    "Si l’entrée standard n’est pas un terminal, sa première ligne est la phrase secrète.",
  "Where standard input is no terminal, its first line is the passphrase. An identity that is there already is never written over.":
    "Si l’entrée standard n’est pas un terminal, sa première ligne est la phrase secrète. Une identité déjà présente n’est jamais remplacée.",
  "your safety number: {number}": "votre numéro de sûreté : {number}",
  "your identity: {path}": "votre identité : {path}",
  "on the other machine: {command}": "sur l’autre machine : {command}",
  "passphrase: ": "phrase secrète : ",
  "the same again: ": "la même encore : ",
  "sealed identity: ": "identité scellée : ",
  "Cannot go on: nothing was entered": "Impossible de continuer : rien n’a été entré",
  "Cannot load identity: there is no {path}":
    "Impossible de lire l’identité : il n’y a pas de {path}",
  "The first start of a client in a room makes one.":
    "La première entrée d’un client dans un salon en crée une.",
  "Cannot export identity: {reason}": "Impossible d’exporter l’identité : {reason}",
  "Cannot import identity: {reason}": "Impossible d’importer l’identité : {reason}",
  "{path} is there already": "{path} existe déjà",
  "Choose another path.": "Choisissez un autre chemin.",
  "It is never written over. Move it away only if you mean to be the other identity from now on.":
    "Il n’est jamais remplacé. Ne le déplacez que pour prendre désormais l’autre identité.",
  "{path} does not hold a sealed identity": "{path} ne contient pas d’identité scellée",
  "{path} was sealed by another version": "{path} a été scellé par une autre version",
  "Use that version of chat-client here, too.": "Employez cette version de chat-client ici aussi.",
  "{path} ends too early: a part of it is missing":
    "{path} finit trop tôt : il en manque une partie",
  "{path} has no cost from {least} to {most} behind sealed1":
    "{path} n’a pas de coût de {least} à {most} derrière sealed1",
  "the salt in {path} is not {count} characters of base64url":
    "le sel dans {path} n’est pas {count} caractères de base64url",
  "the sealed part of {path} is not {count} characters of base64url":
    "la partie scellée de {path} n’est pas {count} caractères de base64url",
  "Make it where your identity is: chat-client identity export PATH":
    "Créez-le là où est votre identité : chat-client identity export PATH",
  "the passphrase is another one, or the file was changed":
    "la phrase secrète est une autre, ou le fichier a été modifié",
  "the two passphrases differ": "les deux phrases secrètes diffèrent",
  "standard input does not begin with a line that has the passphrase":
    "l’entrée standard ne commence pas par une ligne avec la phrase secrète",
  "Save what was exported, and name the file in place of -.":
    "Enregistrez ce qui a été exporté, et nommez le fichier à la place de -.",
} as const;

/** The French of each phrase, by its English. */
export const KEEPING = { ...ROOMS, ...IDENTITY } as const;
