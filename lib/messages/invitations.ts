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

/** The French of each phrase, by its English. */
export const INVITATIONS = { ...CODES } as const;
