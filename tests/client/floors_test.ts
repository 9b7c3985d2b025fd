import assert from "node:assert/strict";
import { Floors } from "../../lib/client/floors.ts";
import { MAX_AGE_SECONDS } from "../../lib/client/limits.ts";
import { TIME } from "../support/fixed_members.ts";
import { brief, plain, setUpInbox, signed } from "../support/inbox.ts";
import { pureTest } from "../support/pure.ts";

const YEAR_SECONDS = 31_536_000;

/** Floors, and the clocks that they look at. */
function setUp(before: { newestTime?: number; floor?: number }, plainFloor = 0) {
  const seen = { newestTime: 0, floor: 0, ...before };
  const clock: { own: number; relay: number | undefined } = { own: TIME, relay: undefined };
  const floors = new Floors({
    seen,
    plainFloor: () => plainFloor,
    now: () => clock.own * 1000,
    relayTime: () => clock.relay,
  });
  return { floors, seen, clock };
}

pureTest("Floors hold up to the farthest time that is live", () => {
  const newest = TIME + MAX_AGE_SECONDS;
  const uses = [setUp({ newestTime: newest }), setUp({ floor: newest }), setUp({}, newest)];
  for (const { floors } of uses) {
    floors.check();
    assert.deepEqual([newest, newest + 1].map((time) => floors.mayHavePlain(time)), [true, false]);
  }
  const { floors } = setUp({ floor: newest });
  assert.deepEqual([newest, newest + 1].map((time) => floors.mayHaveSigned(time)), [true, false]);
});

pureTest("Floors in the future hold up to the moment at which they are noticed", () => {
  for (const ahead of [MAX_AGE_SECONDS + 1, 7200, YEAR_SECONDS]) {
    const future = TIME + ahead;
    for (const before of [{ newestTime: future }, { floor: future }]) {
      const { floors, clock, seen } = setUp(before);
      floors.check();
      // They do not hold later in this run, either.
      for (const now of [TIME, TIME + 100, future]) {
        clock.own = now;
        assert.deepEqual([TIME, TIME + 1].map((time) => floors.mayHavePlain(time)), [true, false]);
      }
      assert.deepEqual(seen, { newestTime: 0, floor: 0, ...before }, "what is kept stays");
    }
    const { floors } = setUp({ floor: future });
    assert.deepEqual([TIME, TIME + 1].map((time) => floors.mayHaveSigned(time)), [true, false]);
  }
});

pureTest("Floors of later messages hold where one in the future does not", () => {
  const { floors, clock, seen } = setUp({ floor: TIME + YEAR_SECONDS });
  floors.check();
  clock.own = TIME + 100;
  seen.floor = TIME + 50;
  assert.deepEqual([50, 51].map((s) => floors.mayHaveSigned(TIME + s)), [true, false]);
});

pureTest("Floors of one author hold for its messages alone, and not in the future", () => {
  const { floors, clock } = setUp({ floor: TIME - 20 });
  const ages = (own: number) => [-20, -10, 0, 1].map((s) => floors.mayHaveSigned(TIME + s, own));
  assert.deepEqual(ages(0), [true, false, false, false]);
  assert.deepEqual(ages(TIME - 10), [true, true, false, false]);
  clock.own = TIME + 100;
  // What an earlier run kept of a clock that was ahead: all before this run may have been seen.
  assert.deepEqual(ages(TIME + YEAR_SECONDS), [true, true, true, false]);
  const ahead = TIME + 100 + MAX_AGE_SECONDS;
  assert.deepEqual([ahead, ahead + 1].map((time) => floors.mayHaveSigned(time, ahead)), [
    true,
    false,
  ]);
});

pureTest("Floors of this run that lie in the future give way to the present", () => {
  const { floors, clock } = setUp({}, TIME + YEAR_SECONDS);
  assert.deepEqual([TIME, TIME + 1].map((time) => floors.mayHavePlain(time)), [true, false]);
  clock.own += 10;
  assert.equal(floors.mayHavePlain(TIME + 10), true);
});

pureTest("Floors are not undone by a clock that is behind, if the relay's is not", () => {
  const { floors, clock } = setUp({ newestTime: TIME });
  clock.own = 0;
  clock.relay = TIME;
  floors.check();
  assert.deepEqual([TIME, TIME + 1].map((time) => floors.mayHavePlain(time)), [true, false]);
  // A relay that is behind undoes nothing, either.
  const other = setUp({ newestTime: TIME });
  other.clock.relay = 0;
  other.floors.check();
  assert.equal(other.floors.mayHavePlain(TIME), true);
});

pureTest("Inbox.take() shows as new what is written after a clock was a year ahead", async () => {
  const before = { newestTime: TIME + YEAR_SECONDS, floor: TIME + YEAR_SECONDS };
  const { inbox, take, clock } = await setUpInbox(before);
  inbox.noteLive();
  clock.now = 5000;
  const events = take(
    "live",
    plain("before", TIME),
    plain("after", TIME + 5),
    signed({ time: TIME + 5, issuedAt: TIME + 5 }),
  );
  assert.deepEqual(brief(events), [
    "old unverified: before",
    "live unverified: after",
    "live: hello",
  ]);
});
