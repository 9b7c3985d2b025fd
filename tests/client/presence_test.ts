import assert from "node:assert/strict";
import {
  MAX_ANSWER_MS,
  MAX_HEARTBEAT_MS,
  MAX_IDLE_HEARTBEAT_MS,
  MIN_ANSWER_MS,
  MIN_HEARTBEAT_MS,
  MIN_IDLE_HEARTBEAT_MS,
} from "../../lib/client/limits.ts";
import { Presence, type Surroundings } from "../../lib/client/presence.ts";
import { pureTest } from "../support/pure.ts";
import { seeded } from "../support/seeded.ts";

const START = 1000;
const LOOK_MS = 200;
const IDLE: Surroundings = { members: 10, isImpatient: false, wroteAt: -Infinity };
const ANSWER = { agreementKey: "x", silenceSeconds: 600 };

/** A presence that began at `START`, and its clock. */
function setUp(random: () => number, quietMs = 0) {
  const clock = { now: START };
  const monotonic = () => clock.now;
  const presence = new Presence({ agreementKey: () => "x", quietMs, random, monotonic });
  if (quietMs === 0) presence.introduce("join", 7);
  return { clock, presence };
}

/** When it says that it is here, looking every 200 ms. */
function heresOf(
  { clock, presence }: ReturnType<typeof setUp>,
  to: number,
  surroundings: Partial<Surroundings> = {},
): number[] {
  const times: number[] = [];
  for (; clock.now <= to; clock.now += LOOK_MS) {
    for (const _ of presence.due(7, { ...IDLE, ...surroundings })) times.push(clock.now);
  }
  return times;
}

/** Fails unless each of some times comes this long after the one before it. */
function assertIntervals(times: readonly number[], least: number, greatest: number): void {
  for (const [i, time] of times.entries()) {
    const interval = time - (times[i - 1] ?? START);
    assert.ok(interval >= least && interval <= greatest + LOOK_MS, `${interval}`);
  }
}

pureTest("Presence.introduce() says who it is, and nothing if it is silent", () => {
  for (const kind of ["join", "here"] as const) {
    const said = setUp(() => 0).presence.introduce(kind, 7);
    assert.deepEqual(said, [{ kind, ...ANSWER, cid: 7 }]);
    assert.deepEqual(setUp(() => 0, Infinity).presence.introduce(kind, 7), []);
  }
});

pureTest("Presence.endQuiet() lets it introduce itself, and tells whether it was quiet", () => {
  const quiet = setUp(() => 0, 3000);
  assert.deepEqual(quiet.presence.due(7, IDLE), []);
  assert.equal(quiet.presence.endQuiet(), true);
  assert.equal(quiet.presence.endQuiet(), false);
  assert.deepEqual(quiet.presence.due(7, IDLE), [{ kind: "join", ...ANSWER, cid: 7 }]);
  assert.equal(setUp(() => 0).presence.endQuiet(), false);
});

pureTest("Presence.due() says here every 570 to 600 s", () => {
  for (const random of [() => 0, () => 0.999_999, seeded(1)]) {
    const times = heresOf(setUp(random), 10_000_000);
    assert.ok(times.length >= 16 && times.length <= 17, `${times.length}`);
    assertIntervals(times, MIN_IDLE_HEARTBEAT_MS, MAX_IDLE_HEARTBEAT_MS);
  }
});

pureTest("Presence.due() says here every 50 to 55 s beside a client that expects it", () => {
  for (const random of [() => 0, () => 0.999_999, seeded(1)]) {
    const times = heresOf(setUp(random), 1_000_000, { isImpatient: true });
    assert.ok(times.length >= 17 && times.length <= 19);
    assertIntervals(times, MIN_HEARTBEAT_MS, MAX_HEARTBEAT_MS);
  }
});

pureTest("Presence.due() says here within 55 s of the last message, once", () => {
  for (const random of [() => 0, () => 0.999_999, seeded(4)]) {
    const all = setUp(random);
    // While messages come, each shows whether the one before was lost.
    for (let wroteAt = START; wroteAt < 400_000; wroteAt += 40_000) {
      assert.deepEqual(heresOf(all, wroteAt + 39_000, { wroteAt }), []);
    }
    const wroteAt = all.clock.now;
    const [first, ...more] = heresOf(all, wroteAt + 500_000, { wroteAt });
    const interval = first! - wroteAt;
    assert.ok(
      interval >= MIN_HEARTBEAT_MS && interval <= MAX_HEARTBEAT_MS + LOOK_MS,
      `${interval}`,
    );
    assert.deepEqual(more, []);
  }
});

