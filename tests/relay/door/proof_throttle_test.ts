import assert from "node:assert/strict";
import { ProofThrottle } from "../../../lib/relay/door/proof_throttle.ts";
import {
  FAILED_PROOF_PAUSE_MS,
  FAILED_PROOF_WINDOW_MS,
  MAX_FAILED_ADDRESSES,
  MAX_FAILED_PROOFS,
} from "../../../lib/relay/limits.ts";
import { pureTest } from "../../support/pure.ts";

pureTest("isClosedTo() closes to one address after 5 failures, for a minute", () => {
  const throttle = new ProofThrottle();
  for (let i = 1; i <= MAX_FAILED_PROOFS; i++) {
    assert.equal(throttle.isClosedTo("a", i), false);
    throttle.note("a", i);
  }
  assert.equal(throttle.isClosedTo("a", MAX_FAILED_PROOFS), true);
  assert.equal(throttle.isClosedTo("b", MAX_FAILED_PROOFS), false);
  assert.equal(throttle.isClosedTo("a", MAX_FAILED_PROOFS + FAILED_PROOF_PAUSE_MS), true);
  assert.equal(throttle.isClosedTo("a", MAX_FAILED_PROOFS + FAILED_PROOF_PAUSE_MS + 1), false);
});

pureTest("isClosedTo() forgives failures that are a minute old", () => {
  const throttle = new ProofThrottle();
  for (let i = 0; i < 100; i++) {
    const now = i * (FAILED_PROOF_WINDOW_MS / (MAX_FAILED_PROOFS - 1) + 1);
    throttle.note("a", now);
    assert.equal(throttle.isClosedTo("a", now), false);
  }
});

pureTest("note() remembers a bounded number of addresses, those that failed last", () => {
  const throttle = new ProofThrottle();
  const fail = (network: string) => {
    for (let i = 0; i < MAX_FAILED_PROOFS; i++) throttle.note(network, 0);
  };
  fail("first");
  for (let i = 0; i < MAX_FAILED_ADDRESSES - 1; i++) fail(`${i}`);
  assert.equal(throttle.isClosedTo("first", 0), true);
  fail("one more");
  assert.equal(throttle.isClosedTo("first", 0), false);
  assert.equal(throttle.isClosedTo("0", 0), true);
});
