import assert from "node:assert/strict";
import { Marks } from "../../../lib/storage/kept/marks.ts";
import { MAX_KEPT_MARKS } from "../../../lib/storage/limits.ts";
import { kept } from "../../support/kept.ts";
import { pureTest } from "../../support/pure.ts";

pureTest("Marks knows the last 20,000 messages", () => {
  const marks = new Marks();
  const messages = Array.from({ length: MAX_KEPT_MARKS + 1 }, (_, i) => kept("a", i));
  marks.note(messages.slice(0, -1));
  assert.equal(marks.has(messages[0]!), true);
  marks.note(messages.slice(-1));
  assert.deepEqual([0, 1, MAX_KEPT_MARKS].map((i) => marks.has(messages[i]!)), [false, true, true]);
});

pureTest("Marks.takeNew() takes each message once", () => {
  const [a, b] = [kept("a", 0), kept("b", 1)];
  const marks = new Marks();
  assert.deepEqual(marks.takeNew([a, a, b]), [a, b]);
  assert.deepEqual(marks.takeNew([b]), []);
});
