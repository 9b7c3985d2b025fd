import assert from "node:assert/strict";
import { GAP_PATIENCE_MS, MAX_AGE_SECONDS, MAX_SHOWN_HISTORY } from "../../lib/client/limits.ts";
import { parseSeen } from "../../lib/storage/seen_format.ts";
import { ALICE, EPOCH, EVE, TIME } from "../support/fixed_members.ts";
import { brief, plain, READY, setUpInbox, signed } from "../support/inbox.ts";
import { pureTest } from "../support/pure.ts";

function numbered(...sequences: number[]) {
  return sequences.map((sequence) => signed({ sequence, text: String(sequence) }));
}

pureTest("Inbox.take() shows what is more than 300 s off, either way, as old", async () => {
  const cases: [number, string][] = [
    [0, "live: hello"],
    [MAX_AGE_SECONDS, "live: hello"],
    [-MAX_AGE_SECONDS, "live: hello"],
    [MAX_AGE_SECONDS + 1, "old: hello"],
    [-MAX_AGE_SECONDS - 1, "old: hello"],
    [Number.MAX_SAFE_INTEGER - TIME, "old: hello"],
    [-TIME, "old: hello"],
  ];
  for (const [offset, expected] of cases) {
    for (const phase of ["live", "catch-up"] as const) {
      const { take, pins, roster } = await setUpInbox();
      assert.deepEqual(brief(take(phase, signed({ time: TIME + offset }))), [expected]);
      const isLive = expected.startsWith("live");
      assert.equal(pins.peek("alice"), isLive ? ALICE.id : undefined, "what is old pins nothing");
      assert.equal(roster.size, isLive ? 1 : 0);
    }
  }
});

pureTest("Inbox.take() judges a signed message by its own time, not by its token's", async () => {
  const { take, seen } = await setUpInbox();
  assert.deepEqual(brief(take("live", signed({ issuedAt: TIME - 5000 }))), ["live: hello"]);
  assert.equal(seen.newestTime, 0);
});

pureTest("Inbox.take() shows history as old, and without effects", async () => {
  const { take, pins, roster, told } = await setUpInbox();
  const events = take(
    "history",
    signed({ kind: "join", cid: 7, sequence: 0, text: undefined }),
    ...numbered(1, 2),
    signed({ kind: "leave", sequence: 3, text: undefined }),
  );
  assert.deepEqual(brief(events), ["old: 1", "old: 2"]);
  assert.deepEqual([roster.size, pins.peek("alice"), told], [0, undefined, []]);
});

pureTest("Inbox.take() goes on after history without a gap, and shows nothing twice", async () => {
  const { take, inbox, clock } = await setUpInbox();
  take("history", ...numbered(3, 4));
  assert.deepEqual(take("history", ...numbered(3, 4)), []);
  assert.deepEqual(brief(take("live", ...numbered(4, 3, 5))), ["live: 5"]);
  clock.now = 100_000;
  assert.deepEqual(inbox.tick(READY).events, []);
});

pureTest("Inbox.take() does not wait for what history lacks, and takes it late", async () => {
  const { take, inbox, clock } = await setUpInbox();
  assert.deepEqual(brief(take("history", ...numbered(0, 5, 6))), ["old: 0", "old: 5", "old: 6"]);
  clock.now = GAP_PATIENCE_MS;
  assert.deepEqual(inbox.tick(READY), { events: [], asks: [] });
  assert.deepEqual(brief(take("live", ...numbered(3, 7))), ["live late: 3", "live: 7"]);
});

pureTest("Inbox.take() shows history that an earlier run has seen, once", async () => {
  const first = await setUpInbox();
  first.take("live", ...numbered(0, 1));
  const { take } = await setUpInbox(parseSeen(first.seen.format()));
  assert.deepEqual(brief(take("history", ...numbered(0, 1, 0, 1))), ["old: 0", "old: 1"]);
  assert.deepEqual(brief(take("live", ...numbered(0, 1, 2))), ["live: 2"]);
});

pureTest("Inbox.take() remembers a bounded history", async () => {
  const { take } = await setUpInbox();
  const numbers = Array.from({ length: MAX_SHOWN_HISTORY + 5 }, (_, i) => i);
  assert.equal(take("history", ...numbered(...numbers)).length, numbers.length);
  assert.equal(take("history", ...numbered(...numbers)).length, 5);
  assert.deepEqual(take("live", ...numbered(...numbers)), []);
});

