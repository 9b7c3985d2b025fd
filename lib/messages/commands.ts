/**
 * Phrases of the commands in a room: their help and their answers.
 *
 * @module
 */

/** The French of each phrase, by its English. */
export const COMMANDS = {
  "Show the commands, or all about one": "Afficher les commandes, ou tout sur l’une d’elles",
  "Show who is here": "Afficher qui est là",
  "Show what is known of a member": "Afficher ce que l’on sait d’un membre",
  "Shows the key's safety number, whether the key is the one known for this name, how many clients of the member are here, and whether the member is away.":
    "Affiche le numéro de sûreté de la clé, si c’est bien la clé connue sous ce nom, combien de clients de ce membre sont là, et s’il a annoncé une absence.",
  "Go on under another name": "Changer de nom",
  "1 to 32 bytes, without spaces and < or >. Your key stays the same. /nick --keep keeps the name for the next start.":
    "1 à 32 octets, sans espaces ni < ou >. Votre clé reste la même. /nick --keep garde le nom pour la prochaine fois.",
  "Tell what you do": "Dire ce que vous faites",
  "Write to one member alone": "Écrire à un seul membre",
  "Neither the server nor the other members can read it. It goes to the key that is known for this name, and to no other.":
    "Ni le serveur ni les autres membres ne peuvent le lire. Il n’est chiffré que pour la clé connue sous ce nom.",
  "Answer the last private message": "Répondre au dernier message privé",
  "Write all that follows to one member alone": "N’écrire désormais qu’à un seul membre",
  "Without a name it ends, and what you write goes to the room again. The prompt shows to whom you write.":
    "Sans nom, y met fin : vous écrivez de nouveau au salon. L’invite indique à qui vous écrivez.",
  "Do not show what a member writes": "Ne plus afficher ce qu’écrit un membre",
  "Goes by the member's key, so another name does not help. It hides who comes and goes, too, and lasts until you leave. Without a name it lists who is ignored.":
    "Vaut pour la clé du membre : changer de nom n’y fait rien. Dure jusqu’à votre départ. Ses arrivées et ses départs sont masqués aussi. Sans nom, affiche qui vous ignorez.",
  "Show again what a member writes": "Afficher de nouveau ce qu’écrit un membre",
  "Show both safety numbers, to compare them": "Afficher les deux numéros de sûreté, à comparer",
  "Accept the new key of a member": "Accepter la nouvelle clé d’un membre",
  "It accepts the key whose number /verify or /whois showed last, and no other. If they showed none, it shows the number, and has to be entered again.":
    "Accepte la clé dont /verify ou /whois vient d’afficher le numéro, et aucune autre. S’ils n’ont rien affiché, affiche ce numéro ; entrez alors la commande une seconde fois.",
  "Tell the others that you are away": "Annoncer votre absence",
  "They see it in /names and /whois until you say /back.":
    "Ils le voient dans /names et /whois jusqu’à ce que vous disiez /back.",
  "Tell the others that you are back": "Annoncer votre retour",
  "Choose which messages ring the bell": "Choisir les messages qui font sonner",
  "pm: private messages; mention: those, and messages with your name; all: every message.":
    "pm : les messages privés ; mention : ceux-là, et ceux qui contiennent votre nom ; all : tous les messages.",
  "Show or hide the times of messages": "Afficher ou masquer l’heure des messages",
  "Search the messages since you came": "Chercher dans les messages depuis votre arrivée",
  "Shows the last 50 with this text in them, whatever its case.":
    "Affiche les 50 derniers qui contiennent ce texte, sans tenir compte des majuscules.",
  "Clear the screen": "Effacer l’écran",
  "Show the connection, the room and what was refused":
    "Afficher la connexion, le salon et les refus",
  "Leave": "Quitter",

  "there is no command /{word}; see /help, or type //{word}":
    "il n’y a pas de commande /{word} ; voir /help, ou taper //{word}",
  "there is no command /{word}; did you mean /{guess}? //{word} is sent as text":
    "il n’y a pas de commande /{word} ; vouliez-vous dire /{guess} ? //{word} part comme texte",
  "/{word} may be: {commands}": "/{word} peut être : {commands}",
  "usage: {usage}": "usage : {usage}",
  "not sent: {reason}": "non envoyé : {reason}",
  "nobody has written to you alone": "personne ne vous a écrit en privé",
  "too much is waiting to be sent": "trop de messages attendent d’être envoyés",
  "{count} bytes of text ({most} is the most)": "{count} octets de texte ({most} au plus)",
  "you write to {nickname} alone now; /query ends it":
    "vous n’écrivez plus qu’à {nickname} ; /query y met fin",
  "you write to the room again": "vous écrivez de nouveau au salon",
  "you write to the room already": "vous écrivez déjà au salon",
  "you are away already": "votre absence est déjà annoncée",
  "{count} characters of reason ({most} is the most)":
    "{count} caractères de motif ({most} au plus)",
  "to have this name next time, too: /nick --keep":
    "pour garder ce nom la prochaine fois : /nick --keep",
  "a name can only be kept at a terminal": "un nom ne se garde que dans un terminal",
  "{nickname} is your name already": "{nickname} est déjà votre nom",
  "a private message cannot be an action; /query goes back to the room":
    "un message privé ne peut pas être une action ; /query revient au salon",
  "no key is known as {nickname}, and only a key can be ignored":
    "aucune clé n’est connue sous le nom de {nickname}, et seule une clé peut être ignorée",
  "nobody is ignored": "vous n’ignorez personne",
  "ignored: {names}": "vous ignorez : {names}",
  "{nickname} is ignored from now on": "vous ignorez désormais {nickname}",
  "{nickname} is not ignored": "vous n’ignorez pas {nickname}",
  "{nickname} is no longer ignored": "vous n’ignorez plus {nickname}",
  "several keys are used as {nickname}, and all are ignored from now on":
    "plusieurs clés portent le nom de {nickname} ; vous les ignorez toutes désormais",
  "you cannot ignore yourself": "vous ne pouvez pas vous ignorer vous-même",
  "you are away now": "votre absence est annoncée",
  "you are back": "votre retour est annoncé",
  "you are not away": "vous n’avez pas annoncé d’absence",
  "the bell rings for: {mode}": "sonnerie : {mode}",
  "times are shown": "les heures sont affichées",
  "times are hidden": "les heures sont masquées",
  "nothing was found": "aucun résultat",
  "{shown} of {found} found:": "{shown} résultats sur {found} :",
  "there is no command /{word}": "il n’y a pas de commande /{word}",
} as const;
