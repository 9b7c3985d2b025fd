import assert from "node:assert/strict";
import { Asking } from "../../lib/client/asking.ts";
import {
  ASK_AGAIN_MS,
  ASK_JITTER_MS,
  ASK_RATE,
  ASK_RATE_OF_ONE_WRITER,
  GAP_PATIENCE_MS,
  HELD_MESSAGE_CHARS,
  MAX_GAP_WAIT_MS,
  MAX_HELD_MESSAGES,
  MAX_HELD_OF_ONE_KEY,
  MAX_POSTPONEMENTS,
  SETTLING_MS,
  SETTLING_PATIENCE_MS,
} from "../../lib/client/limits.ts";
import { Ordering, type Ready } from "../../lib/client/ordering.ts";
import type { SequenceWindow } from "../../lib/protocol/sequence_window.ts";
import { pureTest } from "../support/pure.ts";

function windowOf(next = 0, id = "a"): SequenceWindow {
  return { id, epoch: "", next, missing: [], seenAt: 0 };
}

/** An ordering that waits for a part, from 0 to 1, of the longest time before it asks. */
function make<T>(random = 0, sizeOf?: (item: T) => number): Ordering<T> {
  return new Ordering<T>(new Asking({ random: () => random, members: () => 0 }), sizeOf);
}

/** Numbers of messages, with a mark for those that were given up before. */
function shown(ready: readonly Ready<number>[]): string {
  return ready.map(({ item, isLate }) => `${item}${isLate ? " late" : ""}`).join(",");
}

/** An ordering of one window whose messages are their numbers. */
function setUp(random = 0) {
  const ordering = make<number>(random);
  const window = windowOf();
  const take = (sequence: number, now: number, from?: number) => {
    const { ready, mended } = ordering.take(window, sequence, sequence, now, from);
    return `${shown(ready)};${mended}`;
  };
  const tick = (now: number, isBehind = false) => {
    const { asks, missing, ready } = ordering.tick(now, isBehind);
    const ranges = (gaps: typeof asks) => gaps.map(({ range }) => range.join("-")).join(",");
    return `asks ${ranges(asks)}; missing ${ranges(missing)}; ready ${shown(ready)}`;
  };
  return { ordering, window, take, tick };
}

pureTest("Ordering.take() passes messages on that come in order", () => {
  const { take, tick } = setUp();
  assert.deepEqual([0, 1, 2].map((q) => take(q, q)), ["0;0", "1;0", "2;0"]);
  assert.equal(tick(1_000_000), "asks ; missing ; ready ");
});

pureTest("Ordering.take() shows nothing twice, held or shown", () => {
  const { take, ordering } = setUp();
  assert.deepEqual([take(0, 0), take(0, 1), take(2, 2), take(2, 3)], ["0;0", ";0", ";0", ";0"]);
  assert.equal(ordering.heldCount, 1);
  assert.deepEqual([take(1, 4), take(1, 5), take(2, 6)], ["1,2;1", ";0", ";0"]);
  assert.equal(ordering.heldCount, 0);
});

pureTest("Ordering.take() puts two that were swapped right, and tells of it", () => {
  const { take } = setUp();
  take(0, 0);
  assert.deepEqual([take(2, 1), take(1, 2), take(3, 3)], [";0", "1,2;1", "3;0"]);
});

pureTest("Ordering.take() counts all that were missing once the last has come", () => {
  const { take } = setUp();
  take(5, 0);
  take(3, 0);
  const steps = [take(0, 1), take(1, 2), take(2, 3), take(4, 4)];
  assert.deepEqual(steps, ["0;0", "1;0", "2,3;0", "4,5;4"]);
});

pureTest("Ordering.tick() asks for a gap after the jitter, and again after 1.5 s", () => {
  const { take, tick } = setUp(0.5);
  take(3, 1000);
  const nothing = "asks ; missing ; ready ";
  const first = 1000 + ASK_JITTER_MS / 2;
  assert.equal(tick(first - 1), nothing);
  assert.equal(tick(first), "asks 0-2; missing ; ready ");
  assert.equal(tick(first + ASK_AGAIN_MS - 1), nothing);
  take(0, first + ASK_AGAIN_MS - 1);
  assert.equal(tick(first + ASK_AGAIN_MS), "asks 1-2; missing ; ready ");
});

