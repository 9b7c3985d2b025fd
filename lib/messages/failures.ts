/**
 * Phrases of errors, hints and warnings.
 *
 * @module
 */

const LABELS = {
  "error:": "erreur :",
  "hint:": "conseil :",
  "warning:": "attention :",
} as const;

const USAGE = {
  "Unknown option: {option}": "Option inconnue : {option}",
  "Option --{name} needs a value: {value}": "L’option --{name} demande une valeur : {value}",
  "Option --{name} takes no value": "L’option --{name} ne prend pas de valeur",
  "With --key - no messages can come from standard input":
    "Avec --key - aucun message ne peut venir de l’entrée standard",
  "Give the key as --key <(COMMAND), or the message as --send TEXT.":
    "Donnez la clé par --key <(COMMANDE), ou le message par --send TEXTE.",
  "Options --{name} and --{other} exclude each other":
    "Les options --{name} et --{other} s’excluent",
  "With --keyless the server never opens a key file: leave --key away.":
    "Avec --keyless le serveur n’ouvre jamais de fichier de clé : ôtez --key.",
  "Missing argument: {argument}": "Argument manquant : {argument}",
  "Too many arguments": "Trop d’arguments",
  "Usage: {usage}": "Utilisation : {usage}",
  "See {program} --help.": "Voir {program} --help.",
  "No completions for {shell}": "Pas de complétions pour {shell}",
  "Not an address: {text}": "Pas une adresse : {text}",
  "More than {most} addresses": "Plus de {most} adresses",
  "Use an IPv4 or IPv6 address or a host name, such as 127.0.0.1.":
    "Donnez une adresse IPv4 ou IPv6 ou un nom d’hôte, comme 127.0.0.1.",
  "Use an address and a port, such as 127.0.0.1:9464 or [::1]:9464.":
    "Donnez une adresse et un port, comme 127.0.0.1:9464 ou [::1]:9464.",
  "Not a port: {text}": "Pas un port : {text}",
  "Port {port} is reserved: ports below {lowest} belong to the system":
    "Le port {port} est réservé : les ports au-dessous de {lowest} sont au système",
  "Choose a port from {lowest} to {highest}, or 0 for any free one.":
    "Choisissez un port de {lowest} à {highest}, ou 0 pour un port libre au choix.",
  "Port 0 cannot be connected to": "On ne peut pas se connecter au port 0",
  "The server prints its port.": "Le serveur affiche son port.",
  "{what} is not UTF-8": "{what} n’est pas en UTF-8",
  "{what} cannot be {value}": "{what} ne peut pas être {value}",
  "Option --{name}": "L’option --{name}",
  "Variable {name}": "La variable {name}",
  "Setting {name} in {path}": "Le réglage {name} dans {path}",
  "Use a whole number up to {highest}.": "Donnez un nombre entier, {highest} au plus.",
  "Use a whole number from {lowest} to {highest}.":
    "Donnez un nombre entier de {lowest} à {highest}.",
  "Use one of: {choices}; or {others}.": "Au choix : {choices} ; ou {others}.",
  "Use one of: {choices}.": "Au choix : {choices}.",
  "Use true or false, without quotes.": "Écrivez true ou false, sans guillemets.",
  "Use a text, in quotes.": "Écrivez un texte, entre guillemets.",
  "Write the whole path: no home directory is known.":
    "Écrivez le chemin entier : aucun dossier personnel n’est connu.",
} as const;

const BOT = {
  "Cannot be done: {reason}": "Impossible : {reason}",
  "Cannot be done: the bot has left": "Impossible : le bot est parti",
} as const;

const SETTINGS = {
  "Unknown setting in {path}: {name}": "Réglage inconnu dans {path} : {name}",
  "Did you mean {name}?": "Vouliez-vous dire {name} ?",
  "Settings have the names of options: see {program} config.":
    "Les réglages ont les noms des options : voir {program} config.",
  "Correct the setting nick in {path}.": "Corrigez le réglage nick dans {path}.",
  "Cannot load settings: {reason}": "Impossible de lire les réglages : {reason}",
  "{path} is not a JSON object": "{path} n’est pas un objet JSON",
  "{path} has {bytes} bytes, {most} at most": "{path} fait {bytes} octets, {most} au plus",
  "There is no place for a settings file": "Il n’y a pas d’endroit pour un fichier de réglages",
  "Set HOME or XDG_CONFIG_HOME, or name a file with --settings PATH.":
    "Définissez HOME ou XDG_CONFIG_HOME, ou nommez un fichier avec --settings PATH.",
  "others may write to {path}": "d’autres peuvent écrire dans {path}",
  "Make it yours alone: chmod go-w {path}": "Réservez-vous-le : chmod go-w {path}",
  "It must hold one object, such as {example}.": "Il doit contenir un objet, comme {example}.",
} as const;

