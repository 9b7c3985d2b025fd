/**
 * The terminal itself: the prompt's questions and hints. English, and the French for it.
 *
 * @module
 */

/** French by English; `{name}` stands for a value. */
export const TERMINAL = {} as const;
