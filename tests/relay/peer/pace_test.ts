import fc from "fast-check";
import assert from "node:assert/strict";
import { GUEST_RATE, type Rate } from "../../../lib/relay/limits.ts";
import { Allowance } from "../../../lib/relay/peer/allowance.ts";
import { type OpenAllowance, Pace } from "../../../lib/relay/peer/pace.ts";
import { pureTest } from "../../support/pure.ts";

const RATE: Rate = {
  linesPerSecond: 10,
  linesBurst: 100,
  bytesPerSecond: 1000,
  bytesBurst: 5000,
};

function openWith(rate: Rate): OpenAllowance {
  return (now) => new Allowance(rate, now);
}

pureTest("spend() lets a whole burst of lines pass, and makes one more wait", () => {
  const pace = new Pace(openWith(RATE));
  assert.equal(pace.spend(100, 0, 0), 0);
  assert.equal(pace.spend(1, 0, 0), 100);
  assert.equal(pace.spend(0, 0, 100), 0);
});

pureTest("spend() lets a whole burst of bytes pass, and makes one more wait", () => {
  const pace = new Pace(openWith(RATE));
  assert.equal(pace.spend(0, 5000, 0), 0);
  assert.equal(pace.spend(0, 1, 0), 1);
  assert.equal(pace.spend(0, 999, 1), 999);
});

pureTest("spend() fills the buckets to their burst and no further", () => {
  const pace = new Pace(openWith(RATE));
  pace.spend(100, 5000, 0);
  assert.equal(pace.spend(101, 0, 1e9), 100);
});

pureTest("spend() is not fooled by a clock that goes back", () => {
  const pace = new Pace(openWith(RATE));
  assert.equal(pace.spend(0, 0, 1000), 0);
  assert.equal(pace.spend(100, 0, 0), 0);
  assert.equal(pace.spend(10, 0, 0), 1000);
});

pureTest("a sender that waits as told keeps to the rate, whatever it sends", () => {
  const chunk = fc.record({
    lines: fc.nat(50),
    bytes: fc.integer({ min: 1, max: 4000 }),
    idle: fc.nat(500),
  });
  fc.assert(fc.property(fc.array(chunk, { minLength: 1 }), (chunks) => {
    const pace = new Pace(openWith(RATE));
    let [now, lines, bytes] = [0, 0, 0];
    for (const chunk of chunks) {
      now += chunk.idle;
      lines += chunk.lines;
      bytes += chunk.bytes;
      now += pace.spend(chunk.lines, chunk.bytes, now);
      assert.ok(lines <= RATE.linesBurst + RATE.linesPerSecond * now / 1000 + 1e-6);
      assert.ok(bytes <= RATE.bytesBurst + RATE.bytesPerSecond * now / 1000 + 1e-6);
    }
  }));
});

pureTest("a guest at half its rate never waits", () => {
  const pace = new Pace(openWith(GUEST_RATE));
  for (let now = 0; now < 600_000; now += 1000) {
    assert.equal(pace.spend(GUEST_RATE.linesPerSecond / 2, 64 * 1024, now), 0);
  }
});

pureTest("noteLine() counts from the read in which the unfinished line began", () => {
  const pace = new Pace(undefined);
  pace.noteLine(true, false, 10);
  pace.noteLine(true, false, 20);
  assert.equal(pace.lineBegunAt, 10);
  pace.noteLine(true, true, 30);
  assert.equal(pace.lineBegunAt, 30);
  pace.excuse(5);
  assert.equal(pace.lineBegunAt, 35);
  pace.noteLine(false, true, 40);
  pace.excuse(5);
  assert.equal(pace.lineBegunAt, undefined);
});

pureTest("excuse() puts off the time of the last input", () => {
  const pace = new Pace(undefined);
  pace.noteInput(1, 100);
  pace.excuse(7);
  assert.equal(pace.inputAt, 107);
});

pureTest("setAllowance() gives a new allowance, or none", () => {
  const pace = new Pace(openWith(RATE));
  pace.spend(200, 0, 0);
  pace.setAllowance(openWith({ ...RATE, linesPerSecond: 100 }));
  assert.equal(pace.spend(100, 0, 0), 0);
  assert.equal(pace.spend(1, 0, 0), 10);
  pace.setAllowance(undefined);
  assert.equal(pace.spend(1e9, 1e9, 0), 0);
});

pureTest("pause() ends in its time, or with endPause(), and silence is excused", async () => {
  const pace = new Pace(openWith(RATE));
  pace.noteInput(1, 100);
  await pace.pause(20);
  assert.ok(pace.inputAt >= 119);
  const pausing = pace.pause(60_000);
  assert.equal(pace.isThrottled, true);
  pace.endPause();
  await pausing;
  assert.equal(pace.isThrottled, false);
});
