import assert from "node:assert/strict";
import { Author } from "../../lib/client/author.ts";
import {
  BEHIND_MS,
  CLIENT_DEAD_MS,
  CLIENT_PING_MS,
  GAP_PATIENCE_MS,
  HANDSHAKE_TIMEOUT_MS,
  MAX_CLOCK_DIFFERENCE_SECONDS,
  MAX_HEARTBEAT_MS,
  MAX_IDLE_HEARTBEAT_MS,
  ROSTER_TTL_MS,
  SETTLING_MS,
} from "../../lib/client/limits.ts";
import { Outbox } from "../../lib/client/outbox.ts";
import { Presence } from "../../lib/client/presence.ts";
import { SessionClock } from "../../lib/client/session_clock.ts";
import { parseEnvelope } from "../../lib/protocol/envelope.ts";
import { BOB, EVE, ROOM, TIME } from "../support/fixed_members.ts";
import { brief, setUpInbox, signed } from "../support/inbox.ts";
import { pureTest } from "../support/pure.ts";

/** Bob's session clock, and the kinds of message that it has written. */
async function setUp(isPlain = false, ahead = () => 0) {
  const around = await setUpInbox();
  const { inbox, roster, clock } = around;
  clock.now = 1000;
  const monotonic = () => clock.now;
  const now = () => TIME * 1000 + clock.now + ahead();
  const outbox = new Outbox();
  const { privateKey } = BOB.signing;
  const voice = { id: BOB.id, privateKey, roomId: ROOM.roomId, nickname: "bob", isPlain };
  const author = new Author({ ...voice, outbox, now, monotonic });
  const presence = new Presence({
    ...{
      agreementKey: () => BOB.id,
      random: () => 0.5,
      quietMs: isPlain ? Infinity : 0,
      monotonic,
    },
  });
  presence.introduce("join", 7);
  const delivery = { silentMs: 0, lagMs: 0 };
  const parts = { inbox, roster, author, presence, delivery, now, monotonic };
  const timing = new SessionClock(parts);
  const written = async () => {
    // Behind what is being written.
    await author.write([]);
    return outbox.nextToSend(100, clock.now).map(({ plaintext }) => {
      const envelope = parseEnvelope(plaintext);
      return envelope.kind === "signed" ? envelope.header.kind : envelope.kind;
    });
  };
  return { ...around, parts, timing, author, written, delivery };
}

pureTest(
  "SessionClock.followUp() asks for what is missing, and gives it up in the end",
  async () => {
    const { timing, written, take, clock } = await setUp();
    take("live", signed({ sequence: 0 }), signed({ sequence: 2, text: "2" }));
    assert.deepEqual(timing.followUp(7).events, []);
    assert.deepEqual(await written(), ["again"]);
    clock.now += GAP_PATIENCE_MS;
    assert.deepEqual(brief(timing.followUp(7).events), ["missing alice verified 1", "live: 2"]);
  },
);

pureTest("SessionClock.followUp() says here when it is time", async () => {
  const { timing, written, author, clock } = await setUp();
  await timing.followUp(7).written;
  assert.deepEqual(await written(), []);
  clock.now += MAX_IDLE_HEARTBEAT_MS;
  await timing.followUp(7).written;
  assert.deepEqual(await written(), ["here"]);
  await author.write([{ kind: "chat", text: "last" }]);
  assert.deepEqual(await written(), ["chat"]);
  clock.now += MAX_HEARTBEAT_MS;
  await timing.followUp(7).written;
  assert.deepEqual(await written(), ["here"]);
});

pureTest(
  "SessionClock.followUp() says nothing while not connected, or in a plain room",
  async () => {
    for (const isPlain of [false, true]) {
      const { timing, written, take, clock } = await setUp(isPlain);
      take("live", signed({ sequence: 0 }), signed({ sequence: 2 }));
      clock.now += MAX_IDLE_HEARTBEAT_MS;
      await timing.followUp(isPlain ? 7 : undefined).written;
      assert.deepEqual(await written(), []);
    }
  },
);

