/**
 * Phrases of command lines: the help, settings and what programs print.
 *
 * @module
 */

import { MANUAL } from "./manual.ts";

const HELP = {
  "Show this help": "Afficher cette aide",
  "Show the version": "Afficher la version",
  "Usage:": "Utilisation :",
  "Commands:": "Commandes :",
  "Options:": "Options :",
  ":": " :",
  "bash, zsh or fish": "bash, zsh ou fish",
  "Prints completions for a shell.": "Affiche de quoi compléter les commandes dans un shell.",
  "Prints the manual page.": "Affiche la page de manuel.",
} as const;

const CLIENT = {
  "Talks in an encrypted group chat.": "Parle dans un salon de discussion chiffré.",
  "Address of the server": "Adresse du serveur",
  "Port of the server": "Port du serveur",
  "The room's key file": "Le fichier de clé du salon",
  "Your name in the room": "Votre nom dans le salon",
  "your login name": "votre nom de session",
  "Send one message, and leave when it is taken": "Envoyer un message, partir dès qu’il est reçu",
  "Go on listening after the end of piped input": "Rester à l’écoute après la fin de l’entrée",
  "Write and read one event a line, as JSON": "Écrire et lire un événement par ligne, en JSON",
  "Write unsigned text, for rooms of simple clients":
    "Texte sans signature, pour les clients simples",
  "Last messages to ask for": "Derniers messages à demander",
  "200; 0 for piped input": "200 ; 0 dans un tube",
  "Your keys": "Vos clés",
  "in your state directory": "dans votre dossier d’état",
  "Be somebody new, and keep nothing on disk": "Nouvelle identité, rien n’est gardé sur disque",
  "How long to try again": "Durée des nouveaux essais",
  "86400; 300 for piped input": "86400 ; 300 dans un tube",
  "Send lines that begin with / as they are": "Envoyer telles quelles les lignes en /",
  "Keep what you typed in a file": "Garder ce que vous tapez dans un fichier",
  "Keep the messages, 0 to erase them": "Garder les messages, 0 pour les effacer",
  "not kept": "pas gardés",
  "Whether to use colours": "Couleurs",
  "What to ring for": "Sonner pour",
  "Show desktop notifications too": "Notifier aussi sur le bureau",
  "Show no times": "Ne pas afficher les heures",
  "Read another settings file": "Lire un autre fichier de réglages",
  "Read no settings file": "Ne lire aucun fichier de réglages",
  "Type a message and press Enter; /help shows the commands. Ctrl-D leaves. With piped input each line is one message, and each message received is one line of output.":
    "Tapez un message puis Entrée ; /help montre les commandes. Ctrl-D pour partir. Dans un tube, chaque ligne lue est un message, et chaque message reçu est une ligne écrite.",
  'All options but --send, --settings and --no-settings can also be set in the settings file, as in "bell": "pm" or "commands": false, and by variables such as CHAT_BELL=pm or CHAT_COMMANDS=off, which weigh more; the command line weighs most. Switches have two forms: --notify and --no-notify. An ip and a port that are set so need not be given.':
    'Toutes les options sauf --send, --settings et --no-settings se règlent aussi dans le fichier de réglages, comme "bell": "pm" ou "commands": false, et par des variables comme CHAT_BELL=pm ou CHAT_COMMANDS=off, qui pèsent plus que lui ; la ligne de commande l’emporte sur tout. Les options sans valeur ont deux formes : --notify et --no-notify. Si ip et port sont réglés, on peut les omettre.',
  "Environment: CHAT_..., XDG_CONFIG_HOME, XDG_STATE_HOME, NO_COLOR, LANG.":
    "Environnement : CHAT_..., XDG_CONFIG_HOME, XDG_STATE_HOME, NO_COLOR, LANG.",
  "Exit codes: 0 all was sent, 1 failure, 2 wrong usage, 130 on Ctrl-C.":
    "Codes de sortie : 0 tout est envoyé, 1 échec, 2 mauvais usage, 130 sur Ctrl-C.",
  "Prints what admits members to a server without the key.":
    "Affiche de quoi admettre des membres à un serveur sans clé.",
  "Save it as admission.pub, and run: chat-server <ip> <port> --keyless admission.pub":
    "À garder dans admission.pub ; puis : chat-server <ip> <port> --keyless admission.pub",
} as const;

const FILE_COMMANDS = {
  "Offers a file, and ends when somebody has it whole.":
    "Propose un fichier, et finit quand quelqu’un l’a tout entier.",
  "The file": "Le fichier",
  "Offer it to one member alone": "Ne le proposer qu’à un seul membre",
  "Offer it for so long, to as many as want it": "Le proposer ce temps, à tous ceux qui le veulent",
  "Takes the next file that is offered, and prints its path.":
    "Prend le prochain fichier proposé, et affiche son chemin.",
  "Where the file is to lie": "Où mettre le fichier",
  "your Downloads": "vos téléchargements",
  "Take a file of this member alone": "Ne prendre qu’un fichier de ce membre",
  "Progress is told on standard error, if that is a terminal.":
    "L’avancement s’affiche sur l’erreur standard, si c’est un terminal.",
} as const;