pureTest("Ordering.tick() gives up 5 s after the last progress, once", () => {
  const { take, tick } = setUp();
  take(2, 0);
  take(5, 100);
  take(0, 3000);
  assert.match(tick(3000 + GAP_PATIENCE_MS - 1), /missing ; ready $/);
  assert.equal(tick(3000 + GAP_PATIENCE_MS), "asks ; missing 1-1,3-4; ready 2,5");
  assert.equal(tick(4000 + GAP_PATIENCE_MS), "asks ; missing ; ready ");
  assert.deepEqual([take(1, 9000), take(1, 9001)], ["1 late;0", ";0"]);
  assert.deepEqual([take(6, 9002), take(3, 9003), take(4, 9004)], ["6;0", "3 late;0", "4 late;0"]);
});

pureTest("Ordering.tick() asks an author that does not answer ever more seldom", () => {
  const { ordering, window, take, tick } = setUp();
  ordering.returned(0);
  take(3, 0);
  const askedAt = Array.from({ length: 300 }, (_, i) => 100 * i)
    .filter((now) => tick(now).startsWith("asks 0-2"));
  assert.deepEqual(askedAt, [0, 1, 3, 7, 15].map((times) => times * ASK_AGAIN_MS));
  // An author that is back is asked at once.
  ordering.returned(29_900, window);
  assert.match(tick(29_900), /^asks 0-2;/);
  assert.match(tick(29_900 + ASK_AGAIN_MS), /^asks 0-2;/);
});

pureTest("Ordering.tick() is more patient with what was missed around a reconnect", () => {
  const { ordering, take, tick } = setUp();
  ordering.returned(0);
  take(2, SETTLING_MS - 1);
  const over = SETTLING_MS - 1 + SETTLING_PATIENCE_MS;
  assert.match(tick(over - 1), /missing ; ready $/);
  assert.match(tick(over), /missing 0-1; ready 2$/);
  take(4, over);
  assert.match(tick(over + GAP_PATIENCE_MS), /missing 3-3; ready 4$/);
});

pureTest("Ordering.returned() begins all waits anew, or those for one author", () => {
  const ordering = make<number>();
  const [alice, eve] = [windowOf(0, "alice"), windowOf(0, "eve")];
  for (const window of [alice, eve]) ordering.take(window, 1, 1, 0);
  assert.equal(ordering.tick(1).asks.length, 2);
  ordering.returned(2, alice);
  ordering.returned(2, windowOf(0, "nobody"));
  assert.deepEqual(ordering.tick(2).asks.map(({ window }) => window.id), ["alice"]);
  assert.deepEqual(ordering.tick(GAP_PATIENCE_MS).missing.map(({ window }) => window.id), ["eve"]);
  ordering.returned(20_000);
  assert.deepEqual(ordering.tick(20_000).asks.map(({ window }) => window.id), ["alice"]);
  assert.deepEqual(ordering.tick(19_999 + SETTLING_PATIENCE_MS).missing, []);
  assert.equal(ordering.tick(20_000 + SETTLING_PATIENCE_MS).missing.length, 1);
});

pureTest("Ordering.tick() gives nothing up for want of an answer while it is behind", () => {
  const { take, tick } = setUp();
  tick(0);
  take(2, 0);
  for (let now = 1000; now <= 10_000; now += 1000) {
    assert.match(tick(now, true), /missing ; ready $/);
  }
  assert.match(tick(10_000 + GAP_PATIENCE_MS - 1), /missing ; ready $/);
  assert.match(tick(10_000 + GAP_PATIENCE_MS), /missing 0-1; ready 2$/);
  take(4, 20_000);
  tick(20_000);
  // In the end it does.
  assert.match(tick(19_999 + MAX_GAP_WAIT_MS, true), /missing ; ready $/);
  assert.match(tick(20_000 + MAX_GAP_WAIT_MS, true), /missing 3-3; ready 4$/);
});

pureTest("Ordering.tick() gives up after 90 s, however much comes meanwhile", () => {
  const { take, tick } = setUp();
  take(200, 0);
  let now = 0;
  for (let sequence = 0; now + 1000 < MAX_GAP_WAIT_MS; sequence++) {
    now += 1000;
    take(sequence, now);
    assert.match(tick(now), /missing ; ready $/);
  }
  assert.equal(tick(MAX_GAP_WAIT_MS), "asks ; missing 89-199; ready 200");
});

