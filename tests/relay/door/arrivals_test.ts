import assert from "node:assert/strict";
import { Arrivals } from "../../../lib/relay/door/arrivals.ts";
import {
  MAX_ACCEPT_TURNS,
  MAX_SERVED_IF_FULL,
  MAX_SERVED_PER_TURN,
  MAX_UNSERVED,
} from "../../../lib/relay/limits.ts";

const endOfTurn = () => new Promise((resolve) => setImmediate(resolve));

/** Arrivals, and those that were served. Connections are numbers: nothing is done with them here. */
function createArrivals() {
  const served: number[] = [];
  const arrivals = new Arrivals<number>((conn) => served.push(conn));
  const take = (conn: number) => arrivals.take(conn);
  return { arrivals, served, take };
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

/** Lets somebody come in each of so many turns, and counts those that are waited for. */
async function countTurns(comers: number): Promise<number> {
  const { arrivals, take } = createArrivals();
  let turns = 0;
  let isSettled = false;
  const settled = arrivals.settled().then(() => isSettled = true);
  while (!isSettled) {
    const over = endOfTurn();
    if (turns++ < comers) await take(turns);
    await over;
  }
  await settled;
  return turns;
}

function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, permissions: "none", fn });
}

test("take() serves who comes alone at once", async () => {
  const { served, take } = createArrivals();
  for (const conn of range(3)) {
    const taken = take(conn);
    assert.deepEqual(served, range(conn + 1));
    await taken;
    await endOfTurn();
  }
});

test("take() accepts a burst before it serves it, in order", async () => {
  const { served, take } = createArrivals();
  const count = 3 * MAX_SERVED_PER_TURN;
  for (const conn of range(count)) await take(conn);
  assert.deepEqual(served, [0]);
  await endOfTurn();
  assert.equal(served.length, 2, "one more in the turn in which they came");
  await endOfTurn();
  assert.equal(served.length, 2 + MAX_SERVED_PER_TURN);
  while (served.length < count) await endOfTurn();
  assert.deepEqual(served, range(count));
});

test("take() serves somebody in every turn of a burst that does not end", async () => {
  const { served, take } = createArrivals();
  for (let turn = 1; turn < 50; turn++) {
    for (const conn of range(20)) await take(conn);
    await endOfTurn();
    assert.ok(served.length >= turn, `${served.length} in turn ${turn}`);
  }
});

test("take() makes the next one wait while MAX_UNSERVED are waiting", async () => {
  const { served, take } = createArrivals();
  // The first is served at once.
  for (const conn of range(MAX_UNSERVED)) await take(conn);
  assert.equal(served.length, 1);
  await take(MAX_UNSERVED);
  assert.deepEqual(served, range(1 + MAX_SERVED_IF_FULL));
});

test("serveAll() leaves nobody behind", async () => {
  const { arrivals, served, take } = createArrivals();
  for (const conn of range(500)) await take(conn);
  arrivals.serveAll();
  assert.deepEqual(served, range(500));
  await endOfTurn();
});

test("settled() waits for no crowd to be served, but while no more can be accepted", async () => {
  const { arrivals, served, take } = createArrivals();
  for (const conn of range(4000)) await take(conn);
  await arrivals.settled();
  assert.ok(served.length < 4000, `${served.length} were served`);
  arrivals.serveAll();
  for (const conn of range(MAX_UNSERVED)) await take(conn);
  const last = take(MAX_UNSERVED);
  await arrivals.settled();
  await last;
  assert.ok(served.length > 4000 + MAX_SERVED_IF_FULL);
  arrivals.serveAll();
  await endOfTurn();
});

test("settled() waits until nobody comes", async () => {
  assert.equal(await countTurns(0), 1);
  for (const comers of [1, 5, 20]) assert.ok(await countTurns(comers) > comers);
});

test("settled() takes no time if nobody comes", async () => {
  const { arrivals } = createArrivals();
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
  const { arrivals } = createArrivals();
  const over: number[] = [];
  const waiting = [0, 1, 2].map((i) => arrivals.settled().then(() => over.push(i)));
  await endOfTurn();
  assert.deepEqual(over, [0, 1, 2]);
  await Promise.all(waiting);
});
