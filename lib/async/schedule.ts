/**
 * Calling back later, by whatever clock there is.
 *
 * @module
 */

/** Calls back after a time in ms, unless it is cancelled by what it returns. */
export type Schedule = (callback: () => void, ms: number) => () => void;

/**
 * Schedules by the process's own timers.
 *
 * @param callback What to call.
 * @param ms When, from now on.
 * @returns What cancels it.
 * @example
 * ```ts
 * const cancel = scheduleByTimer(() => console.log("late"), 1000);
 * cancel();
 * ```
 */
export const scheduleByTimer: Schedule = (callback, ms) => {
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
};
