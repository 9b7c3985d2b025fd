/**
 * Phrases about rooms that move on to a new key.
 *
 * @module
 */

/** The French of each phrase, by its English. */
export const ROTATION = {
  "{nickname} moved the room on to a new key":
    "{nickname} a fait passer le salon à une nouvelle clé",
  "{nickname} moved the room on to a new key, without {names}":
    "{nickname} a fait passer le salon à une nouvelle clé, sans {names}",
  "{names} and {count} more": "{names} et {count} autres",
  "{nickname} announces a new key for the room, and is not the known one: this client stays with the old key. To follow: /verify {name}, then /trust {name}":
    "{nickname} annonce une nouvelle clé du salon, sans avoir la clé connue sous ce nom : ce client garde l’ancienne. Pour suivre : /verify {name}, puis /trust {name}",
  "{nickname} moved the room on to a new key that is not for you: from now on you can read nothing that is written, and nobody reads what you write. Ask a member for an invitation":
    "{nickname} a fait passer le salon à une nouvelle clé qui n’est pas pour vous : vous ne pouvez plus rien lire de ce qui s’écrit, et personne ne lit ce que vous écrivez. Demandez une invitation à un membre",
  "the room has moved on to a new key that is not for you, says {nickname}: ask a member for an invitation":
    "le salon est passé à une nouvelle clé qui n’est pas pour vous, dit {nickname} : demandez une invitation à un membre",
  "{nickname} moved the room on at the same moment, and that key counts":
    "{nickname} a fait passer le salon à une nouvelle clé au même moment, et c’est la sienne qui vaut",
  "{nickname} moved the room on at the same moment, and that key counts: {names}, whom you put out, may read on. /rotate again puts them out":
    "{nickname} a fait passer le salon à une nouvelle clé au même moment, et c’est la sienne qui vaut : {names}, que vous aviez exclu, peut continuer à lire. /rotate une seconde fois l’exclut",
  "the room had moved on: {nickname} gave you its new key":
    "le salon était passé à une nouvelle clé : {nickname} vous l’a donnée",
  "1 message under the room's old key is not shown: it is not signed by a member":
    "1 message sous l’ancienne clé du salon n’est pas affiché : aucun membre ne l’a signé",
  "{count} messages under the room's old key are not shown: they are not signed by members":
    "{count} messages sous l’ancienne clé du salon ne sont pas affichés : aucun membre ne les a signés",
  "{count} under the old key": "sous l’ancienne clé : {count}",

  "Give the room a new key, perhaps without some":
    "Changer la clé du salon, au besoin sans certains",
  "/rotate without bob puts bob out: nothing that is written afterwards can be read with what bob has. It shows who gets the new key, and asks.":
    "/rotate without bob exclut bob : rien de ce qui s’écrit ensuite ne se lit avec ce que bob possède. La commande montre qui reçoit la nouvelle clé, et demande confirmation.",
  "Gives a room a new key, perhaps without some.":
    "Change la clé d’un salon, au besoin sans certains.",
  "Put a member out; may be given again": "Exclure un membre ; peut être répété",
  "Shows who gets the new key, and asks at a terminal; elsewhere --yes is needed. Who was put out reads what was written so far, and nothing that follows.":
    "Montre qui reçoit la nouvelle clé, et demande confirmation dans un terminal ; ailleurs, il faut --yes. Un membre exclu lit ce qui a été écrit jusque-là, et rien de la suite.",
  "Cannot move the room on without a question: add --yes":
    "Impossible de changer la clé sans question : ajoutez --yes",
  "usage: {usage}, or /rotate without bob carol": "usage : {usage}, ou /rotate without bob carol",
  "the room cannot be moved on here": "le salon ne peut pas passer à une nouvelle clé ici",
  "you cannot put yourself out": "vous ne pouvez pas vous exclure vous-même",
  "nobody is known as {nickname}, so nobody can be put out":
    "personne ne porte le nom de {nickname} : il n’y a personne à exclure",
  "get the new key: you, {names}": "reçoivent la nouvelle clé : vous, {names}",
  "get the new key: only you": "reçoit la nouvelle clé : vous seulement",
  "put out: {names}": "exclus : {names}",
  "stay out: {names}": "restent exclus : {names}",
  "not known to you, and left out: {names}. /verify and /trust let them belong":
    "inconnus de vous, et laissés dehors : {names}. /verify et /trust les font compter parmi les membres",
  "left out for want of room: {names}": "laissés dehors faute de place : {names}",
  "their client is too old to follow: {names}": "leur client est trop ancien pour suivre : {names}",
  "clients of plain text write here: they cannot read what follows without the key of each day, which chat-client key --today prints":
    "des clients en texte simple écrivent ici : ils ne pourront lire la suite qu’avec la clé de chaque jour, que chat-client key --today affiche",
  "what was written so far can still be read with the old key":
    "ce qui a été écrit jusqu’ici peut toujours être lu avec l’ancienne clé",
  "move the room on? (y/n)": "faire passer le salon à la nouvelle clé ? (o/n)",
  "Move the room on? (y/n) ": "Faire passer le salon à la nouvelle clé ? (o/n) ",
  "add --yes to do it: {command}": "ajoutez --yes pour le faire : {command}",
  "the room stays with its key": "le salon garde sa clé",
  "the room has a new key: {fingerprint}": "le salon a une nouvelle clé : {fingerprint}",
  "the new key is kept, and told to the others with the next connection":
    "la nouvelle clé est gardée, et sera annoncée aux autres à la prochaine connexion",
  "Cannot send: the room has a new key that is not for you":
    "Impossible d’envoyer : le salon a une nouvelle clé qui n’est pas pour vous",
  "Ask a member for an invitation.": "Demandez une invitation à un membre.",
  "nobody here has given you the room's new key: the message is under an older one":
    "personne ici ne vous a donné la nouvelle clé du salon : le message est sous une clé plus ancienne",
  "Cannot move the room on: {reason}":
    "Impossible de faire passer le salon à une nouvelle clé : {reason}",
  "not with --plain": "pas avec --plain",
  "this client keeps no files": "ce client ne garde aucun fichier",
  "there is no connection": "il n’y a pas de connexion",
  "your clock and the server's are more than an hour apart":
    "votre horloge et celle du serveur diffèrent de plus d’une heure",
  "a new key is being told to the others": "une nouvelle clé est en train d’être annoncée",
  "you do not have the room's newest key": "vous n’avez pas la dernière clé du salon",
  "the key file cannot be written: {reason}": "le fichier de clé ne peut pas être écrit : {reason}",
  "the room has a new key: an older chat-client cannot follow, and clients of plain text need the key of each day, which chat-client key --today prints":
    "le salon a une nouvelle clé : un chat-client plus ancien ne peut pas suivre, et il faut aux clients en texte simple la clé de chaque jour, que chat-client key --today affiche",
} as const;
