import assert from "node:assert/strict";
import { GAP_PATIENCE_MS, MAX_AGE_SECONDS, SETTLING_PATIENCE_MS } from "../../lib/client/limits.ts";
import type { Opened } from "../../lib/client/reader.ts";
import { makeEpoch } from "../../lib/protocol/epoch.ts";
import { windowKey } from "../../lib/protocol/sequence_window.ts";
import {
  MAX_CROWD_WINDOWS,
  MAX_WINDOWS,
  MAX_WINDOWS_OF_ONE_KEY,
  NEW_RUN_RATE,
} from "../../lib/storage/limits.ts";
import { ALICE, BOB, EPOCH, EVE, OTHER_EPOCH, TIME } from "../support/fixed_members.ts";
import type { SeenRecords } from "../../lib/storage/seen_format.ts";
import { brief, OWN, plain, READY, setUpInbox, signed } from "../support/inbox.ts";
import { pureTest } from "../support/pure.ts";

function numbered(...sequences: number[]) {
  return sequences.map((sequence) => signed({ sequence, text: String(sequence) }));
}

pureTest("Inbox.take() shows a message, and pins its sender", async () => {
  const { take, pins, roster } = await setUpInbox();
  assert.deepEqual(take("live", signed()), [{
    kind: "message",
    form: "chat",
    id: ALICE.id,
    nickname: "alice",
    text: "hello",
    trust: "verified",
    age: "live",
    time: TIME,
    mark: `${ALICE.id} AZ-8VkwAAAE 0`,
    isLate: false,
  }]);
  assert.equal(pins.peek("alice"), ALICE.id);
  assert.deepEqual(roster.list().map(({ nickname }) => nickname), ["alice"]);
});

pureTest("Inbox.take() shows a message once, however often it comes", async () => {
  const { take } = await setUpInbox();
  assert.deepEqual(brief(take("live", ...numbered(0, 0, 1, 0, 1, 2))), [
    "live: 0",
    "live: 1",
    "live: 2",
  ]);
  assert.deepEqual(take("catch-up", ...numbered(0, 1, 2)), []);
});

pureTest("Inbox.take() shows nothing again that an earlier run has seen", async () => {
  const window = { id: ALICE.id, epoch: EPOCH, next: 5, missing: [[2, 2]] as [number, number][] };
  const windows = new Map([[windowKey(ALICE.id, EPOCH), { ...window, seenAt: TIME }]]);
  const { take } = await setUpInbox({ windows });
  assert.deepEqual(brief(take("live", ...numbered(0, 4, 2, 5))), ["live late: 2", "live: 5"]);
});

pureTest("Inbox.take() counts each sender and each run of a client by itself", async () => {
  const { take } = await setUpInbox();
  const others = [
    signed({ epoch: OTHER_EPOCH, sequence: 7, text: "other run" }),
    signed({ id: EVE.id, nickname: "eve", sequence: 9, text: "other sender" }),
  ];
  take("live", ...numbered(0));
  assert.deepEqual(brief(take("live", ...others, ...numbered(1))), [
    "live: other run",
    "live: other sender",
    "live: 1",
  ]);
});

pureTest(
  "Inbox.take() ignores this client's own messages, not those of its other runs",
  async () => {
    const { take, seen } = await setUpInbox();
    const own = signed({ ...OWN, nickname: "bob" });
    for (const phase of ["history", "catch-up", "live"] as const) {
      assert.deepEqual(
        take(phase, own),
        [],
      );
    }
    assert.equal(seen.size, 0);
    assert.deepEqual(brief(take("live", signed({ id: BOB.id, nickname: "bob" }))), ["live: hello"]);
  },
);

pureTest("Inbox.take() lets kinds that it does not know take their numbers silently", async () => {
  const { take, clock, inbox } = await setUpInbox();
  const unknown = signed({ kind: "later", sequence: 1, text: "?" });
  assert.deepEqual(brief(take("live", ...numbered(0), unknown, ...numbered(2))), [
    "live: 0",
    "live: 2",
  ]);
  clock.now = 100_000;
  assert.deepEqual(inbox.tick(READY), { events: [], asks: [] });
});

