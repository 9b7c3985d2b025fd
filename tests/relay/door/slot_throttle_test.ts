import assert from "node:assert/strict";
import { SlotThrottle } from "../../../lib/relay/door/slot_throttle.ts";
import {
  MAX_WRONG_SLOT_NETWORKS,
  MAX_WRONG_SLOTS,
  WRONG_SLOT_WINDOW_MS,
} from "../../../lib/relay/limits.ts";
import { pureTest } from "../../support/pure.ts";

pureTest("isClosedTo() closes to one address after 5 failures, for a minute", () => {
  const throttle = new SlotThrottle();
  for (let i = 1; i <= MAX_WRONG_SLOTS; i++) {
    assert.equal(throttle.isClosedTo("a", i), false);
    throttle.note("a", i);
  }
  assert.equal(throttle.isClosedTo("a", MAX_WRONG_SLOTS), true);
  assert.equal(throttle.isClosedTo("b", MAX_WRONG_SLOTS), false);
  assert.equal(throttle.isClosedTo("a", MAX_WRONG_SLOTS + WRONG_SLOT_WINDOW_MS), true);
  assert.equal(throttle.isClosedTo("a", MAX_WRONG_SLOTS + WRONG_SLOT_WINDOW_MS + 1), false);
});

pureTest("isClosedTo() forgives failures that are a minute old", () => {
  const throttle = new SlotThrottle();
  for (let i = 0; i < 100; i++) {
    const now = i * (WRONG_SLOT_WINDOW_MS / (MAX_WRONG_SLOTS - 1) + 1);
    throttle.note("a", now);
    assert.equal(throttle.isClosedTo("a", now), false);
  }
});

pureTest("note() remembers a bounded number of addresses, those that failed last", () => {
  const throttle = new SlotThrottle();
  const fail = (network: string) => {
    for (let i = 0; i < MAX_WRONG_SLOTS; i++) throttle.note(network, 0);
  };
  fail("first");
  for (let i = 0; i < MAX_WRONG_SLOT_NETWORKS - 1; i++) fail(`${i}`);
  assert.equal(throttle.isClosedTo("first", 0), true);
  fail("one more");
  assert.equal(throttle.isClosedTo("first", 0), false);
  assert.equal(throttle.isClosedTo("0", 0), true);
});
