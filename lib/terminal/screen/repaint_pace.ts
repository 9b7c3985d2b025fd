/**
 * When the screen may be repainted.
 *
 * @module
 */

/** Repaints of the prompt area in a second: as smooth as the eye asks for, and a flood in batches. */
export const MAX_REPAINTS_PER_SECOND = 30;
/**
 * Time, in ms, after a new size in which nothing but a further new size is drawn. tmux tells of one
 * size in 250 ms, and breaks its rows for a further one before it tells of it.
 */
export const RESIZE_SETTLE_MS = 300;

/** Least time between two repaints, in ms. */
const REPAINT_MS = 1000 / MAX_REPAINTS_PER_SECOND;

/** Spaces repaints. The first one comes at once. */
export class RepaintPace {
  readonly #monotonic: () => number;
  #repaintedAt = -Infinity;
  #resizedAt = -Infinity;

  /** @param monotonic A clock in ms that never runs back. */
  constructor(monotonic: () => number) {
    this.#monotonic = monotonic;
  }

  /**
   * Tells how long the next repaint has to wait.
   *
   * @param isResized Whether the terminal has another size than at the last repaint.
   * @returns Time in ms; not above 0 for a repaint that may begin.
   */
  wait(isResized: boolean): number {
    const now = this.#monotonic();
    if (isResized) this.#resizedAt = now;
    const nextAt = this.#repaintedAt + REPAINT_MS;
    return (isResized ? nextAt : Math.max(nextAt, this.#resizedAt + RESIZE_SETTLE_MS)) - now;
  }

  /** Notes the end of a repaint: counted from there, a slow terminal gets fewer repaints. */
  noteRepaint(): void {
    this.#repaintedAt = this.#monotonic();
  }
}