pureTest("Inbox.take() holds messages back for one that is missing, and mends", async () => {
  const { take } = await setUpInbox();
  take("live", ...numbered(0));
  assert.deepEqual(take("live", ...numbered(2, 3)), []);
  assert.deepEqual(brief(take("live", ...numbered(1))), [
    "mended alice verified 1",
    "live: 1",
    "live: 2",
    "live: 3",
  ]);
});

pureTest("Inbox.tick() asks, then tells what is missing and shows what waited", async () => {
  const { take, inbox, clock } = await setUpInbox();
  take("live", ...numbered(0));
  take("live", ...numbered(2, 5));
  const { events, asks } = inbox.tick(READY);
  assert.deepEqual(events, []);
  assert.deepEqual(asks.map(({ range, window: { id } }) => [id, range]), [[ALICE.id, [1, 1]]]);
  clock.now = GAP_PATIENCE_MS;
  assert.deepEqual(brief(inbox.tick(READY).events), [
    "missing alice verified 1",
    "missing alice verified 2",
    "live: 2",
    "live: 5",
  ]);
  assert.deepEqual(inbox.tick(READY).events, []);
  assert.deepEqual(brief(take("live", ...numbered(1, 6))), ["live late: 1", "live: 6"]);
});

pureTest("Inbox.tick() and take() tell of an impostor's gaps as of an impostor's", async () => {
  const { take, inbox, clock, pins } = await setUpInbox();
  pins.judge("alice", ALICE.id);
  const eves = (sequence: number) => signed({ id: EVE.id, sequence });
  take("live", eves(0), eves(2));
  const [mended] = take("live", eves(1));
  const eve = { id: EVE.id, nickname: "alice", trust: "changed" };
  assert.deepEqual(mended, { kind: "mended", ...eve, count: 1 });
  take("live", eves(5));
  clock.now = GAP_PATIENCE_MS;
  assert.deepEqual(inbox.tick(READY).events[0], { kind: "missing", ...eve, count: 2 });
});

pureTest("Inbox.take() shows private messages to their recipient alone", async () => {
  const { take, inbox, clock } = await setUpInbox();
  const dm = { kind: "dm", recipient: BOB.id } as const;
  const shown = take(
    "live",
    signed({ ...dm, sequence: 0, isForMe: true, text: "psst" }),
    signed({ ...dm, sequence: 1, text: "gAAAAA", recipient: EVE.id }),
    signed({ ...dm, sequence: 2, isForMe: true, text: undefined }),
    signed({ kind: "act", sequence: 3, text: "waves" }),
  );
  assert.deepEqual(brief(shown), [
    "live private: psst",
    "rejected malformed 1",
    "live action: waves",
  ]);
  clock.now = 100_000;
  assert.deepEqual(inbox.tick(READY).events, []);
});

pureTest("Inbox.take() counts what it rejects, by reason", async () => {
  const { take, inbox } = await setUpInbox();
  const reasons = ["forged", "replayed", "forged", "unreadable", "malformed"] as const;
  const rejected = reasons.map((reason) => ({ kind: "rejected", reason }) as const);
  assert.deepEqual(brief(take("live", ...rejected)), [
    "rejected forged 1",
    "rejected replayed 1",
    "rejected forged 2",
    "rejected unreadable 1",
    "rejected malformed 1",
  ]);
  assert.deepEqual(Object.fromEntries(inbox.rejected), {
    ...{ forged: 2, replayed: 1, unreadable: 1, malformed: 1 },
  });
  assert.deepEqual(brief(take("live", signed({ text: undefined }))), ["rejected malformed 2"]);
});

