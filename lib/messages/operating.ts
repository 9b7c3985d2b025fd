/**
 * Phrases for those who run a server: proxies in front of it, and whether it is well.
 *
 * @module
 */

/** The French of each phrase, by its English. */
export const OPERATING = {
  "Whose connections begin with a PROXY header": "Qui se connecte avec un en-tête PROXY",
  "Use addresses or networks, such as 127.0.0.1,10.0.0.0/8,::1.":
    "Donnez des adresses ou des réseaux, comme 127.0.0.1,10.0.0.0/8,::1.",
  "Tells whether a server with --metrics is well.": "Dit si un serveur avec --metrics va bien.",
  "Where its metrics are, such as http://127.0.0.1:9464":
    "Où sont ses mesures, comme http://127.0.0.1:9464",
  "How long it may take to get well": "Combien de temps il peut mettre à aller bien",
  "Exit codes: 0 it is, 1 it is not or does not answer in 5 s, 2 wrong usage.":
    "Codes de sortie : 0 oui, 1 non ou pas de réponse en 5 s, 2 mauvais usage.",
  "Not a URL of a server's metrics: {text}": "Pas une URL des mesures d’un serveur : {text}",
  "Use the address of --metrics, such as http://127.0.0.1:9464.":
    "Donnez l’adresse de --metrics, comme http://127.0.0.1:9464.",
  "Not healthy: {reason}": "Ne va pas bien : {reason}",
  "it answers with status {status}": "il répond avec le statut {status}",
  "{host} does not answer in time": "{host} ne répond pas à temps",
  "nobody answers at {host}": "personne ne répond à {host}",
  "{host} closes the connection without an answer": "{host} ferme la connexion sans répondre",
  "what answers at {host} does not speak HTTP": "ce qui répond à {host} ne parle pas HTTP",
  "what answers at {host} is no relay": "ce qui répond à {host} n’est pas un relais",
  "healthy": "va bien",
} as const;
