/**
 * What a user can choose among, by the words that are typed for it.
 *
 * @module
 */

/** When a message may ring the bell, from the fewest to all. */
export const BELL_MODES = ["off", "pm", "mention", "all"] as const;

/** When a message rings the bell: never; if it is private; if it has one's name in it, too; always. */
export type BellMode = (typeof BELL_MODES)[number];

/** When colours may be used. */
export const COLOR_CHOICES = ["auto", "always", "never"] as const;

/** When colours are used: `auto` where a terminal shows them. */
export type ColorChoice = (typeof COLOR_CHOICES)[number];
