/**
 * Phrases of invitations: of codes, and of what can go wrong between two who pair.
 *
 * @module
 */

const CODES = {
  "Not a word of invitation codes: {word}": "Pas un mot des codes d’invitation : {word}",
  "Ask for the four words again: each stands on a list.":
    "Redemandez les quatre mots : chacun figure sur une liste.",
  "Not an invitation code: it does not have {count} words":
    "Pas un code d’invitation : il n’a pas {count} mots",
  "A code looks like {code}.": "Un code ressemble à {code}.",
  "Not a link to a room: {text}": "Pas un lien vers un salon : {text}",
  "A link looks like {link}.": "Un lien ressemble à {link}.",
} as const;

const COMMANDS = {
  "Makes a code that lets one person into a room.":
    "Crée un code qui fait entrer une personne dans un salon.",
  "Standard output has the code alone. The code is good once, for 10 minutes, while the command waits: it ends with 0 when somebody came, and with 1 when nobody did.":
    "La sortie standard n’a que le code. Il vaut une fois, pendant 10 minutes, tant que la commande attend : elle finit avec 0 quand quelqu’un est venu, avec 1 si personne n’est venu.",
  "Draw the link as a QR code, too, at a terminal":
    "Dessiner aussi le lien en code QR, à un terminal",
  "Joins a room with a code, keeps it under a name, and enters it.":
    "Rejoint un salon avec un code, le garde sous un nom, et y entre.",
  "The four words; asked for if missing, as others can see arguments":
    "Les quatre mots ; sinon demandés, car d’autres voient les arguments",
  "A link that has it all: chatroom://...": "Un lien qui contient tout : chatroom://...",
  "its address": "son adresse",
  "Keep the room, and do not enter it": "Garder le salon, sans y entrer",
  "Where standard input is no terminal, its first line is the code if that is missing. If the address is missing, too, it is a link, or the code with the address on the next line. The other lines go to the room.":
    "Si l’entrée standard n’est pas un terminal, sa première ligne est le code s’il manque. Si l’adresse manque aussi, c’est un lien, ou le code avec l’adresse à la ligne suivante. Les autres lignes vont au salon.",
  "the four words, or a link: ": "les quatre mots, ou un lien : ",
  "the server's address and port: ": "l’adresse et le port du serveur : ",
  "Not an address and a port: {text}": "Pas une adresse et un port : {text}",
  "Enter both, such as {example}.": "Entrez les deux, par exemple {example}.",
  "the four words: ": "les quatre mots : ",
  "Type the name that others are to see, or press Enter for this one.":
    "Tapez le nom que les autres verront, ou Entrée pour celui-ci.",
  "your name [{nickname}]: ": "votre nom [{nickname}] : ",
  "With --ephemeral nothing is kept, and a room that is joined is":
    "Avec --ephemeral rien n’est gardé, alors qu’un salon rejoint l’est",
  "Set CHAT_EPHEMERAL=off for this command.": "Définissez CHAT_EPHEMERAL=off pour cette commande.",
} as const;

const TOLD = {
  "Let one person into the room with a code": "Faire entrer une personne avec un code",
  "Shows four words that are good once, for 10 minutes, and what the other person does with them. Then both of you are verified to each other, as after /verify. /invite --qr draws a link with all of it, too.":
    "Affiche quatre mots qui valent une fois, pendant 10 minutes, et ce que l’autre en fait. Vous êtes ensuite vérifiés l’un pour l’autre, comme après /verify. /invite --qr dessine aussi un lien qui contient tout.",
  "for one person, for {minutes} minutes: {code}":
    "pour une personne, pendant {minutes} minutes : {code}",
  "for {nickname}, for {minutes} minutes: {code}":
    "pour {nickname}, pendant {minutes} minutes : {code}",
  "this code is for one person, for {minutes} minutes":
    "ce code vaut pour une personne, pendant {minutes} minutes",
  "they enter the four words in: {command}": "les quatre mots s’entrent dans : {command}",
  "or all in one line: {command}": "ou tout en une ligne : {command}",
  "only this machine can connect there: others need its address":
    "seule cette machine peut s’y connecter : ailleurs il faut son adresse",
  "to enter it by a name, too: {command}": "pour y entrer aussi par un nom : {command}",
  "a QR code takes {least} columns, and there are {most}":
    "un code QR prend {least} colonnes, et il y en a {most}",
  "waiting for them; Ctrl-C withdraws the code": "en attente ; Ctrl-C retire le code",
  "you have this room already: {name}": "vous avez déjà ce salon : {name}",
  "you have this room already: {name}; its address is now {address}":
    "vous avez déjà ce salon : {name} ; son adresse est maintenant {address}",
  "the name {name} is taken: you are {nickname}": "le nom {name} est pris : vous êtes {nickname}",
  "from now on you enter it with: {command}": "désormais, pour y entrer : {command}",
  "{who}: {reason}": "{who} : {reason}",
  "{nickname} has the key now, and is verified: {number}":
    "{nickname} a maintenant la clé, et son identité est vérifiée : {number}",
  "{nickname} has the key now; the name belongs to another key here: see /verify {nickname}, /trust {nickname}":
    "{nickname} a maintenant la clé ; ici ce nom appartient à une autre clé : voir /verify {nickname}, /trust {nickname}",
  "{nickname} has let you in, and is verified: {number}":
    "{nickname} vous a fait entrer, et son identité est vérifiée : {number}",
  "{nickname} has let you in; the name belongs to another key here: see /verify {nickname}, /trust {nickname}":
    "{nickname} vous a fait entrer ; ici ce nom appartient à une autre clé : voir /verify {nickname}, /trust {nickname}",
} as const;

