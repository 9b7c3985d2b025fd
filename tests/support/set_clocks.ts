/**
 * Clocks that a test sets.
 *
 * @module
 */

import { Present } from "../../lib/client/keys/present.ts";

/** What two clocks say, in unix seconds. */
export interface Clocks {
  own: number;
  relay: number | undefined;
}

/** A {@linkcode Present} that always knows what the clocks say now. */
export function presentOf(clocks: Clocks): Present {
  const present = new Present({
    now: () => clocks.own * 1000,
    // Each look at this clock brings the relay's up to date.
    monotonic: () => clocks.relay === undefined ? 0 : clocks.relay * 1000,
  });
  if (clocks.relay !== undefined) present.noteRelay(clocks.relay);
  return present;
}
