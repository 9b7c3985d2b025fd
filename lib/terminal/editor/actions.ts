/**
 * What the editor wants its owner to do.
 *
 * @module
 */

/** One thing to do. */
export type Action =
  /** Send it; it is in the history already. */
  | { readonly kind: "submit"; readonly text: string }
  /** Ctrl-D on an empty line. */
  | { readonly kind: "end" }
  /** Clear the screen. */
  | { readonly kind: "clear" }
  /** There was nothing to do, or it was refused. */
  | { readonly kind: "bell" }
  /** Call `offer()` with what may come after `before`. */
  | { readonly kind: "complete"; readonly before: string }
  /** Ctrl-C came as a key: call `interrupt()`. */
  | { readonly kind: "interrupt" };

/** Nothing but a bell. */
export const BELL: readonly Action[] = [{ kind: "bell" }];
