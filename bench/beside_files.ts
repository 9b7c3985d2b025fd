/**
 * Work (i): the chat of work (c), alone and beside four pipes at full speed.
 *
 * @module
 */

import { runBeside, startLoad } from "./beside.ts";
import type { Section } from "./report.ts";
import { median } from "./rounds.ts";
import type { Effort } from "./work.ts";

const PIPES = 4;

/** Measures in turns, on one relay. */
export function runBesideFiles(effort: Effort): Promise<Section> {
  return runBeside({
    title: `(i) the chat of (c), alone and beside ${PIPES} pipes at full speed`,
    head: "through the pipes",
    start: async (relay, isBeside) => {
      if (!isBeside) return undefined;
      const load = startLoad("pipe_load.ts", relay, `${PIPES}`);
      await load.waitFor("stdout", /MiB\/s\n/);
      return load;
    },
    sum: (printed) => {
      const speeds = printed.flatMap((text) => [...text.matchAll(/(\d+) MiB/g)]);
      return `${median(speeds.map(([, speed]) => Number(speed)))} MiB/s`;
    },
  }, effort);
}
