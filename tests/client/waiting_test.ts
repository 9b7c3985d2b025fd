import assert from "node:assert/strict";
import { HELD_MESSAGE_CHARS } from "../../lib/client/limits.ts";
import { Waiting, weigh } from "../../lib/client/waiting.ts";
import { pureTest } from "../support/pure.ts";

function open() {
  const window = { id: "a", epoch: "b", next: 0, missing: [], seenAt: 0 };
  return new Waiting<string>(window, { now: 0, askAt: 300 });
}

pureTest("add() keeps messages by their numbers, each once, and shift() takes the first", () => {
  const waiting = open();
  assert.equal(waiting.first, undefined);
  const added = [7, 3, 5, 3].map((n) => waiting.add(n, { item: `${n}`, from: n - 1 }));
  assert.deepEqual(added, [true, true, true, false]);
  assert.deepEqual([waiting.size, waiting.first, waiting.held.from], [3, 3, 2]);
  assert.deepEqual([1, 2, 3].map(() => waiting.shift()), ["3", "5", "7"]);
  assert.deepEqual([waiting.size, waiting.first], [0, undefined]);
});

pureTest("progress() has it wait and ask anew, and counts", () => {
  const waiting = open();
  waiting.asked = 3;
  waiting.askers.add("carol");
  waiting.progress(500);
  assert.deepEqual([waiting.progressAt, waiting.filled, waiting.asked], [500, 1, 0]);
  assert.equal(waiting.askers.size, 0);
});

pureTest("weigh() counts a long message as several, and each as one at least", () => {
  const chars = [0, 1, HELD_MESSAGE_CHARS, HELD_MESSAGE_CHARS + 1];
  assert.deepEqual(chars.map(weigh), [1, 1, 1, 2]);
});
