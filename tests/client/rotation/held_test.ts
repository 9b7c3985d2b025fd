import assert from "node:assert/strict";
import { Held } from "../../../lib/client/rotation/held.ts";
import { HOLD_MS, MAX_HELD_CHARS, MAX_HELD_TOKENS } from "../../../lib/client/rotation/limits.ts";
import { pureTest } from "../../support/pure.ts";
import type { Phase } from "../../../lib/client/phase.ts";

function add(held: Held, token: string, phase: Phase, at: number, isTold = false): number {
  return held.add({ token, phase, at, isTold });
}

pureTest("Held gives back tokens in their order, with how they came", () => {
  const held = new Held();
  add(held, "a", "history", 1);
  add(held, "b", "live", 2);
  const taken = held.takeAll().map(({ token, phase, at }) => [token, phase, at]);
  assert.deepEqual(taken, [["a", "history", 1], ["b", "live", 2]]);
  assert.deepEqual([held.size, held.takeAll()], [0, []]);
});

pureTest("Held tells each token once that waits for too long, and goes on holding it", () => {
  const held = new Held();
  add(held, "a", "live", 0);
  add(held, "b", "live", 1000);
  assert.equal(held.overdue(HOLD_MS), 0);
  assert.equal(held.overdue(HOLD_MS + 1), 1);
  assert.equal(held.overdue(HOLD_MS + 2), 0);
  assert.equal(held.overdue(Infinity), 1);
  assert.equal(held.size, 2);
  add(held, "c", "history", 1000, true);
  assert.equal(held.overdue(Infinity), 0);
});

pureTest("Held drops the oldest above its bounds, and tells of those that were not told", () => {
  const many = new Held();
  for (let i = 0; i < MAX_HELD_TOKENS; i++) assert.equal(add(many, `${i}`, "live", 0), 0);
  assert.equal(add(many, "one more", "live", 0), 1);
  assert.equal(many.takeAll()[0]!.token, "1");
  const long = new Held();
  const token = "x".repeat(MAX_HELD_CHARS / 4);
  for (let i = 0; i < 4; i++) assert.equal(add(long, token, "live", 0), 0);
  long.overdue(Infinity);
  assert.equal(add(long, token, "live", 0), 0);
  assert.equal(long.size, 4);
});
