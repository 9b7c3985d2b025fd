/**
 * Phrases about TLS.
 *
 * @module
 */

const SERVER = {
  "Serve TLS there too, 0 for any free port": "Servir TLS là aussi, 0 pour un port au choix",
  "Your certificate, for TLS": "Votre certificat, pour TLS",
  "the room's own": "celui du salon",
  "The private key of your certificate": "La clé privée de votre certificat",
  "Option --{name} needs --{needed}": "L’option --{name} demande --{needed}",
  "over TLS: {command}": "par TLS : {command}",
  "listening on {address} for TLS": "à l’écoute sur {address} pour TLS",
  "the certificate expired on {date}: clients refuse it":
    "le certificat a expiré le {date} : les clients le refusent",
  "Cannot serve TLS: the file of --keyless has no line for it":
    "Impossible de servir TLS : le fichier de --keyless n’a pas de ligne pour cela",
  "Make it where secret.key is, with chat-client admission --tls; or bring a certificate of your own: --tls-cert and --tls-key.":
    "Créez-le là où se trouve secret.key, par chat-client admission --tls ; ou donnez votre propre certificat : --tls-cert et --tls-key.",
} as const;

const CERTIFICATES = {
  "Cannot load TLS key: {reason}": "Impossible de lire la clé TLS : {reason}",
  "{path} does not hold a valid TLS key": "{path} ne contient pas une clé TLS valable",
  "It must be a private key in PEM, without a passphrase.":
    "Il faut une clé privée en PEM, sans phrase de passe.",
  "{path} is the key of another certificate": "{path} est la clé d’un autre certificat",
  "Cannot load certificate: {reason}": "Impossible de lire le certificat : {reason}",
  "{path} does not hold a certificate": "{path} ne contient pas de certificat",
  "It must be a certificate in PEM.": "Il faut un certificat en PEM.",
} as const;

const CLIENT = {
  "Over TLS, to the certificate of the room": "Par TLS, avec le certificat du salon",
  "Over TLS, to a certificate for that host": "Par TLS, avec un certificat pour cet hôte",
  "Authorities to trust for it": "Autorités à croire pour lui",
  "public ones": "les publiques",
  "Add the secret line for --tls-port": "Ajouter la ligne secrète pour --tls-port",
  "With --tls the file is secret, and no longer public: save it with umask 077.":
    "Avec --tls le fichier est secret, et non plus public : créez-le avec umask 077.",
  "the line tls1 is secret: whoever has it can pass for this room's server. Keep the file with mode 0600":
    "la ligne tls1 est secrète : qui l’a peut passer pour le serveur de ce salon. Gardez le fichier en mode 0600",
  "Cannot connect: no TLS at {address}": "Connexion impossible : pas de TLS à {address}",
  "Check the port: the server names one for TLS. Leave --tls away for the other one.":
    "Vérifiez le port : le serveur en nomme un pour TLS. Pour l’autre, ôtez --tls.",
  "Cannot connect: the server at {address} does not show the certificate of this room":
    "Connexion impossible : le serveur à {address} ne montre pas le certificat de ce salon",
  "Is it the server of another room? If it has a certificate of its own, name it: --tls-name HOST.":
    "Est-ce le serveur d’un autre salon ? S’il a son propre certificat, nommez-le : --tls-name HÔTE.",
  "Cannot connect: the certificate of the server is not for {name}":
    "Connexion impossible : le certificat du serveur n’est pas pour {name}",
  "Give the host that it is for. With the room's own certificate it is --tls.":
    "Donnez l’hôte auquel il est destiné. Pour le certificat du salon, c’est --tls.",
  "Cannot connect: the certificate of the server has expired, or nobody whom you trust has signed it":
    "Connexion impossible : le certificat du serveur a expiré, ou n’est signé par personne à qui vous vous fiez",
  "Tell who runs the server. Look at the clock of this machine, too. If an authority of their own has signed it: --tls-ca FILE.":
    "Parlez-en à qui tient le serveur. Vérifiez aussi l’heure de cette machine. S’il est signé par sa propre autorité : --tls-ca FICHIER.",
  "A port for TLS needs --tls.": "Un port TLS demande --tls.",
} as const;

/** The French of each phrase. */
export const TLS = { ...SERVER, ...CERTIFICATES, ...CLIENT } as const;
