/**
 * Calling back later. Tests put a clock of their own in the place of the process's timers.
 *
 * @module
 */

/**
 * Calls `callback` once, after `ms` milliseconds. The function that it returns cancels the call.
 */
export type Schedule = (callback: () => void, ms: number) => () => void;

/** A {@linkcode Schedule} by the process's timers. */
export const scheduleByTimer: Schedule = (callback, ms) => {
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
};
