/**
 * Command lines: help, settings and what programs print. English, and the French for it.
 *
 * @module
 */

/** French by English; `{name}` stands for a value. */
export const CLI = {} as const;
