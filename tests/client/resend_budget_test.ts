import assert from "node:assert/strict";
import {
  MAX_ASKERS,
  RESEND_RATE,
  RESEND_RATE_OF_ONE_ASKER,
  RESENT_LINE_BYTES,
} from "../../lib/client/limits.ts";
import { ResendBudget } from "../../lib/client/resend_budget.ts";
import { pureTest } from "../support/pure.ts";

/** Messages that cost so many bytes. */
function worth(bytes: number) {
  return [{ plaintext: new Uint8Array(bytes - RESENT_LINE_BYTES) }];
}

/** What one asker gets in so many seconds that asks each second for so much, in bytes a second. */
function rateOf(bytes: number, askers: (second: number) => string, seconds: number): number {
  const budget = new ResendBudget(0);
  let sent = 0;
  for (let second = 0; second < seconds; second++) {
    const asker = askers(second);
    if (!budget.mayAnswer(asker, second * 1000)) continue;
    budget.charge(asker, worth(bytes), second * 1000);
    sent += bytes;
  }
  return sent / seconds;
}

pureTest("ResendBudget answers a first question for all that is kept", () => {
  const budget = new ResendBudget(0);
  assert.equal(budget.mayAnswer("a", 0), true);
  budget.charge("a", worth(RESEND_RATE.burst), 0);
  assert.deepEqual(["a", "b"].map((asker) => budget.mayAnswer(asker, 0)), [false, true]);
});

pureTest("ResendBudget gives one asker a small stream after that", () => {
  for (const bytes of [5000, RESEND_RATE.burst]) {
    const rate = rateOf(bytes, () => "a", 3600);
    const burst = (RESEND_RATE_OF_ONE_ASKER.burst + bytes) / 3600;
    assert.ok(rate <= RESEND_RATE_OF_ONE_ASKER.perSecond + burst, `${rate}`);
  }
});

pureTest("ResendBudget gives all askers together a stream, however many they are", () => {
  for (const askers of [5, 1000]) {
    const rate = rateOf(RESEND_RATE.burst, (second) => `${second % askers}`, 3600);
    assert.ok(rate <= RESEND_RATE.perSecond + 2 * RESEND_RATE.burst / 3600, `${rate}`);
    assert.ok(rate >= RESEND_RATE.perSecond / 2, `${rate}`);
  }
});

pureTest("ResendBudget answers first who has asked for little", () => {
  const budget = new ResendBudget(0);
  const share = RESEND_RATE_OF_ONE_ASKER.burst / 2;
  for (const asker of ["a", "b", "c"]) budget.charge(asker, worth(share), 0);
  // Five eighths and more are left of all, and a half of what each of them may take.
  assert.equal(budget.mayAnswer("a", 0), true);
  for (const asker of ["a", "b"]) budget.charge(asker, worth(share), 0);
  budget.charge("c", worth(1 * RESENT_LINE_BYTES), 0);
  assert.deepEqual(["a", "c", "d"].map((asker) => budget.mayAnswer(asker, 0)), [
    false,
    false,
    true,
  ]);
});

pureTest("ResendBudget counts each line besides its bytes, and nothing for no answer", () => {
  const budget = new ResendBudget(0);
  const lines = RESEND_RATE_OF_ONE_ASKER.burst / RESENT_LINE_BYTES;
  const empty = { plaintext: new Uint8Array(0) };
  budget.charge("a", [], 0);
  budget.charge("a", Array(lines).fill(empty), 0);
  assert.equal(budget.mayAnswer("a", 0), false);
  assert.equal(budget.mayAnswer("b", 0), true);
});

pureTest("ResendBudget remembers so many askers, those that were answered last", () => {
  const budget = new ResendBudget(0);
  budget.charge("a", worth(RESEND_RATE_OF_ONE_ASKER.burst + RESENT_LINE_BYTES), 0);
  for (let i = 1; i < MAX_ASKERS; i++) budget.charge(`${i}`, worth(RESENT_LINE_BYTES), 0);
  assert.equal(budget.mayAnswer("a", 0), false);
  budget.charge("one more", worth(RESENT_LINE_BYTES), 0);
  assert.equal(budget.mayAnswer("a", 0), true);
});