const CONFIG = {
  "Prints all settings, and where each is from.":
    "Affiche tous les réglages, et d’où vient chacun.",
  "Print them as JSON": "Les afficher en JSON",
  "Print the path of the settings file alone": "Afficher le chemin du fichier seulement",
  "The other options are those of chat-client, and have the same effect on what is printed.":
    "Les autres options sont celles de chat-client, et changent ce qui est affiché.",
  "default": "par défaut",
  "settings file {path}": "fichier de réglages {path}",
  "environment {variable}": "variable {variable}",
  "command line": "ligne de commande",
  "(hidden: it looks like a key)": "(caché : on dirait une clé)",
} as const;

const SERVER = {
  "Relays an encrypted group chat. It passes on what it cannot read.":
    "Relaie un salon de discussion chiffré. Il transmet ce qu’il ne peut pas lire.",
  "Where to listen: 127.0.0.1 for this machine, 0.0.0.0 for all networks":
    "Où écouter : 127.0.0.1 pour cette machine, 0.0.0.0 pour tous les réseaux",
  "Port from 1024 to 65535, or 0 for any free one":
    "Port de 1024 à 65535, ou 0 pour un port libre au choix",
  "Key file, created if missing": "Fichier de clé, créé s’il manque",
  "Run from admission.pub, without the key": "Se contenter de admission.pub, sans la clé",
  "Serve nobody who does not prove the key": "Ne servir que ceux qui prouvent avoir la clé",
  "Let no member invite others by a code": "Ne laisser aucun membre inviter par un code",
  "Last messages that newcomers get, 0 for none": "Derniers messages donnés aux nouveaux",
  "Keep these messages over a restart": "Garder ces messages d’un lancement à l’autre",
  "Clients at once": "Clients en même temps",
  "Files on their way at once, 0 for none": "Fichiers en chemin à la fois, 0 pour aucun",
  "Most of one file in a second": "Débit maximal d’un fichier, par seconde",
  "Do not slow down clients that send too fast": "Ne pas ralentir ceux qui envoient trop vite",
  "Memory for lines on their way": "Mémoire pour les lignes en chemin",
  "Longest that one line may take to arrive": "Temps qu’une ligne peut mettre à arriver",
  "Serve Prometheus, such as at 127.0.0.1:9464": "Servir Prometheus, p. ex. à 127.0.0.1:9464",
  "How to log": "Forme du journal",
  "What to log": "À noter",
  "Leave clients' addresses out of the log": "Journal sans les adresses des clients",
  "Environment: CHAT_KEY (as --key), NO_COLOR, LANG.":
    "Environnement : CHAT_KEY (comme --key), NO_COLOR, LANG.",
  "Exit codes: 0 stopped by SIGINT or SIGTERM, 1 failure, 2 wrong usage.":
    "Codes de sortie : 0 arrêté par SIGINT ou SIGTERM, 1 échec, 2 mauvais usage.",
} as const;

const INVITATION = {
  "keyless: this server cannot tell what is said, nor admit anybody by itself":
    "sans clé : ce serveur ne sait pas ce qui se dit, et n’admet personne de lui-même",
  "mode: open; without the key one can pass lines on and receive them, but not read them":
    "mode : ouvert ; sans la clé on peut transmettre et recevoir des lignes, pas les lire",
  "mode: members only; whoever does not prove the key gets nothing":
    "mode : membres seulement ; qui ne prouve pas avoir la clé ne reçoit rien",
  "strangers can reach this address: --members-only keeps them out":
    "des inconnus peuvent atteindre cette adresse : --members-only les tient dehors",
  "only this machine can connect; to invite others, listen on 0.0.0.0":
    "seule cette machine peut se connecter ; pour inviter, écoutez sur 0.0.0.0",
  "this machine is on no network now: nobody else can connect":
    "cette machine n’est sur aucun réseau : personne d’autre ne peut se connecter",
  "file descriptors are enough for {places} clients at once, not for {wanted}: allow more with ulimit -n":
    "les descripteurs de fichiers suffisent pour {places} clients à la fois, pas pour {wanted} : permettez-en plus avec ulimit -n",
  "behind the % each machine has the name of its own network interface":
    "après le %, chaque machine met le nom de sa propre interface réseau",
  "to let a friend in with a code: {command}": "pour faire entrer un ami avec un code : {command}",
  "a client on this machine runs: {command}": "un client sur cette machine lance : {command}",
  "a friend with that file runs: {command}": "un ami qui a ce fichier lance : {command}",
  "a friend with secret.key runs: {command}": "un ami qui a secret.key lance : {command}",
  "new key: {path}": "nouvelle clé : {path}",
  "key: {path}": "clé : {path}",
  "room: {fingerprint}": "salon : {fingerprint}",
  "key: from a pipe": "clé : reçue par un tube",
  "whoever has this key can read and write everything: hand it over in":
    "qui a cette clé peut tout lire et tout écrire : donnez-la en main",
  "whoever has this file can read and write everything: hand it over in":
    "qui a ce fichier peut tout lire et tout écrire : donnez-le en main",
  "person or through an encrypted messenger, never by mail":
    "propre ou par une messagerie chiffrée, jamais par courriel",
  "listening on {address}": "écoute sur {address}",
  "metrics: {url}": "mesures : {url}",
} as const;

/** The French of each phrase, by its English. */
export const CLI = {
  ...HELP,
  ...CLIENT,
  ...FILE_COMMANDS,
  ...CONFIG,
  ...SERVER,
  ...INVITATION,
  ...MANUAL,
} as const;