const INVITING = {
  "Make another code.": "Faites un autre code.",
  "Cannot invite: this server lets no member invite":
    "Impossible d’inviter : ce serveur ne laisse aucun membre inviter",
  "Cannot invite: too many invitations are open":
    "Impossible d’inviter : trop d’invitations sont ouvertes",
  "You may have 3, all at your address 12, and all members 32. One ends when it was used, or after 10 minutes.":
    "Vous pouvez en avoir 3, tous ceux de votre adresse 12, et tous les membres 32. Elles finissent une fois utilisées, ou après 10 minutes.",
  "Cannot invite: the server is too old for invitations":
    "Impossible d’inviter : le serveur est trop ancien pour les invitations",
  "Ask who runs the server for a newer version.":
    "Demandez une version plus récente à qui tient le serveur.",
  "Cannot invite: the server does not answer": "Impossible d’inviter : le serveur ne répond pas",
  "Invitation over: nobody came in time": "Invitation terminée : personne n’est venu à temps",
  "Invitation over: it was withdrawn": "Invitation terminée : elle a été retirée",
  "Invitation over: the connection was lost": "Invitation terminée : la connexion est perdue",
  "Invitation over: somebody came with a wrong code":
    "Invitation terminée : quelqu’un est venu avec un code faux",
  "If it was not your friend, somebody guesses. Make another code.":
    "Si ce n’est pas votre ami, quelqu’un devine. Faites un autre code.",
  "Invitation over: who came left before the end":
    "Invitation terminée : la personne venue est partie avant la fin",
  "Invitation over: somebody has the key, and did not say who they are":
    "Invitation terminée : quelqu’un a la clé, et n’a pas dit qui il est",
  "Ask your friend. If it was somebody else, make a new room.":
    "Demandez à votre ami. Si c’était quelqu’un d’autre, faites un nouveau salon.",
} as const;

const JOINING = {
  "Ask for another code: this one is used up.": "Demandez un autre code : celui-ci a servi.",
  "Cannot join: nobody waits there with this code":
    "Impossible de rejoindre : personne n’attend là avec ce code",
  "Check the first word. A code is good for 10 minutes, and once.":
    "Vérifiez le premier mot. Un code vaut 10 minutes, et une fois.",
  "Cannot join: this code was used already": "Impossible de rejoindre : ce code a déjà servi",
  "If it was not you, tell who invited you: somebody else has the code.":
    "Si ce n’était pas vous, dites-le à qui vous a invité : quelqu’un d’autre a le code.",
  "Cannot join: the code is wrong": "Impossible de rejoindre : le code est faux",
  "Cannot join: who invited you is gone": "Impossible de rejoindre : qui vous a invité est parti",
  "Cannot join: who invited you does not answer":
    "Impossible de rejoindre : qui vous a invité ne répond pas",
  "Cannot join: the answer makes no sense": "Impossible de rejoindre : la réponse n’a pas de sens",
  "Do not trust this server. Ask for another code.":
    "Ne vous fiez pas à ce serveur. Demandez un autre code.",
  "Cannot join: the server is too old for invitations":
    "Impossible de rejoindre : le serveur est trop ancien pour les invitations",
  "Ask for the key file, or who runs the server for a newer version.":
    "Demandez le fichier de clé, ou une version plus récente à qui tient le serveur.",
  "Cannot join: too many wrong codes from your address":
    "Impossible de rejoindre : trop de codes faux depuis votre adresse",
  "Try again in a minute.": "Réessayez dans une minute.",
} as const;

/** The French of each phrase, by its English. */
export const INVITATIONS = { ...CODES, ...COMMANDS, ...TOLD, ...INVITING, ...JOINING } as const;