pureTest("Inbox.take() warns once of another key under a known name", async () => {
  const { take, roster } = await setUpInbox();
  take("live", signed());
  const eve = (sequence: number, nickname = "alice") =>
    signed({ id: EVE.id, nickname, sequence, text: String(sequence) });
  assert.deepEqual(brief(take("live", eve(0), eve(1), eve(2, "ALICE"))), [
    "impostor alice",
    "live changed: 0",
    "live changed: 1",
    "impostor ALICE",
    "live changed: 2",
  ]);
  assert.deepEqual(brief(take("live", eve(3, "eve"))), ["live: 3"]);
  assert.equal(roster.size, 2);
});

pureTest(
  "Inbox.take() keeps a bounded number of windows of one key, and what they forget is old",
  async () => {
    const { take, seen, clock } = await setUpInbox();
    take("live", signed({ id: EVE.id, nickname: "eve", sequence: 3, text: "eve" }), ...numbered(0));
    const epoch = (i: number) => `${String(i).padStart(10, "A")}A`;
    for (let i = 1; i <= MAX_WINDOWS_OF_ONE_KEY; i++) {
      clock.now = i * 1000;
      const run = signed({ epoch: epoch(i), time: TIME + i });
      assert.deepEqual(brief(take("live", run)), ["live: hello"]);
    }
    assert.deepEqual([seen.size, seen.floor], [MAX_WINDOWS_OF_ONE_KEY + 1, 0]);
    assert.equal(seen.find(ALICE.id, EPOCH), undefined);
    assert.deepEqual(brief(take("live", ...numbered(0))), ["old: 0"], "it may be a replay");
    // It is known what others wrote, and what they write in another run is new.
    const other = { id: EVE.id, nickname: "eve", text: "eve" };
    assert.deepEqual(brief(take("live", signed({ ...other, sequence: 3 }))), []);
    assert.deepEqual(brief(take("live", signed({ ...other, epoch: epoch(1) }))), ["live: eve"]);
  },
);

pureTest("Inbox.take() shows as old what one key writes in too many new runs", async () => {
  const { take, clock } = await setUpInbox();
  const epoch = (i: number) => `${String(i).padStart(10, "A")}A`;
  const run = (i: number, time = TIME) => brief(take("live", signed({ epoch: epoch(i), time })));
  // The first one makes the author known.
  for (let i = 0; i <= NEW_RUN_RATE.burst; i++) assert.deepEqual(run(i), ["live: hello"]);
  assert.deepEqual(run(99), ["old: hello"]);
  clock.now = 1000;
  for (let i = 100; i < 100 + NEW_RUN_RATE.perSecond; i++) {
    assert.deepEqual(run(i, TIME + 1), ["live: hello"]);
  }
  assert.deepEqual(run(200, TIME + 1), ["old: hello"]);
  // What was shown as old then is not new later.
  clock.now = 2000;
  assert.deepEqual(run(200, TIME + 1), ["old: hello"]);
});

pureTest("Inbox.take() shows newcomers as new though very many are here", async () => {
  const { take, seen, clock } = await setUpInbox();
  const one = (i: number, time = TIME) => {
    const id = `${String(i).padStart(42, "A")}A`;
    return brief(take("live", signed({ id, nickname: `n${i}`, time })));
  };
  for (let i = 0; i < MAX_WINDOWS; i++) one(i, TIME + MAX_AGE_SECONDS);
  assert.deepEqual([one(MAX_WINDOWS), seen.size], [["live: hello"], MAX_WINDOWS]);
  assert.deepEqual(one(MAX_WINDOWS), []);
  // What is dated ahead would be new again once it is forgotten.
  assert.deepEqual(one(MAX_WINDOWS + 1, TIME + 1), ["old: hello"]);
  clock.now = 5000;
  for (let i = 0; i <= MAX_CROWD_WINDOWS + 1; i++) one(10_000 + i, TIME + 5);
  assert.deepEqual(one(MAX_WINDOWS), ["old: hello"]);
  assert.deepEqual([one(20_000, TIME + 6), one(20_001, TIME + 5)], [["old: hello"], [
    "old: hello",
  ]]);
  clock.now = 6000;
  assert.deepEqual(one(20_002, TIME + 6), ["live: hello"]);
  assert.equal(seen.floor, 0);
});

