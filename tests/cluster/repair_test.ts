import assert from "node:assert/strict";
import type { Arrived } from "../../lib/cluster/order.ts";
import { Repair } from "../../lib/cluster/repair.ts";
import { pureTest } from "../support/pure.ts";

function arrived(n: number, run = 1): Arrived {
  return { entry: { relay: run === 1 ? "a" : "own", run, n, parts: [] }, bytes: 1, ageMs: 0 };
}

function open() {
  const steps: string[] = [];
  const state = { now: 0, isFollowing: true, last: 0 };
  const repair = new Repair({
    ...{ run: 2, now: () => state.now },
    publisher: { lastStored: 9, repair: (from, to) => steps.push(`own ${from}-${to}`) },
    follower: {
      rewind: () => steps.push("rewind"),
      get isFollowing() {
        return state.isFollowing;
      },
    },
    attendees: { lastOf: () => state.last },
    deliver: ({ entry }) => steps.push(`deliver ${entry.n}`),
    ask: (run, from, to) => steps.push(`ask ${run} ${from}-${to}`),
    onMissing: (relay, count) => steps.push(`missing ${relay} ${count}`),
  });
  const sweep = (now: number) => {
    state.now = now;
    steps.length = 0;
    repair.sweep();
    return [...steps];
  };
  return { repair, state, sweep };
}

pureTest("Repair reads again, then asks, asks again, and gives up", () => {
  const { repair, sweep } = open();
  repair.order.take(arrived(1), () => 0);
  repair.order.take(arrived(4), () => 0);
  assert.deepEqual(sweep(499), []);
  assert.deepEqual(sweep(500), ["rewind"]);
  assert.deepEqual(sweep(1000), ["ask 1 2-3"]);
  assert.deepEqual(sweep(3999), []);
  assert.deepEqual(sweep(4000), ["ask 1 2-3"]);
  repair.order.take(arrived(2), () => 4100);
  assert.deepEqual(sweep(5000), ["rewind"]);
  assert.deepEqual(sweep(19_099), ["ask 1 3-3"]);
  assert.deepEqual(sweep(19_100), ["missing a 1", "deliver 4"]);
  assert.deepEqual(sweep(20_000), []);
});

pureTest("Repair publishes again itself what is missing of this relay", () => {
  const { repair, sweep } = open();
  repair.order.take(arrived(1, 2), () => 0);
  repair.order.take(arrived(3, 2), () => 0);
  assert.deepEqual(sweep(600), ["rewind"]);
  assert.deepEqual(sweep(700), ["own 2-2"]);
});

pureTest("Repair does nothing while nothing can come, and gives time anew", () => {
  const { repair, state, sweep } = open();
  repair.order.take(arrived(1), () => 0);
  repair.order.take(arrived(3), () => 0);
  state.isFollowing = false;
  assert.deepEqual(sweep(60_000), []);
  state.isFollowing = true;
  assert.deepEqual(sweep(60_499), []);
  assert.deepEqual(sweep(60_500), ["rewind"]);
});

pureTest("Repair looks for the end that a relay says it has published", () => {
  const { repair, state, sweep } = open();
  repair.order.take(arrived(1), () => 0);
  state.last = 3;
  repair.order.expect("a", 1, 3, 0);
  assert.deepEqual(sweep(500), ["rewind"]);
  assert.deepEqual(sweep(600), ["ask 1 2-3"]);
  assert.deepEqual(sweep(15_000), ["missing a 2"]);
});
