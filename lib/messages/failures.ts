/**
 * Errors and their hints, as their classes word them: see failure.ts. English, and the French for it.
 *
 * @module
 */

/** French by English; `{name}` stands for a value. */
export const FAILURES = {} as const;
