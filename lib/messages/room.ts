/**
 * Phrases about what happens in a room, and about its members.
 *
 * @module
 */

/** The French of each phrase, by its English. */
export const ROOM = {
  "{nickname} joined": "{nickname} a rejoint le salon",
  "{nickname} is back": "{nickname} est de retour",
  "{nickname} is away": "{nickname} s’absente",
  "{nickname} is away: {reason}": "{nickname} s’absente : {reason}",
  "{nickname} left": "{nickname} a quitté le salon",
  "{nickname}: connection lost": "{nickname} : connexion perdue",
  "{before} is now {nickname}": "{before} s’appelle maintenant {nickname}",
  "1 message of {nickname} is missing": "il manque 1 message de {nickname}",
  "{count} messages of {nickname} are missing": "il manque {count} messages de {nickname}",
  "1 message of {nickname} came late or in the wrong order, and was put right":
    "1 message de {nickname} est arrivé en retard ou dans le désordre, et a été remis à sa place",
  "{count} messages of {nickname} came late or in the wrong order, and were put right":
    "{count} messages de {nickname} sont arrivés en retard ou dans le désordre, et ont été remis à leur place",
  "WARNING: somebody with another key writes as {nickname}. Compare with /verify {nickname}; accept a new key with /trust {nickname}":
    "ATTENTION : quelqu’un qui a une autre clé écrit sous le nom de {nickname}. Comparez avec /verify {nickname} ; acceptez une nouvelle clé avec /trust {nickname}",
  "WARNING: somebody with another key writes as {nickname}, too: to others one of you is marked. Compare with /verify {nickname}, or take another name with /nick":
    "ATTENTION : quelqu’un qui a une autre clé écrit aussi sous le nom de {nickname} : les autres voient une marque à côté de l’un de vous. Comparez avec /verify {nickname}, ou changez de nom avec /nick",
  "{count} more joined, among them {names}": "{count} autres ont rejoint le salon, dont {names}",
  "{count} more left, among them {names}": "{count} autres ont quitté le salon, dont {names}",
  "{count} more changes of names, by {names} and others":
    "{count} autres changements de nom, par {names} et d’autres",
  "{count} more went away or came back, among them {names}":
    "{count} autres se sont absentés ou sont revenus, dont {names}",
  "{count} more messages are missing, of {names} and others":
    "il manque {count} autres messages, de {names} et d’autres",
  "{count} more messages of {names} and others came late, and were put right":
    "{count} autres messages de {names} et d’autres sont arrivés en retard, et ont été remis à leur place",
  "WARNING: somebody writes with other keys under {count} more names, such as {names}. Compare with /verify":
    "ATTENTION : quelqu’un écrit avec d’autres clés sous {count} autres noms, comme {names}. Comparez avec /verify",
  "{nickname} joined {count} times": "{nickname} a rejoint le salon {count} fois",
  "{nickname} left {count} times": "{nickname} a quitté le salon {count} fois",
  "{nickname} changed its name {count} times": "{nickname} a changé de nom {count} fois",
  "{nickname} went away or came back {count} times":
    "{nickname} s’est absenté ou est revenu {count} fois",
  "connected again": "connexion rétablie",
  "{reason}; connecting again": "{reason} ; nouvelle connexion en cours",
  "your clock is right again, by the server's":
    "votre horloge est de nouveau juste, selon celle du serveur",
  "your clock looks 1 minute fast, by the server's":
    "votre horloge avance d’une minute sur celle du serveur",
  "your clock looks 1 minute slow, by the server's":
    "votre horloge retarde d’une minute sur celle du serveur",
  "your clock looks {minutes} minutes fast, by the server's":
    "votre horloge avance de {minutes} minutes sur celle du serveur",
  "your clock looks {minutes} minutes slow, by the server's":
    "votre horloge retarde de {minutes} minutes sur celle du serveur",
  "1 message could not be decrypted: not written with this room's key":
    "1 message n’a pas pu être déchiffré : écrit avec une autre clé que celle du salon",
  "{count} messages could not be decrypted: not written with this room's key":
    "{count} messages n’ont pas pu être déchiffrés : écrits avec une autre clé que celle du salon",
  "1 message came again and is not shown: replayed by somebody":
    "1 message est arrivé une seconde fois et n’est pas affiché : quelqu’un l’a rejoué",
  "{count} messages came again and are not shown: replayed by somebody":
    "{count} messages sont arrivés une seconde fois et ne sont pas affichés : quelqu’un les a rejoués",
  "1 message could not be understood": "1 message n’a pas pu être compris",
  "{count} messages could not be understood": "{count} messages n’ont pas pu être compris",
  "1 message had a false signature and is not shown":
    "1 message avait une fausse signature et n’est pas affiché",
  "{count} messages had a false signature and are not shown":
    "{count} messages avaient une fausse signature et ne sont pas affichés",
  "at an impossible time": "à une heure impossible",
  "(unverified)": "(non vérifié)",
  "(NOT the known {nickname}!)": "(PAS le {nickname} connu !)",
  "looks like {nickname}": "ressemble à {nickname}",
  "letters of several alphabets": "lettres de plusieurs alphabets",
  "(late)": "(en retard)",
  "(private)": "(privé)",
  "(private, to {recipient})": "(privé, à {recipient})",
  "somebody": "quelqu’un",

  "here: only you": "ici : vous seulement",
  "here: you, {names}": "ici : vous, {names}",
  "{nickname} (NOT the known one!)": "{nickname} (PAS la clé connue !)",
  "{nickname} (away)": "{nickname} (absence)",
  "{nickname} (away: {reason})": "{nickname} (absence : {reason})",
  "there is no {nickname} here; see /names": "{nickname} n’est pas là ; voir /names",
  "the key of {nickname} is not pinned: see /verify {nickname}, /trust {nickname}":
    "aucune clé n’est associée au nom {nickname} : voir /verify {nickname}, /trust {nickname}",
  "{nickname} has another key than before: see /verify {nickname}":
    "{nickname} a une autre clé qu’avant : voir /verify {nickname}",
  "{nickname} is you": "{nickname}, c’est vous",
  "{nickname} has not introduced itself yet; try again in a minute":
    "{nickname} n’a pas encore annoncé sa clé ; réessayez dans une minute",
  "nobody is known as {nickname}": "personne ne porte le nom de {nickname}",
  "you": "vous",
  "{name}: {number}": "{name} : {number}",
  "the same numbers on both sides mean that nobody is in between":
    "si les numéros sont les mêmes des deux côtés, personne ne s’interpose entre vous",
  "there is no new key of {nickname} to accept": "{nickname} n’a pas de nouvelle clé à accepter",
  "several keys are used as {nickname}: see /verify {nickname}":
    "plusieurs clés portent le nom de {nickname} : voir /verify {nickname}",
  "the new key of {nickname} is accepted: {number}":
    "la nouvelle clé de {nickname} est acceptée : {number}",
  "compare them first; /trust {nickname} again accepts the new key":
    "comparez-les d’abord ; /trust {nickname} une seconde fois accepte la nouvelle clé",
  "the name {nickname} belongs to another key here: others may see you marked":
    "le nom {nickname} appartient ici à une autre clé : on verra peut-être une marque à côté du vôtre",
  "{nickname}: safety number {number}": "{nickname} : numéro de sûreté {number}",
  "the key that you have confirmed": "la clé que vous avez confirmée",
  "the key known for this name": "la clé connue sous ce nom",
  "NOT the key known for this name: see /verify {nickname}":
    "PAS la clé connue sous ce nom : voir /verify {nickname}",
  "no key is known for this name": "aucune clé n’est connue sous ce nom",
  "further keys under this name: {count}": "autres clés sous ce nom : {count}",
  "not here now": "n’est pas là en ce moment",
  "here with 1 client": "là avec 1 client",
  "here with {count} clients": "là avec {count} clients",
  "away": "absence",
  "away: {reason}": "absence : {reason}",
  "ignored by you": "vous l’ignorez",

  "connected to {relay} as {nickname}": "en ligne sur {relay} sous le nom de {nickname}",
  "not connected to {relay}": "hors ligne : pas de connexion à {relay}",
  "room {fingerprint}; /help shows the commands":
    "salon {fingerprint} ; /help montre les commandes",
  "the name {nickname} belongs to another key here: others may see you marked. Choose another with --nick or /nick, or restore your identity file":
    "le nom {nickname} appartient ici à une autre clé : on verra peut-être une marque à côté du vôtre. Choisissez-en un autre avec --nick ou /nick, ou remettez en place votre fichier d’identité",
  "welcome! Type the name that others are to see; Enter accepts it, and /nick changes it later":
    "bienvenue ! Tapez le nom que verront les autres ; Entrée le confirme, /nick le change plus tard",
  "your name is kept in {path}": "votre nom est gardé dans {path}",
  "room {fingerprint}": "salon {fingerprint}",
  "room open: guests without the key can be here":
    "salon ouvert : des invités sans la clé peuvent être présents",
  "room for members only": "salon réservé aux membres",
  "members known here: {members}; connections when this one began: {peers}":
    "membres connus ici : {members} ; connexions à votre arrivée : {peers}",
  "the server answers in {ms} ms": "le serveur répond en {ms} ms",
  "the server has not answered for {seconds} s": "le serveur ne répond plus depuis {seconds} s",
  "the server has not been asked yet": "le serveur n’a pas encore été interrogé",
  "not taken by the server yet: {untaken}": "pas encore reçus par le serveur : {untaken}",
  "not shown: none": "non affichés : aucun",
  "not shown: {counts}": "non affichés ({counts})",
  "{count} unreadable": "illisibles : {count}",
  "{count} replayed": "rejoués : {count}",
  "{count} malformed": "incompréhensibles : {count}",
  "{count} forged": "falsifiés : {count}",
  "not shown of those you ignore: {count}": "non affichés de ceux que vous ignorez : {count}",
  "waiting for the server to take what you wrote; Ctrl-C leaves at once":
    "en attente : le serveur n’a pas encore tout pris ; Ctrl-C quitte tout de suite",
} as const;