pureTest("Ordering.tick() gives the sender up of whom most is held when too much is", () => {
  const ordering = make<number>(1);
  const hold = (id: string, count: number) => {
    const window = windowOf(0, id);
    for (let i = 0; i < count; i++) ordering.take(window, i + 1, i, 0);
  };
  hold("quiet", 1);
  const senders = Array.from({ length: 8 }, (_, i) => String(i));
  for (const id of senders) hold(id, MAX_HELD_MESSAGES / 8);
  const { missing, ready } = ordering.tick(1);
  assert.deepEqual(missing.map(({ window }) => window.id), ["0"]);
  assert.equal(ready.length, MAX_HELD_MESSAGES / 8);
  assert.equal(ordering.heldCount, 7 * MAX_HELD_MESSAGES / 8 + 1);
  hold("more", MAX_HELD_MESSAGES / 8 - 1);
  assert.equal(ordering.heldCount, MAX_HELD_MESSAGES);
  assert.deepEqual(ordering.tick(1).missing, []);
});

pureTest("Ordering.tick() gives up the oldest run of a key of which too much is held", () => {
  const ordering = make<number>(1);
  const windows = [0, 1].map((epoch) => ({ ...windowOf(), epoch: String(epoch) }));
  for (let i = 0; i < MAX_HELD_OF_ONE_KEY / 2; i++) {
    for (const window of windows) ordering.take(window, i + 1, i, 0);
  }
  assert.deepEqual(ordering.tick(1).missing, []);
  ordering.take(windows[1]!, 10_000, 0, 1);
  assert.deepEqual(ordering.tick(1).missing.map(({ window }) => window), [windows[0]]);
  assert.equal(ordering.heldCount, MAX_HELD_OF_ONE_KEY / 2 + 1);
});

pureTest("Ordering.tick() counts a long message as several", () => {
  const ordering = make<string>(1, (text) => text.length);
  const window = windowOf();
  const text = "x".repeat(HELD_MESSAGE_CHARS * MAX_HELD_OF_ONE_KEY / 8);
  for (let i = 1; i <= 8; i++) ordering.take(window, i, text, 0);
  assert.deepEqual(ordering.tick(1).missing, []);
  ordering.take(window, 9, "x", 1);
  assert.equal(ordering.tick(1).ready.length, 9);
  ordering.take(window, 11, text, 2);
  assert.deepEqual(ordering.tick(2).missing, []);
});

pureTest("Ordering releases very many gaps of one sender without delay", () => {
  const ordering = make<number>(1);
  const window = windowOf();
  for (let i = 2 * MAX_HELD_OF_ONE_KEY; i > 0; i -= 2) ordering.take(window, i, i, 0);
  const { ready, missing } = ordering.tick(GAP_PATIENCE_MS);
  assert.deepEqual([ready.length, missing.length], [MAX_HELD_OF_ONE_KEY, MAX_HELD_OF_ONE_KEY]);
  const items = ready.map(({ item }) => item);
  assert.deepEqual(items, items.toSorted((a, b) => a - b));
});

pureTest("Ordering.tick() asks for so many gaps at once, and for others later", () => {
  const ordering = make<number>();
  for (let i = 0; i < ASK_RATE.burst + 5; i++) ordering.take(windowOf(0, String(i)), 1, i, 0);
  assert.deepEqual([0, 0, 1000].map((now) => ordering.tick(now).asks.length), [
    ASK_RATE.burst,
    0,
    5,
  ]);
});

pureTest("Ordering.tick() asks a writer of many gaps for few, and others as ever", () => {
  const ordering = make<number>();
  for (let i = 0; i < 50; i++) {
    ordering.take({ ...windowOf(0, "mallory"), epoch: String(i) }, 1, i, 0);
  }
  ordering.take(windowOf(0, "alice"), 1, 0, 0);
  const askedOf = (now: number) => ordering.tick(now).asks.map(({ window }) => window.id);
  const mallory = Array<string>(ASK_RATE_OF_ONE_WRITER.burst).fill("mallory");
  assert.deepEqual(askedOf(0), [...mallory, "alice"]);
  assert.deepEqual(askedOf(999), []);
  assert.deepEqual(askedOf(1000), ["mallory"]);
  assert.deepEqual(askedOf(1500), ["alice"]);
});