pureTest("Inbox.take() waits for no presence that it missed", async () => {
  const { inbox, take, clock } = await setUpInbox();
  take("live", signed({ sequence: 0, text: "a" }));
  const after = signed({ sequence: 3, fleetingBefore: 2, text: "b" });
  assert.deepEqual(brief(take("catch-up", after)), ["live: b"]);
  const lost = signed({ sequence: 6, fleetingBefore: 1, text: "c" });
  assert.deepEqual(take("live", lost), []);
  assert.deepEqual(inbox.tick(READY).asks.map(({ range }) => range), [[4, 4]]);
  clock.now += GAP_PATIENCE_MS;
  assert.deepEqual(brief(inbox.tick(READY).events), ["missing alice verified 1", "live: c"]);
  // More than there are messages before it.
  assert.deepEqual(brief(take("live", signed({ sequence: 9, fleetingBefore: 99 }))), [
    "live: hello",
  ]);
});

pureTest(
  "Inbox.take() tells to whom one's own private message went, and believes only oneself",
  async () => {
    const { take } = await setUpInbox();
    const dm = { kind: "dm", isForMe: true, text: "psst", copyOf: EVE.id } as const;
    const [own] = take("live", signed({ ...dm, ...OWN, nickname: "bob", epoch: "AZ-8VkwAAAI" }));
    assert.ok(own?.kind === "message");
    assert.deepEqual([own.id, own.form, own.recipientId], [OWN.id, "private", EVE.id]);
    const [other] = take("live", signed(dm));
    assert.ok(other?.kind === "message" && other.recipientId === undefined);
  },
);

pureTest(
  "Inbox.take() tells under the key of which day another member wrote who is known",
  async () => {
    const { take, days } = await setUpInbox();
    const under = (day: number) => ({ generation: { number: 1, mark: new Uint8Array(32) }, day });
    // The first message pins the name.
    take("live", { ...signed({ sequence: 0 }), under: under(1) });
    assert.deepEqual(days, []);
    take("live", { ...signed({ sequence: 1 }), under: under(2) });
    take("catch-up", { ...signed({ sequence: 2 }), under: under(3) });
    assert.deepEqual(days, [2, 3]);
    // Another key, an unknown name, one's own other client, and a simple client tell nothing.
    take("live", { ...signed({ id: EVE.id }), under: under(4) });
    take("live", { ...signed({ id: EVE.id, nickname: "eve" }), under: under(5) });
    take("live", { ...signed({ ...OWN, nickname: "bob", epoch: "AZ-8VkwAAAI" }), under: under(6) });
    take("live", { ...plain("<alice> hi"), under: under(7) } as Opened);
    take("live", signed({ sequence: 3 }));
    assert.deepEqual(days, [2, 3]);
  },
);

/** What happens to an inbox after a reconnect; alice's run, of an epoch 1 s after `TIME`, is new. */
async function setUpReturn({ hidesPast = false, before = {} as Partial<SeenRecords> } = {}) {
  const around = await setUpInbox(before, { hidesPast });
  const { inbox, clock } = around;
  inbox.tick(READY);
  inbox.noteLive();
  clock.now = 10_000;
  inbox.noteReturn();
  const epoch = makeEpoch((TIME + 1) * 1000);
  const messages = (...sequences: number[]) =>
    sequences.map((sequence) => {
      const time = TIME + 10;
      return signed({ epoch, sequence, text: String(sequence), time, issuedAt: time });
    });
  return { ...around, epoch, messages };
}

pureTest(
  "Inbox.take() asks after a reconnect for what a run wrote before it was heard of",
  async () => {
    const { take, inbox, messages } = await setUpReturn();
    assert.deepEqual(take("catch-up", ...messages(3, 4)), []);
    assert.deepEqual(inbox.tick(READY).asks.map(({ range }) => range), [[0, 2]]);
    const shown = brief(take("live", ...messages(0, 1, 2, 5)));
    const texts = shown.filter((line) => line !== "mended alice verified 2");
    assert.deepEqual(texts, [0, 1, 2, 3, 4, 5].map((text) => `live: ${text}`));
  },
);

