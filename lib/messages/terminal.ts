/**
 * The terminal itself: the prompt's questions and hints. English, and the French for it.
 *
 * @module
 */

/** French by English; `{name}` stands for a value. */
export const TERMINAL = {
  // Marks of messages.
  "(unverified)": "(non vérifié)",
  "(NOT the known {nickname}!)": "(PAS le {nickname} connu !)",
  "(late)": "(en retard)",
  "you": "vous",
} as const;