pureTest("Ordering.postpone() leaves the asking to another who has asked, once for each", () => {
  const { ordering, window, take, tick } = setUp(1);
  const postpone = (from: number, to: number, now: number, asker = "b") => {
    ordering.postpone(window, { range: [from, to], asker }, now);
  };
  take(3, 0);
  postpone(5, 9, 0);
  ordering.postpone(windowOf(), { range: [0, 2], asker: "b" }, 0);
  assert.match(tick(ASK_JITTER_MS), /^asks 0-2;/);
  const asked = ASK_JITTER_MS + ASK_AGAIN_MS;
  postpone(0, 1, asked - 1);
  assert.match(tick(asked), /^asks ;/);
  // All who heard the question wait for a random time after it.
  const due = asked - 1 + ASK_AGAIN_MS + ASK_JITTER_MS;
  postpone(0, 1, due - 1);
  assert.match(tick(due - 1), /^asks ;/);
  assert.match(tick(due), /^asks 0-2;/);
});

pureTest("Ordering.postpone() lets no crowd of askers keep this client from asking", () => {
  const { ordering, window, take, tick } = setUp();
  take(2, 0);
  for (let i = 0; i < MAX_POSTPONEMENTS; i++) {
    ordering.postpone(window, { range: [0, 1], asker: `${i}` }, 0);
  }
  ordering.postpone(window, { range: [0, 1], asker: "one more" }, 1000);
  assert.match(tick(ASK_AGAIN_MS), /^asks 0-1;/);
  // Those who asked count again once a missing message has come.
  take(0, ASK_AGAIN_MS + 1);
  ordering.postpone(window, { range: [1, 1], asker: "0" }, ASK_AGAIN_MS + 2);
  assert.match(tick(2 * ASK_AGAIN_MS + 1), /^asks ;/);
  assert.match(tick(2 * ASK_AGAIN_MS + 2), /^asks 1-1;/);
});

pureTest("Ordering.skipTo() does not wait for what was before", () => {
  const { ordering, window, take, tick } = setUp();
  ordering.skipTo(window, 7);
  assert.deepEqual([take(7, 0), take(8, 0), take(3, 0)], ["7;0", "8;0", "3 late;0"]);
  assert.equal(tick(100_000), "asks ; missing ; ready ");
  take(10, 0);
  ordering.skipTo(window, 20);
  assert.equal(take(9, 1), "9,10;1", "what is held is not passed over");
});

pureTest("Ordering.take() waits for nothing fleeting", () => {
  const { take, tick, window } = setUp();
  assert.deepEqual([take(0, 0), take(3, 0, 1), take(4, 0)], ["0;0", "3;0", "4;0"]);
  // What is fleeting counts as seen, also where it comes after all.
  assert.deepEqual([take(1, 0), take(2, 0), window.missing], [";0", ";0", []]);
  assert.deepEqual([take(6, 0), take(9, 0, 8), take(10, 0)], [";0", ";0", ";0"]);
  assert.equal(tick(1), "asks 5-5; missing ; ready ");
  // 7 was not fleeting.
  assert.equal(take(5, 2), "5,6;0");
  assert.equal(tick(1502), "asks 7-7; missing ; ready ");
  assert.equal(take(7, 1503), "7,9,10;2");
});

pureTest("Ordering.tick() gives up what was not fleeting, and that alone", () => {
  const { take, tick, window } = setUp();
  take(0, 0);
  assert.deepEqual([take(5, 0, 3), take(8, 0, 7)], [";0", ";0"]);
  assert.equal(tick(5000), "asks ; missing 1-2,6-6; ready 5,8");
  assert.deepEqual(window, { ...window, next: 9, missing: [[1, 2], [6, 6]] });
  assert.equal(take(2, 5001), "2 late;0");
});

pureTest("Ordering.take() drops what waits among what its author calls fleeting later", () => {
  const { take, tick, ordering } = setUp();
  take(0, 0);
  assert.deepEqual([take(3, 0), take(4, 0)], [";0", ";0"]);
  assert.equal(ordering.heldCount, 2);
  assert.equal(take(9, 0, 0), "9;1");
  assert.equal(ordering.heldCount, 0);
  assert.equal(tick(1_000_000), "asks ; missing ; ready ");
  assert.equal(take(10, 0), "10;0");
});
