import assert from "node:assert/strict";
import { Start, type Written } from "../../lib/client/start.ts";
import { MAX_AGE_SECONDS, MAX_PASSED_RUNS } from "../../lib/client/limits.ts";
import { makeEpoch } from "../../lib/protocol/epoch.ts";
import { ALICE, BOB, EPOCH, TIME } from "../support/fixed_members.ts";
import { pureTest } from "../support/pure.ts";

/** Bob's client, which came to the room 0.4 s after `TIME`, and what is the time by both clocks. */
function setUp() {
  const clock = { now: 400, wall: TIME * 1000 };
  const start = new Start({
    own: BOB,
    now: () => clock.wall + clock.now,
    monotonic: () => clock.now,
  });
  start.note();
  return { start, clock };
}

/** A message that was sent `seconds` after `TIME`, and written then, too, unless it is said. */
function message(
  { id }: { id: string },
  seconds: number,
  { writtenAt = seconds }: { writtenAt?: number } = {},
): Written {
  return { header: { id, time: TIME + writtenAt }, issuedAt: TIME + seconds };
}

pureTest("Start.isLaterThan() tells that a message is sent again by its two times", () => {
  const { start, clock } = setUp();
  clock.now = 10_000;
  const ages = [8, 9, 10, 11].map((age) => message(ALICE, 10, { writtenAt: 10 - age }));
  // It is unknown in which part of a second either was.
  assert.deepEqual(ages.map((each) => start.isLaterThan(each)), [false, false, false, true]);
});

pureTest("Start.isLaterThan() does not compare others' clocks with this one", () => {
  const { start, clock } = setUp();
  clock.now = 1000;
  for (const seconds of [-300, 0, 300]) {
    assert.equal(start.isLaterThan(message(ALICE, seconds)), false);
  }
});

pureTest("Start.isLaterThan() judges one's own key in another run by the time it signed", () => {
  const { start, clock } = setUp();
  for (const now of [400, 1000, 299_000]) {
    clock.now = now;
    const times = [-300, -1, 0, 1, 2, 300].map((seconds) => message(BOB, seconds));
    assert.deepEqual(
      times.map((each) => start.isLaterThan(each)),
      [true, true, false, false, false, false],
    );
    // Who has the room's key can put what was signed into a new token.
    assert.equal(start.isLaterThan(message(BOB, now / 1000, { writtenAt: -1 })), true);
  }
});

pureTest("Start.isLaterThan() goes on when this client's clock is set", () => {
  const { start, clock } = setUp();
  clock.now = 5000;
  clock.wall -= 200_000;
  assert.equal(start.isLaterThan(message(BOB, 5 - 200)), false);
  assert.equal(start.isLaterThan(message(BOB, -1 - 200)), true);
});

pureTest("Start.isLaterThan() is false before this client has come", () => {
  const start = new Start({ own: BOB, now: () => TIME * 1000, monotonic: () => 0 });
  assert.equal(start.isLaterThan(message(BOB, -300)), false);
});

pureTest("Start.mayHaveMissed() is for runs that were not seen, once a connection was lost", () => {
  const { start } = setUp();
  const epoch = makeEpoch(TIME * 1000 + 999);
  const times: number[] = [];
  const mayHaveMissed = (isSeen: boolean) =>
    start.mayHaveMissed(epoch, (time) => {
      times.push(time);
      return isSeen;
    });
  assert.equal(mayHaveMissed(false), false);
  start.noteReturn();
  assert.deepEqual([mayHaveMissed(false), mayHaveMissed(true)], [true, false]);
  assert.deepEqual(times, [TIME, TIME]);
});

/** A window of alice's, which begins with number 9. */
function windowOf(epoch = EPOCH) {
  return { id: ALICE.id, epoch, next: 9, missing: [], seenAt: 0 };
}

pureTest(
  "Start.meet() has a run begin behind what was passed over, once a connection was lost",
  () => {
    const { start } = setUp();
    for (const sequence of [3, 5, 4]) start.passOver({ id: ALICE.id, epoch: EPOCH, sequence });
    const before = windowOf();
    assert.deepEqual([start.meet(before, true), before.next], [false, 9]);
    start.noteReturn();
    const [after, lone, other] = [windowOf(), windowOf(), windowOf("AZ-8VkwAAAI")];
    assert.deepEqual([start.meet(after, true), after.next], [true, 6]);
    // The next message of that run has no window to go on with.
    assert.deepEqual([start.meet(lone, false), lone.next], [false, 9]);
    assert.deepEqual([start.meet(other, true), other.next], [false, 9]);
  },
);

pureTest("Start.passOver() keeps a number of runs", () => {
  const { start } = setUp();
  start.noteReturn();
  for (let i = 0; i <= MAX_PASSED_RUNS; i++) {
    start.passOver({ id: ALICE.id, epoch: `${i}`, sequence: 0 });
  }
  const known = [0, 1, MAX_PASSED_RUNS].map((i) => start.meet(windowOf(`${i}`), true));
  assert.deepEqual(known, [false, true, true]);
});

pureTest(
  "Start.hides() is for runs that were not heard of before, where the past is hidden",
  () => {
    const clocks = { own: BOB, now: () => 0, monotonic: () => 0 };
    for (const hidesPast of [true, false]) {
      const start = new Start({ ...clocks, hidesPast });
      const met = windowOf();
      start.meet(met, true);
      assert.deepEqual([start.hides(met, 0), start.hides(windowOf(), 0)], [hidesPast, false]);
      // A clock that is wrong has dated it: it need not be of the past.
      for (const time of [-MAX_AGE_SECONDS - 1, MAX_AGE_SECONDS + 1]) {
        assert.equal(start.hides(met, time), false);
      }
    }
  },
);

pureTest("Start.isOff() allows clocks to differ somewhat", () => {
  const { start, clock } = setUp();
  clock.now = 0;
  const times = [MAX_AGE_SECONDS, MAX_AGE_SECONDS + 1].flatMap((off) => [TIME - off, TIME + off]);
  assert.deepEqual(times.map((time) => start.isOff(time)), [false, false, true, true]);
});
