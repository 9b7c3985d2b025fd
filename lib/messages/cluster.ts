/**
 * Phrases of servers that share a room.
 *
 * @module
 */

/** The French of each phrase, by its English. */
export const CLUSTER = {
  "Share the room with other relays, by NATS": "Partager le salon entre relais, par NATS",
  "Who it is there: .creds, nkey, user:password": "Qui il y est : .creds, nkey, user:password",
  "Who vouches for its servers, in PEM": "Qui répond de ses serveurs, en PEM",
  "This relay's name there": "Le nom de ce relais là-bas",
  "the user's": "celui d’utilisateur",
  "Copies of each line": "Copies de chaque ligne",
  "3 where there are 3 servers": "3 s’il y a 3 serveurs",
  "Makes the stream of a room on several relays.": "Crée le flux d’un salon à plusieurs relais.",
  "With --cluster it makes the stream. Without, it prints the stream's configuration, which nats stream add --config FILE takes, and on standard error what each relay has to be allowed.":
    "Avec --cluster elle crée le flux. Sinon elle en affiche la configuration, que prend nats stream add --config FICHIER, et sur l’erreur standard ce qui doit être permis à chaque relais.",
  "Option --{name} needs --{other}": "L’option --{name} demande --{other}",
  "Not a relay's name: {text}": "Pas un nom de relais : {text}",
  "Use up to 32 letters from a to z, digits, - and _.":
    "Donnez jusqu’à 32 lettres de a à z, chiffres, - et _.",
  "Not a server of NATS: {text}": "Pas un serveur NATS : {text}",
  "Use nats://HOST:PORT, or tls://USER:PASSWORD@HOST:PORT; several with commas between.":
    "Donnez nats://HÔTE:PORT, ou tls://USER:PASSWORD@HÔTE:PORT ; plusieurs, avec des virgules.",
  "The stream of the cluster keeps the backlog: leave --backlog-file away.":
    "Le flux de la grappe garde les derniers messages : ôtez --backlog-file.",
  "{path} holds no credentials": "{path} ne contient pas d’identifiants",
  "It has to be a .creds file, the seed of an nkey, or user:password.":
    "Il faut un fichier .creds, la graine d’une nkey, ou user:password.",
  "{path} is too long": "{path} est trop long",
  "Cannot reach the cluster: {reason}": "Impossible de joindre la grappe : {reason}",
  "Cannot join the cluster: {reason}": "Impossible d’entrer dans la grappe : {reason}",
  "Check the user and the password, or the file of --cluster-creds.":
    "Vérifiez l’utilisateur et le mot de passe, ou le fichier de --cluster-creds.",
  "Making the stream takes a user of NATS that may do more than a relay.":
    "Pour créer le flux, il faut un utilisateur NATS qui ait plus de droits qu’un relais.",
  "stream {name} is made, with 1 copy": "le flux {name} est créé, en 1 exemplaire",
  "stream {name} is made, with {count} copies": "le flux {name} est créé, en {count} exemplaires",
  "stream {name} is there already": "le flux {name} existe déjà",
  "Cannot use stream {name}: it differs in {fields}":
    "Impossible d’utiliser le flux {name} : il diffère en {fields}",
  "Change it, or remove it: chat-server cluster-setup without --cluster prints what it has to be.":
    "Modifiez-le ou supprimez-le : chat-server cluster-setup sans --cluster affiche ce qu’il doit être.",
  "cluster: relay {name}": "grappe : relais {name}",
  "each relay, here relay1, has to be allowed:":
    "ce qui doit être permis à chaque relais, ici relay1 :",
} as const;
