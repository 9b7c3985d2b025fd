import assert from "node:assert/strict";
import fc from "fast-check";
import { type Arrived, Order } from "../../lib/cluster/order.ts";
import { pureTest } from "../support/pure.ts";

const MIB = 1024 * 1024;
const none = () => 0;
const NOTHING = { missing: [], arrived: [] };

function arrived(n: number, { run = 1, relay = "a", bytes = 1 } = {}): Arrived {
  return { entry: { relay, run, n, parts: [] }, bytes, ageMs: 0 };
}

function numbers(list: readonly Arrived[]): number[] {
  return list.map(({ entry }) => entry.n);
}

pureTest("Order begins anywhere, and then takes each number once", () => {
  const order = new Order();
  assert.deepEqual([5, 6, 6, 5, 4, 7].map((n) => numbers(order.take(arrived(n), () => 0))), [
    ...[[5], [6], [], [], [], [7]],
  ]);
  assert.equal(order.lastOf(1), 7);
  assert.equal(order.lastOf(2), 0);
  assert.equal(order.nameOf(1), "a");
  assert.equal(order.nameOf(2), undefined);
});

pureTest("Order has what is behind a gap wait, and other relays go on", () => {
  const order = new Order();
  order.take(arrived(1), () => 0);
  assert.deepEqual(numbers(order.take(arrived(3), () => 10)), []);
  assert.deepEqual(numbers(order.take(arrived(5), () => 20)), []);
  assert.deepEqual(numbers(order.take(arrived(1, { run: 2, relay: "b" }), () => 20)), [1]);
  assert.deepEqual(order.gaps(9, none), []);
  assert.deepEqual(order.gaps(10, none), [{ relay: "a", run: 1, from: 2, to: 2 }]);
  assert.deepEqual(numbers(order.take(arrived(2), () => 30)), [2, 3]);
  assert.deepEqual(order.gaps(30, none), [{ relay: "a", run: 1, from: 4, to: 4 }]);
  assert.deepEqual(numbers(order.take(arrived(4), () => 30)), [4, 5]);
  assert.deepEqual(order.gaps(1000, none), []);
});

pureTest("Order gives a gap up after 15 s, and says how much is missing", () => {
  const order = new Order();
  order.take(arrived(1), () => 0);
  order.take(arrived(4), () => 1000);
  order.take(arrived(6), () => 2000);
  assert.deepEqual(order.expire(15_999, none), NOTHING);
  const given = order.expire(16_000, none);
  assert.deepEqual(given.missing, [["a", 3]]);
  assert.deepEqual(numbers(given.arrived), [4, 6]);
  assert.deepEqual(order.expire(16_000, none), NOTHING);
  assert.deepEqual(numbers(order.take(arrived(7), () => 16_000)), [7]);
});

pureTest("Order gives no gap up that is being closed", () => {
  const order = new Order();
  order.take(arrived(1), none);
  order.take(arrived(4), none);
  assert.deepEqual(numbers(order.take(arrived(2), () => 14_000)), [2]);
  assert.deepEqual(order.expire(28_999, none), NOTHING);
  assert.deepEqual(order.expire(29_000, none).missing, [["a", 1]]);
});

pureTest("Order misses the first entry of a relay that has just begun", () => {
  const order = new Order();
  order.expect("a", 1, 0, 0);
  order.take(arrived(5, { run: 2 }), none);
  order.expect("a", 2, 0, 0);
  assert.deepEqual([order.nameOf(1), order.lastOf(1), order.lastOf(2)], ["a", 0, 5]);
  assert.deepEqual(numbers(order.take(arrived(2), none)), []);
  assert.deepEqual(order.gaps(0, none), [{ relay: "a", run: 1, from: 1, to: 1 }]);
  assert.deepEqual(numbers(order.take(arrived(1), none)), [1, 2]);
});

pureTest("Order puts the end of a gap off while nothing can come", () => {
  const order = new Order();
  order.take(arrived(1), () => 0);
  order.take(arrived(3), () => 0);
  order.excuse(10_000);
  assert.deepEqual(order.expire(24_999, none), NOTHING);
  assert.deepEqual(order.expire(25_000, none).missing, [["a", 1]]);
});

pureTest("Order finds a lost end by what the relay says it has published", () => {
  const order = new Order();
  order.take(arrived(1), () => 0);
  order.expect("b", 1, 9, 0);
  order.expect("a", 2, 9, 0);
  assert.deepEqual(order.gaps(1000, () => 9), []);
  order.expect("a", 1, 3, 100);
  assert.deepEqual(order.gaps(100, () => 3), [{ relay: "a", run: 1, from: 2, to: 3 }]);
  order.take(arrived(2), () => 200);
  order.take(arrived(3), () => 200);
  assert.deepEqual(order.gaps(1000, () => 3), []);
  order.expect("a", 1, 5, 1000);
  assert.deepEqual(order.expire(16_000, () => 5).missing, [["a", 2]]);
  assert.deepEqual(numbers(order.take(arrived(6), () => 16_000)), [6]);
});

pureTest("Order waits for 1,024 entries at most, and takes what is behind a larger gap", () => {
  const order = new Order();
  order.take(arrived(1), () => 0);
  order.take(arrived(3), () => 0);
  assert.deepEqual(numbers(order.take(arrived(1025), () => 0)), []);
  assert.deepEqual(numbers(order.take(arrived(1026), () => 0)), [3, 1025, 1026]);
  order.take(arrived(9999), none);
  assert.deepEqual(order.expire(0, none), { missing: [["a", 1022 + 8972]], arrived: [] });
});

pureTest("Order keeps 8 MiB of what waits", () => {
  const order = new Order();
  order.take(arrived(1), () => 0);
  assert.deepEqual(numbers(order.take(arrived(3, { bytes: 8 * MIB }), () => 0)), []);
  assert.deepEqual(numbers(order.take(arrived(5), () => 0)), [3, 5]);
  assert.deepEqual(order.expire(0, none), { missing: [["a", 2]], arrived: [] });
  order.take(arrived(7, { bytes: 8 * MIB }), () => 0);
  assert.deepEqual(numbers(order.take(arrived(6), () => 0)), [6, 7]);
  assert.deepEqual(numbers(order.take(arrived(9, { bytes: 8 * MIB }), () => 0)), []);
});

pureTest("Order remembers 256 relays, and forgets the one not heard of longest", () => {
  const order = new Order();
  for (let run = 1; run <= 256; run++) order.take(arrived(1, { run, relay: `r${run}` }), () => 0);
  order.take(arrived(2, { run: 1, relay: "r1" }), () => 0);
  order.take(arrived(1, { run: 300, relay: "new" }), () => 0);
  assert.equal(order.nameOf(1), "r1");
  assert.equal(order.nameOf(2), undefined);
  assert.equal(order.nameOf(300), "new");
});

pureTest("Order hands on everything once and in order, whatever the way of entries", () => {
  const steps = fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 60 });
  fc.assert(fc.property(steps, (list) => {
    const order = new Order();
    const got = [...order.take(arrived(1), () => 0)];
    for (const n of list) got.push(...order.take(arrived(n), () => 0));
    got.push(...order.expire(20_000, none).arrived);
    assert.deepEqual(numbers(got), [...new Set([1, ...list])].sort((a, b) => a - b));
  }));
});
