import assert from "node:assert/strict";
import { Asking } from "../../lib/client/asking.ts";
import { GAP_PATIENCE_MS, MAX_BEGINNINGS, SETTLING_PATIENCE_MS } from "../../lib/client/limits.ts";
import { type Coming, Turns } from "../../lib/client/turns.ts";
import { READY } from "../support/inbox.ts";
import { pureTest } from "../support/pure.ts";

const GONE = { isConnected: false, isBehind: false };

function windowOf(next: number, id = "a") {
  return { id, epoch: "", next, missing: [], seenAt: 0 };
}

function setUp() {
  const clock = { now: 0 };
  const asking = new Asking({ random: () => 0, members: () => 0 });
  const monotonic = () => clock.now;
  const turns = new Turns<number>({ asking, sizeOf: () => 1, monotonic });
  const take = (
    window: ReturnType<typeof windowOf>,
    sequence: number,
    about: Partial<Coming<number>> = {},
  ) => {
    const usual = { sequence, item: sequence, from: sequence, isPast: false, isUnheard: false };
    return turns.take(window, { ...usual, ...about }).ready.map(({ item }) => item);
  };
  return { turns, clock, take };
}

pureTest("Turns.take() has messages wait for those before them", () => {
  const { turns, take } = setUp();
  const window = windowOf(0);
  assert.deepEqual([take(window, 0), take(window, 2), take(window, 1)], [[0], [], [1, 2]]);
  assert.deepEqual(turns.tick(READY), { asks: [], missing: [], ready: [] });
});

pureTest("Turns.take() has a run that was not heard of begin where it began", () => {
  const { turns, take } = setUp();
  const window = windowOf(4);
  assert.deepEqual([take(window, 4, { isUnheard: true }), take(window, 5)], [[], []]);
  assert.deepEqual(turns.tick(READY).asks.map(({ range }) => range), [[0, 3]]);
  assert.deepEqual(take(window, 1, { from: 0 }), [1]);
  // What is missing behind the beginning is a gap as any other.
  assert.deepEqual([take(window, 2), take(window, 3), take(window, 6)], [[2], [3, 4, 5], [6]]);
});

pureTest("Turns.tick() shows a run as it came if nobody knows its beginning", () => {
  const { turns, take, clock } = setUp();
  const window = windowOf(4);
  take(window, 4, { isUnheard: true });
  clock.now = SETTLING_PATIENCE_MS;
  const { missing, ready } = turns.tick(READY);
  assert.deepEqual([missing, ready.map(({ item }) => item)], [[], [4]]);
  assert.deepEqual(take(window, 5), [5]);
});

pureTest("Turns.take() waits for no beginning if it waits for many", () => {
  const { take } = setUp();
  for (let i = 0; i < MAX_BEGINNINGS; i++) {
    assert.deepEqual(take(windowOf(4, `${i}`), 4, { isUnheard: true }), []);
  }
  assert.deepEqual(take(windowOf(4), 4, { isUnheard: true }), [4]);
});

pureTest("Turns.tick() counts no time without a connection, and asks when it is back", () => {
  const { turns, take, clock } = setUp();
  const window = windowOf(0);
  take(window, 1);
  assert.equal(turns.tick(READY).asks.length, 1);
  clock.now = 1000;
  const nothing = { asks: [], missing: [], ready: [] };
  assert.deepEqual(turns.tick(GONE), nothing);
  clock.now += 100 * GAP_PATIENCE_MS;
  assert.deepEqual(turns.tick(GONE), nothing);
  turns.returned();
  assert.equal(turns.tick(READY).asks.length, 1);
  clock.now += SETTLING_PATIENCE_MS - 1;
  assert.deepEqual(turns.tick(READY).missing, []);
  clock.now++;
  assert.equal(turns.tick(READY).missing.length, 1);
});

pureTest("Turns.postpone() puts off all questions for the same", () => {
  const { turns, take } = setUp();
  const [gap, beginning] = [windowOf(0), windowOf(4, "b")];
  take(gap, 4);
  take(beginning, 4, { isUnheard: true });
  for (const window of [gap, beginning]) turns.postpone(window, { range: [0, 3], asker: "c" });
  assert.deepEqual(turns.tick(READY).asks, []);
});
