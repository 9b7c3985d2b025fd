import assert from "node:assert/strict";
import { TokenBucket } from "../../lib/async/token_bucket.ts";
import { pureTest } from "../support/pure.ts";

const SIZE = { perSecond: 10, burst: 3 };

pureTest("take() gives the burst and no more", () => {
  const bucket = new TokenBucket(SIZE, 0);
  assert.deepEqual([1, 2, 3, 4].map(() => bucket.take(1, 0)), [true, true, true, false]);
});

pureTest("fullness() is the share that is left, and below 0 what is owed", () => {
  const bucket = new TokenBucket(SIZE, 0);
  assert.equal(bucket.fullness(0), 1);
  bucket.spend(6, 0);
  assert.deepEqual([0, 300, 450, 1e9].map((now) => bucket.fullness(now)), [-1, 0, 0.5, 1]);
});

pureTest("take() takes nothing if there are too few", () => {
  const bucket = new TokenBucket(SIZE, 0);
  assert.equal(bucket.take(4, 0), false);
  assert.equal(bucket.take(3, 0), true);
});

pureTest("take() gives a token as soon as it has flowed in", () => {
  const bucket = new TokenBucket(SIZE, 1000);
  bucket.take(3, 1000);
  assert.equal(bucket.take(1, 1099), false);
  assert.equal(bucket.take(1, 1100), true);
  assert.equal(bucket.take(1, 1100), false);
});

pureTest("take() fills the bucket to its burst and no further", () => {
  const bucket = new TokenBucket(SIZE, 0);
  bucket.take(3, 0);
  assert.equal(bucket.take(4, 1e9), false);
  assert.equal(bucket.take(3, 1e9), true);
});

pureTest("take() counts from the time to which a clock was set back", () => {
  const bucket = new TokenBucket(SIZE, 1000);
  bucket.take(3, 1000);
  assert.equal(bucket.take(1, 0), false);
  assert.equal(bucket.take(1, 100), true);
});

pureTest("spend() takes what is not there, and tells how long that is owed", () => {
  const bucket = new TokenBucket(SIZE, 0);
  assert.equal(bucket.spend(3, 0), 0);
  assert.equal(bucket.spend(1, 0), 100);
  assert.equal(bucket.spend(1, 50), 150);
  assert.equal(bucket.spend(0, 200), 0);
});

pureTest("spend() rounds up to whole ms", () => {
  const bucket = new TokenBucket({ perSecond: 3, burst: 0 }, 0);
  assert.equal(bucket.spend(1, 0), 334);
});