const FILES = {
  "Cannot read {path}: {reason}": "Impossible de lire {path} : {reason}",
  "longer than {most} bytes": "plus de {most} octets",
  "Cannot load key: {reason}": "Impossible de lire la clé : {reason}",
  "Cannot load identity: {reason}": "Impossible de lire l’identité : {reason}",
  "Cannot load admission: {reason}": "Impossible de lire l’admission : {reason}",
  "Cannot load history: {reason}": "Impossible de lire l’historique : {reason}",
  "Cannot load file: {reason}": "Impossible de lire le fichier : {reason}",
  "Cannot create key: {reason}": "Impossible de créer la clé : {reason}",
  "Cannot keep an identity: there is no home directory":
    "Impossible de garder une identité : il n’y a pas de dossier personnel",
  "Set HOME or XDG_STATE_HOME, name a file with --identity PATH, or be somebody new with --ephemeral.":
    "Définissez HOME ou XDG_STATE_HOME, nommez un fichier avec --identity PATH, ou prenez une nouvelle identité avec --ephemeral.",
  "there is no home directory: known keys and what was seen are forgotten at the end":
    "il n’y a pas de dossier personnel : clés connues et messages vus seront oubliés à la fin",
  "Cannot create identity: {reason}": "Impossible de créer l’identité : {reason}",
  "Cannot load key: there is no {path}": "Impossible de lire la clé : il n’y a pas de {path}",
  "Cannot load settings: there is no {path}":
    "Impossible de lire les réglages : il n’y a pas de {path}",
  "{path} is not a file": "{path} n’est pas un fichier",
  "{path} cannot be read": "{path} est illisible",
  "{path} cannot be written": "impossible d’écrire {path}",
  "{path} cannot be read: {reason}": "{path} est illisible : {reason}",
  "{path} cannot be written: {reason}": "impossible d’écrire {path} : {reason}",
  "there are too few file descriptors": "les descripteurs de fichiers sont trop peu nombreux",
  "its links lead in a circle": "ses liens tournent en rond",
  "the disk is full": "le disque est plein",
  "its file system is read-only": "son système de fichiers est en lecture seule",
  "a part of its path is not a directory": "une partie du chemin n’est pas un dossier",
  "its name is too long": "son nom est trop long",
  "there is no such directory": "il n’y a pas de tel dossier",
  "Choose another file with {option}.": "Choisissez un autre fichier avec {option}.",
  "Allow more of them, such as with: ulimit -n 1024":
    "Permettez-en plus, par exemple avec : ulimit -n 1024",
  "It is in UTF-16: save it as UTF-8.": "Il est en UTF-16 : enregistrez-le en UTF-8.",
  "It is in UTF-16, as > writes it in older versions of PowerShell: there, use | Out-File -Encoding ascii admission.pub":
    "Il est en UTF-16, comme > l’écrit dans les anciens PowerShell : là, employez | Out-File -Encoding ascii admission.pub",
  "It begins with a byte order mark: save it as UTF-8 without one.":
    "Il commence par un indicateur d’ordre des octets (BOM) : enregistrez-le en UTF-8 sans celui-ci.",
  "There are blanks or empty lines around what it holds: remove them.":
    "Il y a des espaces ou des lignes vides autour de son contenu : ôtez-les.",
  "It is in the other alphabet of Base64: write - for each +, and _ for each /.":
    "Il est dans l’autre alphabet de Base64 : écrivez - pour chaque +, et _ pour chaque /.",
  "The = at its end is missing.": "Il manque le = de la fin.",
  "{path} is empty": "{path} est vide",
  "{path} is a link to nothing": "{path} est un lien qui ne mène à rien",
  "{path}: there is no such file": "{path} : il n’y a pas de tel fichier",
  "{path} does not hold a valid key": "{path} ne contient pas de clé valable",
  "{path} does not hold a valid identity": "{path} ne contient pas d’identité valable",
  "{path} does not hold admission1.<room id>.<public key>":
    "{path} ne contient pas admission1.<salon>.<clé publique>",
  "others may read {path}": "d’autres peuvent lire {path}",
  "Have it given to you with mode 0400 or 0440, or use a copy with mode 0600. A server can do without it: --keyless PATH.":
    "Faites-vous-le donner en mode 0400 ou 0440, ou prenez une copie en mode 0600. Un serveur peut s’en passer : --keyless PATH.",
  "standard input": "l’entrée standard",
  "standard input is a terminal": "l’entrée standard est un terminal",
  "Have a program write it, through a pipe.": "Faites-la écrire par un programme, par un tube.",
  "Make it private: chmod 600 {path}": "Rendez-le privé : chmod 600 {path}",
  "Check its permissions: it must belong to you.": "Vérifiez ses droits : il doit vous appartenir.",
  "Choose a directory that you may write to, with {option}.":
    "Choisissez un dossier où vous pouvez écrire, avec {option}.",
  "Remove the link, or choose another file with {option}.":
    "Supprimez le lien, ou choisissez un autre fichier avec {option}.",
  "It must be one line that begins with identity1. Restore it from a copy, or move it away so that a new one is made: others will then see a new key under your name.":
    "Il doit tenir en une ligne qui commence par identity1. Reprenez-le d’une copie, ou déplacez-le pour qu’un nouveau soit fait : les autres verront alors une nouvelle clé sous votre nom.",
  "It must be one line of 44 characters, or lines that begin with room2. Ask who gave it to you for the file again.":
    "Elle doit tenir en une ligne de 44 caractères, ou en lignes qui commencent par room2. Redemandez le fichier à qui vous l’a donné.",
  "It must be one line of 44 characters, or lines that begin with room2. Ask for the file again, or move it away so that the server makes a new one.":
    "Il doit tenir en une ligne de 44 caractères, ou en lignes qui commencent par room2. Redemandez le fichier, ou déplacez-le pour que le serveur en fasse un nouveau.",
  "Make it where secret.key is: chat-client admission --key secret.key > admission.pub":
    "Créez-le là où se trouve secret.key : chat-client admission --key secret.key > admission.pub",
  "Join with a code from a friend: chat-client join. Or ask for secret.key, or name it with --key PATH.":
    "Entrez avec un code d’un ami : chat-client join. Ou demandez secret.key, ou nommez-le avec --key PATH.",
  "others could read {path}: its mode is now 0600":
    "d’autres pouvaient lire {path} : son mode est maintenant 0600",
  "cannot read {path}, starting without it: {reason}":
    "{path} est illisible, on commence sans : {reason}",
  "cannot save {path}: {reason}": "{path} n’est pas enregistré : {reason}",
  "cannot save {path}, only kept until the end: {reason}":
    "{path} n’est pas enregistré, gardé seulement jusqu’à la fin : {reason}",
  "{path} was damaged: starting anew, it is now {moved}":
    "{path} était endommagé : on repart de zéro, l’ancien est devenu {moved}",
  "it is not a file": "ce n’est pas un fichier",
  "it would have {bytes} bytes, over {most}": "il ferait {bytes} octets, plus que {most}",
  "{count} nicknames are pinned: further ones are not, and look new each time":
    "{count} noms sont épinglés : les suivants ne le sont pas, et semblent nouveaux à chaque fois",
  "cannot write to {path}: what was seen is forgotten at the end":
    "impossible d’écrire dans {path} : ce qui a été vu sera oublié à la fin",
  "no file in {path} is free: what is seen is forgotten at the end":
    "aucun fichier de {path} n’est libre : ce qui est vu sera oublié à la fin",
} as const;