pureTest("Inbox.take() asks for nothing that was written before this client came", async () => {
  const { take, inbox, epoch, messages } = await setUpReturn();
  assert.deepEqual(take("live", ...messages(3)), []);
  const before = signed({ epoch, sequence: 1, time: TIME - 60, issuedAt: TIME + 10 });
  assert.deepEqual(brief(take("live", before, ...messages(2))), ["live: 2", "live: 3"]);
  assert.deepEqual(inbox.tick(READY), { events: [], asks: [] });
});

pureTest(
  "Inbox.take() shows at once what comes next in a run that was passed over before",
  async () => {
    const { take, inbox, epoch, messages } = await setUpReturn({ hidesPast: true });
    inbox.passOver(signed({ epoch, sequence: 3 }));
    assert.deepEqual(brief(take("catch-up", ...messages(4))), ["live: 4"]);
    // What is sent again of that past is none of the user's.
    assert.deepEqual(take("live", ...messages(3, 2)), []);
    assert.deepEqual(take("live", ...messages(6)), []);
    assert.deepEqual(inbox.tick(READY).asks.map(({ range }) => range), [[5, 5]]);
  },
);

pureTest("Inbox.passOver() counts nothing as seen", async () => {
  const { inbox, seen } = await setUpInbox();
  inbox.passOver(signed({ sequence: 3 }));
  assert.equal(seen.find(ALICE.id, EPOCH), undefined);
  assert.equal(seen.newestTime, 0);
});

pureTest("Inbox.take() hides what is sent again of the time before this client came", async () => {
  const { take, inbox, epoch, messages } = await setUpReturn({ hidesPast: true });
  const before = (sequence: number) =>
    signed({ epoch, sequence, time: TIME - 60, issuedAt: TIME + 10 });
  assert.deepEqual(take("live", before(2), before(3)), []);
  assert.deepEqual(brief(take("live", ...messages(4))), ["live: 4"]);
  assert.deepEqual(inbox.tick(READY), { events: [], asks: [] });
});

pureTest("Inbox.take() shows what an earlier run of this client waits for", async () => {
  const epoch = makeEpoch((TIME - 100) * 1000);
  const window = { id: ALICE.id, epoch, next: 2, missing: [], seenAt: TIME - 90 };
  const windows = new Map([[windowKey(ALICE.id, epoch), window]]);
  const { take } = await setUpReturn({ hidesPast: true, before: { windows } });
  const missed = signed({ epoch, sequence: 2, time: TIME - 60, issuedAt: TIME + 10 });
  assert.deepEqual(brief(take("live", missed)), ["old: hello"]);
});

pureTest("Inbox.tick() shows what came of a run whose beginning nobody knows", async () => {
  const { take, inbox, clock, seen, epoch, messages } = await setUpReturn();
  take("live", ...messages(3, 5));
  clock.now += SETTLING_PATIENCE_MS;
  assert.deepEqual(brief(inbox.tick(READY).events), ["live: 3"]);
  assert.equal(seen.find(ALICE.id, epoch)?.next, 4);
  assert.deepEqual(brief(take("live", ...messages(4))), [
    "mended alice verified 1",
    "live: 4",
    "live: 5",
  ]);
});

pureTest(
  "Inbox.take() takes the first message that it hears of for the first otherwise",
  async () => {
    const first = await setUpInbox();
    assert.deepEqual(brief(first.take("live", ...numbered(3))), ["live: 3"], "no reconnect");
    const { take, messages, seen, epoch } = await setUpReturn();
    assert.equal(brief(take("live", signed({ sequence: 3, fleetingBefore: 3 }))).length, 1);
    seen.floor = TIME + 1;
    assert.deepEqual(brief(take("live", ...messages(3))), ["live: 3"], "it may have been seen");
    assert.equal(seen.find(ALICE.id, epoch)?.next, 4);
  },
);
