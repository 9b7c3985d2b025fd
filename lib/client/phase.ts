/**
 * How tokens come: in a backlog, or as they are written.
 *
 * @module
 */

/** How a token came. */
export type Phase =
  /** In the backlog of this client's first connection. */
  | "history"
  /** In the backlog of a later connection. */
  | "catch-up"
  | "live";
