import assert from "node:assert/strict";
import { Asking } from "../../lib/client/asking.ts";
import { Beginnings, type Begun } from "../../lib/client/beginnings.ts";
import {
  ASK_AGAIN_MS,
  HELD_MESSAGE_CHARS,
  MAX_BEGINNINGS,
  MAX_HELD_AT_BEGINNINGS,
  MAX_POSTPONEMENTS,
  MIN_BEGINNING_ASKED,
  SETTLING_PATIENCE_MS,
} from "../../lib/client/limits.ts";
import { pureTest } from "../support/pure.ts";

function windowOf(next: number, id = "a") {
  return { id, epoch: "", next, missing: [], seenAt: 0 };
}

/** Beginnings of one run whose messages are their numbers. Its first one came at 0 ms. */
function setUp(first: number, now = 0) {
  const asking = new Asking({ random: () => 0, members: () => 0 });
  const beginnings = new Beginnings<number>(asking);
  const window = windowOf(first);
  const tell = (begun: Begun<number> | undefined) =>
    begun && `${begun.window.next}: ${begun.messages.map(({ item }) => item)}`;
  const take = (sequence: number, at = now, { from = sequence, isPast = false } = {}) =>
    tell(beginnings.take(window, { sequence, item: sequence, from, isPast }, at));
  const tick = (at: number, isBehind = false) => {
    const { asks, begun } = beginnings.tick(at, isBehind);
    return [asks.map(({ range }) => range.join("-")).join(), begun.map(tell).join()];
  };
  assert.equal(take(first), undefined);
  return { beginnings, window, take, tick };
}

pureTest("Beginnings ask for what a run has written before, and wait for it", () => {
  const { beginnings, window, take, tick } = setUp(3);
  assert.equal(beginnings.has(window), true);
  assert.deepEqual([take(4), take(6), take(4)], [undefined, undefined, undefined]);
  assert.deepEqual(tick(0), ["0-2", ""]);
  assert.deepEqual(tick(ASK_AGAIN_MS - 1), ["", ""]);
  assert.deepEqual(tick(ASK_AGAIN_MS), ["0-2", ""]);
  assert.equal(take(2, 2000), undefined);
  assert.equal(take(1, 2000, { from: 0 }), "0: 1,2,3,4,6");
  assert.deepEqual([beginnings.has(window), window.next], [false, 0]);
});

pureTest("Beginnings.take() knows a beginning by what was written before this client came", () => {
  const { take } = setUp(300);
  assert.equal(take(100, 10, { isPast: true }), undefined);
  assert.equal(take(101, 10, { isPast: true }), undefined);
  assert.equal(take(102, 10), "102: 102,300");
});

pureTest("Beginnings.tick() asks for ever more until it comes to the beginning", () => {
  const first = 10 * MIN_BEGINNING_ASKED;
  const { take, tick } = setUp(first);
  const once = first - MIN_BEGINNING_ASKED;
  assert.deepEqual(tick(0), [`${once}-${first - 1}`, ""]);
  assert.equal(take(once + 1, 100), undefined);
  assert.deepEqual(tick(100), ["", ""], "the rest of the answer is on its way");
  assert.equal(take(once, 200), undefined);
  const twice = once - 2 * MIN_BEGINNING_ASKED;
  assert.deepEqual(tick(200), [`${twice}-${once - 1}`, ""]);
});

pureTest("Beginnings.tick() takes the first that came for the beginning in the end", () => {
  const { take, tick } = setUp(7, 1000);
  take(9, 2000);
  const over = 1000 + SETTLING_PATIENCE_MS;
  assert.equal(tick(over - 1)[1], "");
  assert.deepEqual(tick(over), ["", "7: 7,9"]);
  assert.deepEqual(tick(2 * over), ["", ""]);
});

pureTest("Beginnings.tick() does not count time in which this client was behind", () => {
  const { tick } = setUp(7);
  tick(0);
  assert.equal(tick(SETTLING_PATIENCE_MS, true)[1], "");
  assert.equal(tick(2 * SETTLING_PATIENCE_MS - 1)[1], "");
  assert.equal(tick(2 * SETTLING_PATIENCE_MS)[1], "7: 7");
});

pureTest("Beginnings.returned() asks anew, and waits anew", () => {
  const { beginnings, window, tick } = setUp(7);
  tick(0);
  beginnings.returned(100, windowOf(0));
  assert.deepEqual(tick(100), ["", ""]);
  beginnings.returned(100, window);
  assert.deepEqual(tick(100), ["0-6", ""]);
  beginnings.returned(200);
  assert.deepEqual(tick(200), ["0-6", ""]);
  assert.equal(tick(199 + SETTLING_PATIENCE_MS)[1], "");
  assert.equal(tick(200 + SETTLING_PATIENCE_MS)[1], "7: 7");
});

pureTest("Beginnings.postpone() leaves the asking to another who has asked, once for each", () => {
  const { beginnings, window, tick } = setUp(7);
  const postpone = (asker: string, now: number, from = 0, to = 6) =>
    beginnings.postpone(window, { range: [from, to], asker }, now);
  postpone("b", 0, 7, 9);
  postpone("b", 0, 0, 5);
  assert.deepEqual(tick(0), ["0-6", ""]);
  postpone("b", 100);
  postpone("b", 200);
  assert.deepEqual(tick(99 + ASK_AGAIN_MS), ["", ""]);
  assert.deepEqual(tick(100 + ASK_AGAIN_MS), ["0-6", ""]);
  for (let i = 1; i < MAX_POSTPONEMENTS; i++) postpone(`${i}`, 2000);
  postpone("one more", 5000);
  assert.deepEqual(tick(100 + 3 * ASK_AGAIN_MS), ["0-6", ""]);
});

pureTest("Beginnings have a bound of runs, and of messages that wait", () => {
  const asking = new Asking({ random: () => 0, members: () => 0 });
  const beginnings = new Beginnings<string>(asking, (item) => item.length);
  const take = (id: number, item = "") =>
    beginnings.take(windowOf(5, `${id}`), { sequence: 5, item, from: 5, isPast: false }, 0);
  for (let i = 0; i < MAX_BEGINNINGS - 1; i++) take(i);
  assert.equal(beginnings.hasRoom, true);
  const left = MAX_HELD_AT_BEGINNINGS - MAX_BEGINNINGS + 1;
  assert.equal(take(MAX_BEGINNINGS - 1, "x".repeat(left * HELD_MESSAGE_CHARS)), undefined);
  assert.equal(beginnings.hasRoom, false);
  assert.equal(take(MAX_BEGINNINGS)?.messages.length, 1);
});