pureTest("SessionClock.followUp() tells who was not heard of for too long", async () => {
  const { timing, take, clock, roster } = await setUp();
  take("live", signed({ kind: "join", text: undefined }));
  clock.now += ROSTER_TTL_MS;
  assert.deepEqual(timing.followUp(undefined).events, []);
  clock.now += 1;
  assert.deepEqual(brief(timing.followUp(undefined).events), ["lost alice verified"]);
  assert.equal(roster.size, 0);
  take("live", signed({ id: EVE.id, kind: "join", text: undefined }));
  clock.now += ROSTER_TTL_MS + 1;
  assert.deepEqual(brief(timing.followUp(undefined).events), ["lost alice changed"]);
});

pureTest("SessionClock.isSettling is true for 15 s after a return", async () => {
  const { timing, clock } = await setUp();
  assert.equal(timing.isSettling, false);
  timing.returned();
  clock.now += SETTLING_MS - 1;
  assert.equal(timing.isSettling, true);
  clock.now += 1;
  assert.equal(timing.isSettling, false);
});

pureTest("SessionClock.followUp() gives nothing up while it is not connected", async () => {
  const { timing, take, clock, written } = await setUp();
  timing.followUp(7);
  take("live", signed({ sequence: 0 }), signed({ sequence: 2, text: "2" }));
  timing.followUp(undefined);
  clock.now += 10 * GAP_PATIENCE_MS;
  assert.deepEqual(timing.followUp(undefined).events, []);
  assert.deepEqual(timing.followUp(8).events, []);
  assert.deepEqual(await written(), ["again"]);
  clock.now += GAP_PATIENCE_MS;
  assert.deepEqual(brief(timing.followUp(8).events), ["missing alice verified 1", "live: 2"]);
});

pureTest("SessionClock.followUp() gives nothing up while its pings are not answered", async () => {
  const { timing, take, clock, delivery } = await setUp();
  timing.followUp(7);
  take("live", signed({ sequence: 0 }), signed({ sequence: 2, text: "2" }));
  delivery.lagMs = BEHIND_MS + 1;
  clock.now += 2 * GAP_PATIENCE_MS;
  assert.deepEqual(timing.followUp(7).events, []);
  delivery.lagMs = BEHIND_MS;
  clock.now += GAP_PATIENCE_MS;
  assert.deepEqual(brief(timing.followUp(7).events), ["missing alice verified 1", "live: 2"]);
});

pureTest("SessionClock.followUp() says so if what is due could not be written", async () => {
  const { timing, author, clock } = await setUp();
  await timing.followUp(7).written;
  clock.now += MAX_IDLE_HEARTBEAT_MS;
  const error = new Error("no more keys");
  author.write = () => Promise.reject(error);
  await assert.rejects(timing.followUp(7).written, error);
});

/** Lets time pass by 100 ms each, and counts how often a ping is due. */
async function countPings(...spans: readonly number[]): Promise<number[]> {
  const { timing, clock } = await setUp();
  timing.hear();
  return spans.map((ms) => {
    let count = 0;
    for (let passed = 0; passed < ms; passed += 100) {
      clock.now += 100;
      if (timing.isPingDue()) count++;
    }
    return count;
  });
}

pureTest("SessionClock.isPingDue() is true once in 30 s of silence", async () => {
  const counts = await countPings(CLIENT_PING_MS - 100, 100, CLIENT_PING_MS - 100, CLIENT_PING_MS);
  assert.deepEqual(counts, [0, 1, 0, 1]);
});

pureTest("SessionClock.isPingDue() counts silence anew once the relay was heard", async () => {
  const { timing, clock } = await setUp();
  timing.hear();
  clock.now += CLIENT_PING_MS;
  assert.equal(timing.isPingDue(), true);
  timing.hear();
  assert.equal(timing.isPingDue(), false);
  clock.now += CLIENT_PING_MS;
  assert.equal(timing.isPingDue(), true);
});

