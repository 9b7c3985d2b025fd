/**
 * Commands: their help and their answers. English, and the French for it.
 *
 * @module
 */

/** French by English; `{name}` stands for a value. */
export const COMMANDS = {} as const;
