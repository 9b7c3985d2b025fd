import assert from "node:assert/strict";
import { kept, openLog } from "../support/kept.ts";
import { testNeeding } from "../support/needs.ts";
import { withDirectory } from "../support/temporary.ts";

const MESSAGES = 100_000;
const TEXT = "the quick brown fox jumps over the lazy dog, and goes home for tea with its friends ";

/** The median of how long something takes, in ms. */
async function measure(fn: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 7; i++) {
    const begunAt = performance.now();
    await fn();
    times.push(performance.now() - begunAt);
  }
  return times.sort((a, b) => a - b)[3]!;
}

testNeeding(
  ["read", "write"],
  "100,000 kept messages are searched, and begun with, at once",
  async () => {
    await withDirectory(async (parent) => {
      const directory = `${parent}/kept`;
      const { log } = await openLog(directory);
      for (let i = 0; i < MESSAGES; i++) {
        log.add(kept(TEXT.slice(i % 40) + (i % 1000 === 0 ? "Needle" : i), i));
        if (i % 200 === 199) await log.close();
      }
      for (const [pattern, count] of [["needle", 100], ["e", MESSAGES], ["nowhere", 0]] as const) {
        const ms = await measure(async () => {
          assert.equal((await log.search(pattern, 50)).count, count);
        });
        console.log(`search for "${pattern}": ${ms.toFixed()} ms`);
        assert.ok(ms < 300, `${ms}`);
      }
      await log.close();
      const ms = await measure(async () => {
        const { log: again } = await openLog(directory);
        assert.equal((await again.past(200)).at(-1)!.mark!.split(" ")[2], `${MESSAGES - 1}`);
      });
      console.log(`the last 200 at a start: ${ms.toFixed(1)} ms`);
      assert.ok(ms < 20, `${ms}`);
    });
  },
);
