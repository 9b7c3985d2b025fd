/**
 * Bounds of the terminal, each with its unit and its reason.
 *
 * @module
 */

import { KIB, MIB } from "../bytes/units.ts";

/** Files that the completion of a path lists. */
export const MAX_LISTED_FILES = 1000;
/** Wait, in ms, after which a lone ESC is the Escape key: longer than a sequence takes to come. */
export const ESCAPE_TIMEOUT_MS = 50;
/** Wait, in ms, after which the end of a paste does not come any more. */
export const PASTE_TIMEOUT_MS = 1000;
/** Lines that were entered before the room can be written to. */
export const MAX_WAITING_INPUTS = 1000;
/** Longest wait, in ms, for a terminal to take the prompt off before it is given back. */
export const RESTORE_MS = 300;
/** Longest wait, in ms, for a terminal to take what was written before the program ends; one that
 * has taken nothing for half of it is given up. */
export const STUCK_MS = 2000;
/** Longest that putting the terminal in order takes, in ms, unless the process was stopped in it. */
export const STOPPED_MS = 100;
/** Wait, in ms, for the signal that a stopped process goes on; none comes if it was not stopped. */
export const CONTINUE_WAIT_MS = 50;
/** Wait, in ms, before the terminal's title is changed: a flood changes it four times a second. */
export const TITLE_DELAY_MS = 250;
/** Longest paste that is kept, in bytes: one that is too long to send is still measured. */
export const MAX_PASTE_BYTES = MIB;
/** Texts that were killed and can be yanked, as many as readline's users go back; each fits a
 * message. */
export const MAX_KILLS = 10;
/** Changes of a draft that can be undone; each keeps the text before it, which fits a message. */
export const MAX_UNDOS = 100;
/** The same in characters: twenty of the longest. */
export const MAX_HISTORY_CHARS = 800_000;
/** Lines of the past whose changes are kept while others are looked at. */
export const MAX_HISTORY_EDITS = 20;
/** Longest text that is looked for in the history, in characters: two rows. */
export const MAX_SEARCH_CHARS = 160;
/** Lines that are pasted without a question: more may be a mistake, and go to everybody. */
export const MAX_UNASKED_PASTE_LINES = 10;
/** Completions that Tab goes through; of more there is no overview. */
export const MAX_CANDIDATES = 500;
/** Repaints of the prompt area in a second: as smooth as the eye asks for, and a flood in batches. */
export const MAX_REPAINTS_PER_SECOND = 30;
/** Messages that go to the terminal in one repaint ... */
export const MAX_REPAINT_ITEMS = 1000;
/** ... and characters, beyond the first message: what a slow terminal takes in a moment. */
export const MAX_REPAINT_CHARS = 256 * KIB;
/** Time, in ms, that laying them out may take beyond the first: then keys are seen to again. */
export const MAX_LAYOUT_MS = 100;
/** Messages that wait for the terminal: two bursts of a member, 30 MiB if each is short. */
export const MAX_UNDRAWN_ITEMS = 40_000;
/** Longest wait for a terminal to tell where its cursor is, in ms. */
export const CURSOR_ANSWER_MS = 100;
/** Sizes that one repaint looks at while a window is being dragged; each may take an answer. */
export const MAX_MEASUREMENTS = 4;
/** Line breaks of one message that are kept: more would push all else off the screen. */
export const MAX_SHOWN_BREAKS = 60;
/** Bells and desktop notifications in a second: more is noise. */
export const MAX_ALERTS_PER_SECOND = 2;
/** Longest text of a desktop notification or a title, in characters. */
export const MAX_NOTICE_CHARS = 200;
/** Bytes that are read from the terminal at once. */
export const TTY_READ_BYTES = 64 * KIB;