pureTest(
  "Inbox.take() shows what is caught up with as new, without saying it was mended",
  async () => {
    const { take, roster } = await setUpInbox();
    take("live", ...numbered(0));
    assert.deepEqual(brief(take("catch-up", ...numbered(2, 1, 1))), ["live: 1", "live: 2"]);
    take("catch-up", signed({ kind: "here", sequence: 3, cid: 9, agreementKey: EVE.id }));
    const [entry] = roster.list();
    // That connection may be gone by now.
    assert.deepEqual([entry!.cid, entry!.agreementKey], [undefined, EVE.id]);
  },
);

pureTest("Inbox.take() marks another key in history, and pins neither", async () => {
  const { take, pins } = await setUpInbox();
  pins.judge("alice", ALICE.id);
  const events = take("history", signed({ id: EVE.id }), signed({ nickname: "carol" }));
  assert.deepEqual(brief(events), ["impostor alice", "old changed: hello", "old: hello"]);
  assert.deepEqual([pins.peek("alice"), pins.peek("carol")], [ALICE.id, undefined]);
});

pureTest("Inbox.take() shows plain text as new if no earlier run can have seen it", async () => {
  const { take, seen, floor } = await setUpInbox({ newestTime: TIME - 10 });
  const ages = () =>
    [-11, -10, -9, 0, 300, 301, -301].map((offset) => {
      return brief(take("live", plain("x", TIME + offset)))[0]!.split(" ")[0];
    });
  assert.deepEqual(ages(), ["old", "old", "live", "live", "live", "old", "old"]);
  // What this run has seen is known by its MACs.
  assert.equal(seen.newestTime, TIME + 300);
  assert.deepEqual(ages(), ["old", "old", "live", "live", "live", "old", "old"]);
  floor.plain = TIME - 9;
  assert.deepEqual(ages(), ["old", "old", "old", "live", "live", "old", "old"]);
  seen.floor = TIME;
  assert.deepEqual(ages(), ["old", "old", "old", "old", "live", "old", "old"]);
});

pureTest("Inbox.take() shows plain text as unverified, with its token's time", async () => {
  const { take, roster } = await setUpInbox();
  assert.deepEqual(take("live", plain("<py> hi", TIME + 3)), [{
    kind: "message",
    form: "chat",
    id: undefined,
    nickname: undefined,
    text: "<py> hi",
    trust: "unverified",
    age: "live",
    time: TIME + 3,
    isLate: false,
  }]);
  assert.deepEqual(brief(take("history", plain("x"))), ["old unverified: x"]);
  assert.deepEqual(brief(take("catch-up", plain("x"))), ["live unverified: x"]);
  assert.equal(roster.size, 0);
});

pureTest(
  "Inbox.take() takes the newest time of signed and plain tokens that are not off",
  async () => {
    const { take, seen } = await setUpInbox();
    const times = [plain("x", TIME - 5), signed({ issuedAt: TIME - 3, epoch: EPOCH })];
    take("live", ...times, plain("x", TIME + 301), signed({ issuedAt: TIME + 5000, sequence: 1 }));
    assert.equal(seen.newestTime, TIME - 3);
    take("history", plain("x", TIME - 1));
    assert.equal(seen.newestTime, TIME - 1);
  },
);

pureTest("Inbox.take() shows what was written before this client was live as old", async () => {
  const { inbox, take, clock, roster, pins } = await setUpInbox();
  take("history", signed({ sequence: 0, text: "known" }));
  clock.now = 100_000;
  inbox.noteLive();
  clock.now = 130_000;
  const at = (sequence: number, written: number, sent: number) => {
    return signed({ sequence, text: `${sequence}`, time: TIME + written, issuedAt: TIME + sent });
  };
  // Bob writes 5 while this client is here, and then sends again what it asks for.
  assert.deepEqual(take("live", at(5, 130, 130)), []);
  const events = [at(1, 40, 131), at(2, 96, 131), at(3, 99, 131), at(4, 100, 131)];
  const shown = events.flatMap((each) => brief(take("live", each)));
  assert.deepEqual(shown, [
    "old: 1",
    "old: 2",
    "old: 3",
    "mended alice verified 4",
    "live: 4",
    "live: 5",
  ]);
  assert.ok(pins.peek("alice") && roster.size === 1);
});

pureTest("Inbox.take() takes no slow clock for the past", async () => {
  // Its author's clock is 200 s behind: message and token say so alike.
  const { inbox, take, clock } = await setUpInbox();
  inbox.noteLive();
  clock.now = 1000;
  assert.deepEqual(brief(take("live", signed({ time: TIME - 200, issuedAt: TIME - 200 }))), [
    "live: hello",
  ]);
  // What this client missed while it was not connected is not of before it came.
  clock.now = 500_000;
  const missed = signed({ sequence: 1, time: TIME + 400, issuedAt: TIME + 400 });
  assert.deepEqual(brief(take("catch-up", missed)), ["live: hello"]);
});