const NETWORK = {
  "Cannot listen: {reason}": "Impossible d’écouter : {reason}",
  "Cannot serve metrics: {reason}": "Impossible de servir les mesures : {reason}",
  "port {port} is in use": "le port {port} est déjà pris",
  "there is no host called {host}": "aucun hôte ne s’appelle {host}",
  "{host} is not an address of this machine": "{host} n’est pas une adresse de cette machine",
  "{host} is for many machines: nobody can connect to it":
    "{host} est à plusieurs machines : personne ne peut s’y connecter",
  "{host} does not say on which network": "{host} ne dit pas sur quel réseau",
  "Write the network interface behind it, as in {address}.":
    "Ajoutez-y l’interface réseau, comme {address}.",
  "Cannot connect: there is no host called {host}":
    "Connexion impossible : aucun hôte ne s’appelle {host}",
  "Cannot connect: {reason}": "Connexion impossible : {reason}",
  "Cannot connect: no chat server answers there":
    "Connexion impossible : aucun serveur de discussion ne répond là",
  "Cannot connect: no server answers at {address}":
    "Connexion impossible : aucun serveur ne répond à {address}",
  "{reason}; trying again for {seconds} s": "{reason} ; nouveaux essais pendant {seconds} s",
  "Connection lost: the server takes nothing any more":
    "Connexion perdue : le serveur ne prend plus rien",
  "Connection lost: the server is gone": "Connexion perdue : le serveur n’est plus là",
  "Connection lost: the server is stopping": "Connexion perdue : le serveur s’arrête",
  "Another server may be running. Choose another port, or 0 for any free one.":
    "Un autre serveur tourne peut-être. Choisissez un autre port, ou 0 pour un port libre.",
  "Use 127.0.0.1 for this machine only, or 0.0.0.0 for all of its networks.":
    "Donnez 127.0.0.1 pour cette machine seule, ou 0.0.0.0 pour tous ses réseaux.",
  "Choose another address with --metrics, such as 127.0.0.1:0 for any free port.":
    "Choisissez une autre adresse avec --metrics, comme 127.0.0.1:0 pour un port libre.",
  "Check the address and the port.": "Vérifiez l’adresse et le port.",
  "Check the address and the port, and that the server is running.":
    "Vérifiez l’adresse et le port, et que le serveur tourne.",
  "Cannot read from the server: it sent a line that is too long":
    "Impossible de lire le serveur : il a envoyé une ligne trop longue",
  "Is there a chat server at this address?": "Est-ce un serveur de discussion, à cette adresse ?",
  "Connection closed by the server: {code} {reason}":
    "Connexion fermée par le serveur : {code} {reason}",
  "bad line": "ligne incorrecte",
  "too long": "ligne trop longue",
  "too slow": "trop lent",
  "too many failed proofs": "trop de preuves fausses",
  "Its room has another key: ask who runs the server for its secret.key.":
    "Son salon a une autre clé : demandez secret.key à qui tient le serveur.",
  "The room is full; try again later.": "Le salon est plein ; essayez plus tard.",
  "Somebody at your address has another key; try again in a minute.":
    "Quelqu’un à votre adresse a une autre clé ; essayez dans une minute.",
  "What you wrote last may be lost.": "Vos dernières lignes sont peut-être perdues.",
} as const;

