import assert from "node:assert/strict";
import { StandingClock } from "../../lib/async/standing_clock.ts";
import { pureTest } from "../support/pure.ts";

pureTest("StandingClock.now counts the time in which it runs", () => {
  let now = 1000;
  const clock = new StandingClock(() => now);
  const after = (ms: number) => {
    now += ms;
    return clock.now;
  };
  assert.equal(after(10), 1010);
  clock.run(false);
  assert.equal(after(500), 1010);
  clock.run(false);
  assert.equal(after(500), 1010, "it stood already");
  clock.run(true);
  assert.equal(after(1), 1011);
  clock.run(true);
  assert.equal(after(1), 1012, "it ran already");
});