pureTest(
  "SessionClock.isLost() after 90 s of silence, and after 10 s before it is live",
  async () => {
    const { timing, clock } = await setUp();
    for (
      const [phase, ms] of [
        ["live", CLIENT_DEAD_MS],
        ["history", HANDSHAKE_TIMEOUT_MS],
        ["catch-up", HANDSHAKE_TIMEOUT_MS],
      ] as const
    ) {
      timing.begin();
      clock.now += ms;
      assert.equal(timing.isLost(phase), false, phase);
      clock.now += 1;
      assert.equal(timing.isLost(phase), true, phase);
      timing.pause();
      clock.now += 1e9;
      assert.equal(timing.isLost(phase), false, "silence does not count while it is paused");
    }
  },
);

pureTest("SessionClock.compare() tells of more than two minutes, once", async () => {
  const { timing, clock } = await setUp();
  const own = TIME + clock.now / 1000;
  assert.deepEqual(timing.compare(own + MAX_CLOCK_DIFFERENCE_SECONDS), []);
  assert.deepEqual(timing.compare(own - MAX_CLOCK_DIFFERENCE_SECONDS), []);
  assert.equal(timing.difference, 0);
  const seconds = MAX_CLOCK_DIFFERENCE_SECONDS + 1;
  assert.deepEqual(timing.compare(own - seconds), [{ kind: "clock", seconds }]);
  assert.equal(timing.difference, seconds);
  assert.deepEqual(timing.compare(own - seconds), []);
});

/** What a session clock tells of the clocks at each look, every 10 s. */
async function watchClock(changes: readonly number[]): Promise<number[][]> {
  const wall = { ahead: 0 };
  const { timing, clock } = await setUp(false, () => wall.ahead * 1000);
  timing.compare(TIME + clock.now / 1000);
  return changes.map((ahead) => {
    wall.ahead = ahead;
    clock.now += 10_000;
    const { events } = timing.followUp(undefined);
    return events.flatMap((event) => event.kind === "clock" ? [event.seconds] : []);
  });
}

pureTest("SessionClock.followUp() tells of a clock that is set back, each time", async () => {
  const told = await watchClock([0, 0, -119, -3600, -3600, -7200, 0, -3600]);
  assert.deepEqual(told, [[], [], [], [-3600], [], [], [0], [-3600]]);
});

pureTest("SessionClock.followUp() tells of a clock that is set forward after 90 s", async () => {
  const told = await watchClock([0, ...Array<number>(12).fill(3600)]);
  // A machine that slept looks so too: until then it has noticed that its connection is gone.
  assert.deepEqual(told.map((each) => each.length), [0, ...Array<number>(10).fill(0), 1, 0]);
});

pureTest("SessionClock.isLost() after 90 s in which the relay took nothing", async () => {
  const { timing, delivery, clock } = await setUp();
  const gone = "Connection lost: the server is gone";
  for (const silentMs of [0, CLIENT_DEAD_MS]) {
    delivery.silentMs = silentMs;
    timing.hear();
    assert.equal(timing.isLost("live"), false);
    assert.equal(timing.explainLoss().phrase, gone);
  }
  delivery.silentMs++;
  clock.now++;
  timing.hear();
  assert.equal(timing.isLost("live"), true);
  assert.equal(timing.isLost("catch-up"), false);
  assert.notEqual(timing.explainLoss().phrase, gone);
});

pureTest(
  "SessionClock.isLost() when !LIVE has not come for 90 s, whatever else comes",
  async () => {
    const { timing, clock } = await setUp();
    timing.begin();
    clock.now += CLIENT_DEAD_MS;
    timing.hear();
    assert.equal(timing.isLost("history"), false);
    clock.now++;
    timing.hear();
    assert.deepEqual([timing.isLost("catch-up"), timing.isLost("live")], [true, false]);
  },
);

pureTest("SessionClock.followUp() has keys move on, and waits for them", async () => {
  const { parts } = await setUp();
  const moved = Promise.withResolvers<void>();
  let ticks = 0;
  const tick = () => {
    ticks++;
    return moved.promise;
  };
  let isDone = false;
  const { written } = new SessionClock({ ...parts, tick }).followUp(undefined);
  const done = written.then(() => isDone = true);
  await undefined;
  assert.deepEqual([ticks, isDone], [1, false]);
  moved.resolve();
  await done;
  const failing = () => Promise.reject(new Error("no"));
  await assert.rejects(new SessionClock({ ...parts, tick: failing }).followUp(7).written, /no/);
});