const TALK = {
  "Cannot use nickname: {reason}": "Nom impossible : {reason}",
  "{bytes} bytes instead of 1 to {most}": "{bytes} octets au lieu de 1 à {most}",
  "it has a space, <, > or an invisible character":
    "il contient une espace, <, > ou un caractère invisible",
  "it has too many marks on one character": "un caractère y porte trop de signes",
  "Choose one with --nick NAME.": "Choisissez-en un avec --nick NAME.",
  "Cannot seal message: {bytes} bytes, {most} at most":
    "Message trop grand : {bytes} octets, {most} au plus",
  "Cannot write to one member alone: not with --plain":
    "Impossible d’écrire à un seul membre : pas avec --plain",
  "Cannot write to standard output": "Impossible d’écrire sur la sortie standard",
  "Cannot finish: the server does not take what was sent":
    "Impossible de finir : le serveur ne prend pas ce qui est envoyé",
  "Not everything was sent: {count} refused, see above":
    "Tout n’a pas été envoyé : {count} refus, voir plus haut",
  "Cannot read line: longer than {most} bytes": "Ligne trop longue : plus de {most} octets",
} as const;

/** The French of each phrase, by its English. */
export const FAILURES = {
  ...LABELS,
  ...USAGE,
  ...BOT,
  ...SETTINGS,
  ...FILES,
  ...NETWORK,
  ...TALK,
} as const;
