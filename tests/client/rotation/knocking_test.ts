import assert from "node:assert/strict";
import { Knocking } from "../../../lib/client/rotation/knocking.ts";
import {
  KNOCK_AGAIN_MS,
  KNOCK_JITTER_MS,
  KNOCK_PACE_MS,
  KNOCKS_BURST,
  MIN_KNOCK_MS,
} from "../../../lib/client/rotation/limits.ts";
import { pureTest } from "../../support/pure.ts";

/** When it knocks, in ms, within a time. */
function knocksOf(knocking: Knocking, from: number, to: number, step = 100): number[] {
  const times: number[] = [];
  for (let now = from; now <= to; now += step) if (knocking.isDue(now)) times.push(now);
  return times;
}

pureTest("Knocking knocks soon, and then less and less often", () => {
  const knocking = new Knocking(() => 0);
  assert.deepEqual(knocksOf(knocking, 0, 10_000), []);
  knocking.want(10_000);
  knocking.want(10_100);
  const first = 10_000 + MIN_KNOCK_MS;
  const [a, b, c, d] = KNOCK_AGAIN_MS as [number, number, number, number];
  const times = [0, a, a + b, a + b + c, a + b + c + d, a + b + c + 2 * d];
  assert.deepEqual(knocksOf(knocking, 10_000, 9_000_000), times.map((at) => first + at));
});

pureTest("Knocking waits at random", () => {
  const late = new Knocking(() => 1);
  late.want(0);
  const first = MIN_KNOCK_MS + KNOCK_JITTER_MS;
  assert.deepEqual(knocksOf(late, 0, 10_000), [first, first + 1.5 * KNOCK_AGAIN_MS[0]!]);
});

pureTest("Knocking ends when the key is there, and begins anew when it is wanted again", () => {
  const knocking = new Knocking(() => 0);
  knocking.want(0);
  assert.deepEqual(knocksOf(knocking, 0, 1000), [MIN_KNOCK_MS]);
  knocking.stop();
  assert.deepEqual(knocksOf(knocking, 1000, 100_000), []);
  knocking.want(200_000);
  assert.deepEqual(knocksOf(knocking, 200_000, 201_000), [200_000 + MIN_KNOCK_MS]);
});

pureTest("Knocking is refused once, and then knocks seldom", () => {
  const knocking = new Knocking(() => 0);
  knocking.want(0);
  assert.ok(knocking.isHopeful);
  assert.deepEqual(knocksOf(knocking, 0, 1000), [MIN_KNOCK_MS]);
  assert.deepEqual([knocking.refuse(), knocking.refuse()], [true, false]);
  assert.ok(!knocking.isHopeful);
  assert.deepEqual(knocksOf(knocking, 1000, 3_000_000), [MIN_KNOCK_MS + KNOCK_AGAIN_MS[0]!]);
});

pureTest("Knocking knocks again soon on a new connection", () => {
  const knocking = new Knocking(() => 0);
  knocking.reconnect(0);
  assert.deepEqual(knocksOf(knocking, 0, 1000), []);
  knocking.want(1000);
  knocksOf(knocking, 1000, 10_000);
  knocking.reconnect(20_000);
  assert.deepEqual(knocksOf(knocking, 20_000, 21_000), [20_000 + MIN_KNOCK_MS]);
});

pureTest("Knocking keeps to a rate, however often it is wanted and ended", () => {
  const knocking = new Knocking(() => 0);
  let knocks = 0;
  for (let now = 0; now < 60_000; now += 100) {
    knocking.want(now);
    if (!knocking.isDue(now)) continue;
    knocks++;
    knocking.stop();
  }
  assert.equal(knocks, KNOCKS_BURST + 60_000 / KNOCK_PACE_MS - 1);
});
