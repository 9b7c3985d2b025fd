import assert from "node:assert/strict";
import { Asking } from "../../lib/client/asking.ts";
import { Beginnings, type Begun } from "../../lib/client/beginnings.ts";
import {
  ASK_AGAIN_MS,
  HELD_MESSAGE_CHARS,
  MAX_BEGINNINGS,
  MAX_BEGINNINGS_OF_ONE_KEY,
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
  const tell = (begun: readonly Begun<number>[]) =>
    begun.map(({ window, messages }) => `${window.next}: ${messages.map(({ item }) => item)}`)
      .join();
  const take = (sequence: number, at = now, { from = sequence, isPast = false } = {}) =>
    tell(beginnings.take(window, { sequence, item: sequence, from, isPast }, at));
  const tick = (at: number, isBehind = false) => {
    const { asks, begun } = beginnings.tick(at, isBehind);
    return [asks.map(({ range }) => range.join("-")).join(), tell(begun)];
  };
  assert.equal(take(first), "");
  return { beginnings, window, take, tick };
}

pureTest("Beginnings ask for what a run has written before, and wait for it", () => {
  const { beginnings, window, take, tick } = setUp(3);
  assert.equal(beginnings.has(window), true);
  assert.deepEqual([take(4), take(6), take(4)], ["", "", ""]);
  assert.deepEqual(tick(0), ["0-2", ""]);
  assert.deepEqual(tick(ASK_AGAIN_MS - 1), ["", ""]);
  assert.deepEqual(tick(ASK_AGAIN_MS), ["0-2", ""]);
  assert.equal(take(2, 2000), "");
  assert.equal(take(1, 2000, { from: 0 }), "0: 1,2,3,4,6");
  assert.deepEqual([beginnings.has(window), window.next], [false, 0]);
});

pureTest("Beginnings.take() knows a beginning by what was written before this client came", () => {
  const { take } = setUp(300);
  assert.equal(take(100, 10, { isPast: true }), "");
  assert.equal(take(101, 10, { isPast: true }), "");
  assert.equal(take(102, 10), "102: 102,300");
});

pureTest("Beginnings.tick() asks for ever more until it comes to the beginning", () => {
  const first = 10 * MIN_BEGINNING_ASKED;
  const { take, tick } = setUp(first);
  const once = first - MIN_BEGINNING_ASKED;
  assert.deepEqual(tick(0), [`${once}-${first - 1}`, ""]);
  assert.equal(take(once + 1, 100), "");
  assert.deepEqual(tick(100), ["", ""], "the rest of the answer is on its way");
  assert.equal(take(once, 200), "");
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

/** Beginnings of runs, each of one message. */
function setUpMany() {
  const asking = new Asking({ random: () => 0, members: () => 0 });
  const beginnings = new Beginnings<string>(asking, (item) => item.length);
  const take = (id: string, weight = 1) => {
    const item = "x".repeat(weight * HELD_MESSAGE_CHARS);
    return beginnings.take(windowOf(5, id), { sequence: 5, item, from: 5, isPast: false }, 0);
  };
  return { beginnings, take };
}

pureTest("Beginnings.hasRoomFor() is for some runs, and for fewer of one key", () => {
  const { beginnings, take } = setUpMany();
  for (let i = 0; i < MAX_BEGINNINGS_OF_ONE_KEY; i++) {
    assert.equal(beginnings.hasRoomFor("mallory"), true);
    take("mallory");
  }
  assert.equal(beginnings.hasRoomFor("mallory"), false);
  for (let i = MAX_BEGINNINGS_OF_ONE_KEY; i < MAX_BEGINNINGS; i++) {
    assert.equal(beginnings.hasRoomFor("alice"), true);
    take(`${i}`);
  }
  assert.equal(beginnings.hasRoomFor("alice"), false);
});

pureTest("Beginnings.take() ends the wait for the longest run if too much waits", () => {
  const { take } = setUpMany();
  assert.deepEqual(take("mallory", MAX_HELD_AT_BEGINNINGS - 1), []);
  assert.deepEqual(take("alice"), []);
  assert.deepEqual(take("bob").map(({ window }) => window.id), ["mallory"]);
  assert.deepEqual(take("bob", MAX_HELD_AT_BEGINNINGS - 2), []);
});
