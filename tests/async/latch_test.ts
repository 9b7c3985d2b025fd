import assert from "node:assert/strict";
import { Latch } from "../../lib/async/latch.ts";
import { pureTest } from "../support/pure.ts";

pureTest("Latch lets all go when its condition holds, and nobody before", async () => {
  let isOpen = false;
  let gone = 0;
  const latch = new Latch(() => isOpen);
  latch.look();
  const waits = [1, 2].map(() => latch.wait().then(() => gone++));
  latch.look();
  await undefined;
  assert.equal(gone, 0);
  isOpen = true;
  latch.look();
  await Promise.all(waits);
  assert.equal(gone, 2);
  await latch.wait();
});