pureTest("ten idle members say here less than 1,600 times in 24 h", () => {
  const random = seeded(5);
  const members = Array.from({ length: 10 }, () => setUp(random));
  const heres = members.flatMap((member) => heresOf(member, 24 * 3_600_000));
  assert.ok(heres.length > 1400 && heres.length < 1600, `${heres.length}`);
});

pureTest(
  "Presence.due() answers 5,000 arrivals in 10 s a few times, and puts its heartbeat off",
  () => {
    const all = setUp(seeded(2));
    const { clock, presence } = all;
    const times: number[] = [];
    for (; clock.now < 45_000; clock.now += LOOK_MS) {
      if (clock.now < START + 10_000) { for (let i = 0; i < 100; i++) presence.noteArrival(); }
      if (presence.due(7, IDLE).length > 0) times.push(clock.now);
    }
    // One answer is for all who came in the half second before it.
    assert.ok(times.length >= 1 && times.length <= 30, `${times.length} answers to 5,000`);
    assert.deepEqual(heresOf(all, times.at(-1)! + MIN_IDLE_HEARTBEAT_MS - 1), []);
  },
);

pureTest("Presence.due() gives one answer to all who came before it", () => {
  const all = setUp(() => 0.5);
  const { clock, presence } = all;
  for (let i = 0; i < 1000; i++) presence.noteArrival();
  assert.deepEqual(presence.due(7, IDLE), []);
  for (let i = 0; i < 1000; i++) presence.noteArrival();
  clock.now += MIN_ANSWER_MS / 2 - 1;
  assert.deepEqual(presence.due(7, IDLE), []);
  clock.now++;
  assert.deepEqual(presence.due(9, IDLE), [{ kind: "here", ...ANSWER, cid: 9 }]);
  const at = clock.now;
  assert.deepEqual(heresOf(all, at + MIN_IDLE_HEARTBEAT_MS - 1), []);
});

pureTest("Presence.due() spreads the answers of 1,000 members", () => {
  const random = seeded(3);
  const times = Array.from({ length: 1000 }, () => {
    const all = setUp(random);
    all.presence.noteArrival();
    const [first, ...more] = heresOf(all, START + 40_000, { members: 1000 });
    assert.deepEqual(more, []);
    return first! - START;
  });
  const perSecond = Map.groupBy(times, (time) => Math.floor(time / 1000));
  assert.ok(Math.max(...times) > 18_000 && Math.max(...times) <= 20_200);
  for (const [second, answers] of perSecond) {
    assert.ok(answers.length < 100, `${answers.length} answers in second ${second}`);
  }
});

pureTest("Presence.due() answers within 30 s, however many members there are", () => {
  const all = setUp(() => 0.999_999);
  all.presence.noteArrival();
  const [first] = heresOf(all, 100_000, { members: 1e6 });
  assert.ok(first! > START + MAX_ANSWER_MS - 200 && first! <= START + MAX_ANSWER_MS + 200);
});

pureTest("Presence.introduce() and due() tell why this member is away, until it is back", () => {
  const { clock, presence } = setUp(() => 0.5);
  presence.away = "lunch";
  assert.equal(presence.introduce("join", 7)[0]!.text, "lunch");
  assert.equal(presence.introduce("here", undefined)[0]!.text, "lunch");
  clock.now += 1e12;
  assert.equal(presence.due(7, IDLE)[0]?.text, "lunch");
  presence.away = "";
  assert.equal(presence.introduce("here", 7)[0]!.text, "");
  presence.away = undefined;
  assert.ok(!("text" in presence.introduce("here", 7)[0]!));
});

pureTest("Presence says nothing before its time, and then joins once", () => {
  const { clock, presence } = setUp(() => 0.5, 3000);
  assert.deepEqual(presence.introduce("join", 7), []);
  presence.noteArrival();
  clock.now += 2999;
  assert.deepEqual(presence.due(7, IDLE), []);
  clock.now++;
  assert.deepEqual(presence.due(7, IDLE).map(({ kind }) => kind), ["join"]);
  clock.now += 3000;
  assert.deepEqual(presence.due(7, IDLE).map(({ kind }) => kind), []);
  const never = setUp(() => 0.5, Infinity);
  never.clock.now += 1e12;
  assert.deepEqual(never.presence.due(7, IDLE), []);
});
