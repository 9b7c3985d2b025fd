/**
 * Work (k): the chat of work (c), alone and beside all slots of invitations, which strangers try.
 *
 * @module
 */

import { runBeside, startLoad } from "./beside.ts";
import type { Section } from "./report.ts";
import { median } from "./rounds.ts";
import type { Effort } from "./work.ts";

/** Strangers in a second: as many as a machine of bad will makes that nobody is to notice. */
const TRIES_PER_SECOND = 50;

/** Measures in turns, on one relay. The members that hold the slots are there in both turns. */
export function runBesideInvitations(effort: Effort): Promise<Section> {
  let rounds = 0;
  return runBeside({
    title: `(k) the chat of (c), alone and beside 32 slots and ${TRIES_PER_SECOND} tries a second`,
    head: "tries",
    start: async (relay, isBeside) => {
      const tries = isBeside ? TRIES_PER_SECOND : 0;
      const load = startLoad("slot_load.ts", relay, `${tries}`, `${isBeside ? rounds++ : 0}`);
      await load.waitFor("stdout", /^ready$/m);
      return load;
    },
    sum: (printed) => {
      const counts = printed.map((text) =>
        Number([...text.matchAll(/^(\d+) tried$/gm)].at(-1)?.[1])
      );
      return `${median(counts)}`;
    },
  }, effort);
}
