import assert from "node:assert/strict";
import { epochTime, makeEpoch } from "../../lib/protocol/epoch.ts";
import { pureTest } from "../support/pure.ts";

pureTest("makeEpoch() names each run by its time, and by chance", () => {
  const times = [0, 1, 2 ** 32 - 1, 2 ** 32, 1_785_571_200_123, 2 ** 48 - 1];
  assert.deepEqual(times.map((time) => epochTime(makeEpoch(time))), times);
  assert.notEqual(makeEpoch(1), makeEpoch(1));
  assert.equal(makeEpoch(1).length, 11);
});
