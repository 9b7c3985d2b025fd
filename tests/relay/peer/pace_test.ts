import fc from "fast-check";
import assert from "node:assert/strict";
import { GUEST_RATE, type Rate } from "../../../lib/relay/limits.ts";
import { RateLimiter } from "../../../lib/relay/peer/pace.ts";
import { pureTest } from "../../support/pure.ts";

const RATE: Rate = {
  linesPerSecond: 10,
  linesBurst: 100,
  bytesPerSecond: 1000,
  bytesBurst: 5000,
};

pureTest("spend() lets a whole burst of lines pass, and makes one more wait", () => {
  const limiter = new RateLimiter(RATE, 0);
  assert.equal(limiter.spend(100, 0, 0), 0);
  assert.equal(limiter.spend(1, 0, 0), 100);
  assert.equal(limiter.spend(0, 0, 100), 0);
});

pureTest("spend() lets a whole burst of bytes pass, and makes one more wait", () => {
  const limiter = new RateLimiter(RATE, 0);
  assert.equal(limiter.spend(0, 5000, 0), 0);
  assert.equal(limiter.spend(0, 1, 0), 1);
  assert.equal(limiter.spend(0, 999, 1), 999);
});

pureTest("spend() fills the buckets to their burst and no further", () => {
  const limiter = new RateLimiter(RATE, 0);
  limiter.spend(100, 5000, 0);
  assert.equal(limiter.spend(101, 0, 1e9), 100);
});

pureTest("spend() is not fooled by a clock that goes back", () => {
  const limiter = new RateLimiter(RATE, 1000);
  assert.equal(limiter.spend(100, 0, 0), 0);
  assert.equal(limiter.spend(10, 0, 0), 1000);
});

pureTest("a sender that waits as told keeps to the rate, whatever it sends", () => {
  const chunk = fc.record({
    lines: fc.nat(50),
    bytes: fc.integer({ min: 1, max: 4000 }),
    idle: fc.nat(500),
  });
  fc.assert(fc.property(fc.array(chunk, { minLength: 1 }), (chunks) => {
    const limiter = new RateLimiter(RATE, 0);
    let [now, lines, bytes] = [0, 0, 0];
    for (const chunk of chunks) {
      now += chunk.idle;
      lines += chunk.lines;
      bytes += chunk.bytes;
      now += limiter.spend(chunk.lines, chunk.bytes, now);
      assert.ok(lines <= RATE.linesBurst + RATE.linesPerSecond * now / 1000 + 1e-6);
      assert.ok(bytes <= RATE.bytesBurst + RATE.bytesPerSecond * now / 1000 + 1e-6);
    }
  }));
});

pureTest("a guest at half its rate never waits", () => {
  const limiter = new RateLimiter(GUEST_RATE, 0);
  for (let now = 0; now < 600_000; now += 1000) {
    assert.equal(limiter.spend(GUEST_RATE.linesPerSecond / 2, 64 * 1024, now), 0);
  }
});
