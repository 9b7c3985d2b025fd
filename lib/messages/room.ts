/**
 * What happens in a room, and what is said of its members. English, and the French for it.
 *
 * @module
 */

/** French by English; `{name}` stands for a value. */
export const ROOM = {
  "{nickname} joined": "{nickname} est arrivé",
} as const;
