import assert from "node:assert/strict";
import { MAX_ACCEPT_TURNS } from "../../lib/limits.ts";
import { Arrivals } from "../../lib/relay/arrivals.ts";

/** Lets somebody come in each of so many turns, and counts those that are waited for. */
async function countTurns(comers: number): Promise<number> {
  const arrivals = new Arrivals();
  let turns = 0;
  let isSettled = false;
  const settled = arrivals.settled().then(() => isSettled = true);
  while (!isSettled) {
    if (turns++ < comers) arrivals.note();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await settled;
  return turns;
}

function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, permissions: "none", fn });
}

test("settled() waits for one turn in which nobody comes", async () => {
  for (const comers of [0, 1, 5]) assert.equal(await countTurns(comers), comers + 1);
});

test("settled() takes no time if nobody comes", async () => {
  const arrivals = new Arrivals();
  let isTurnOver = false;
  setImmediate(() => isTurnOver = true);
  await arrivals.settled();
  assert.equal(isTurnOver, false);
});

test("settled() waits for no more than MAX_ACCEPT_TURNS turns", async () => {
  // The one in which the first came, and so many more.
  assert.equal(await countTurns(2 * MAX_ACCEPT_TURNS), 1 + MAX_ACCEPT_TURNS);
});

test("settled() waits for the same turn, whoever asks in it", async () => {
  const arrivals = new Arrivals();
  const over: number[] = [];
  const waiting = [0, 1, 2].map((i) => arrivals.settled().then(() => over.push(i)));
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(over, [0, 1, 2]);
  await Promise.all(waiting);
});
