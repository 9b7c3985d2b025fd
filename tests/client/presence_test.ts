import assert from "node:assert/strict";
import {
  MAX_ANSWER_MS,
  MAX_HEARTBEAT_MS,
  MIN_ANSWER_MS,
  MIN_HEARTBEAT_MS,
} from "../../lib/client/limits.ts";
import { Presence } from "../../lib/client/presence.ts";
import { pureTest } from "../support/pure.ts";
import { seeded } from "../support/seeded.ts";

const START = 1000;

function presenceOf(random: () => number, isPlain = false): Presence {
  return new Presence({ agreementKey: "x", random, isPlain });
}

/** When it says that it is here, looking every 200 ms. */
function heresOf(presence: Presence, from: number, to: number, members: number): number[] {
  const times: number[] = [];
  for (let now = from; now <= to; now += 200) {
    for (const _ of presence.due(now, members, 7)) times.push(now);
  }
  return times;
}

pureTest("Presence.introduce() says who it is, and nothing in plain rooms", () => {
  for (const kind of ["join", "here"] as const) {
    const presence = presenceOf(() => 0);
    assert.deepEqual(presence.introduce(kind, 7), [{ kind, agreementKey: "x", cid: 7 }]);
    assert.deepEqual(presenceOf(() => 0, true).introduce(kind, 7), []);
  }
});

pureTest("Presence.due() says here every 50 to 55 s", () => {
  for (const random of [() => 0, () => 0.999_999, seeded(1)]) {
    const times = heresOf(presenceOf(random), START, 1_000_000, 10);
    assert.ok(times.length >= 17 && times.length <= 19);
    for (const [i, time] of times.entries()) {
      const interval = time - (times[i - 1] ?? START);
      assert.ok(interval >= MIN_HEARTBEAT_MS && interval <= MAX_HEARTBEAT_MS + 200, `${interval}`);
    }
  }
});

pureTest(
  "Presence.due() answers 5,000 arrivals in 10 s a few times, and puts its heartbeat off",
  () => {
    const presence = presenceOf(seeded(2));
    assert.deepEqual(presence.due(START, 1000, 7), []);
    const times: number[] = [];
    for (let now = START; now < 45_000; now += 200) {
      if (now < START + 10_000) { for (let i = 0; i < 100; i++) presence.noteArrival(); }
      if (presence.due(now, 10, 7).length > 0) times.push(now);
    }
    // One answer is for all who came in the half second before it.
    assert.ok(times.length >= 1 && times.length <= 30, `${times.length} answers to 5,000`);
    const last = times.at(-1)!;
    assert.deepEqual(heresOf(presence, 45_000, last + MIN_HEARTBEAT_MS - 1, 10), []);
  },
);

pureTest("Presence.due() gives one answer to all who came before it", () => {
  const presence = presenceOf(() => 0.5);
  presence.due(START, 1, 7);
  for (let i = 0; i < 1000; i++) presence.noteArrival();
  assert.deepEqual(presence.due(START, 1, 7), []);
  for (let i = 0; i < 1000; i++) presence.noteArrival();
  const at = START + MIN_ANSWER_MS / 2;
  assert.deepEqual(presence.due(at - 1, 1, 7), []);
  const answer = presence.due(at, 1, 9);
  assert.deepEqual(answer, [{ kind: "here", agreementKey: "x", cid: 9 }]);
  assert.deepEqual(heresOf(presence, at + 1, at + MIN_HEARTBEAT_MS - 1, 1), []);
});

pureTest("Presence.due() spreads the answers of 1,000 members", () => {
  const random = seeded(3);
  const members = Array.from({ length: 1000 }, () => presenceOf(random));
  const times: number[] = [];
  for (const presence of members) {
    presence.due(START, 1000, 7);
    presence.noteArrival();
    const [first, ...more] = heresOf(presence, START, START + 40_000, 1000);
    assert.ok(first !== undefined);
    assert.deepEqual(more, []);
    times.push(first - START);
  }
  const perSecond = Map.groupBy(times, (time) => Math.floor(time / 1000));
  assert.ok(Math.max(...times) > 18_000 && Math.max(...times) <= 20_200);
  for (const [second, answers] of perSecond) {
    assert.ok(answers.length < 100, `${answers.length} answers in second ${second}`);
  }
});

pureTest("Presence.due() answers within 30 s, however many members there are", () => {
  const presence = presenceOf(() => 0.999_999);
  presence.due(START, 1e6, 7);
  presence.noteArrival();
  const [first] = heresOf(presence, START, 1e6, 1e6);
  assert.ok(first! > START + MAX_ANSWER_MS - 200 && first! <= START + MAX_ANSWER_MS + 200);
});

pureTest("Presence.introduce() and due() tell why this member is away, until it is back", () => {
  const presence = presenceOf(() => 0.5);
  const texts = () => [
    presence.introduce("join", 7)[0]!.text,
    presence.introduce("here", undefined)[0]!.text,
    presence.due(1e12, 1, 7)[0]?.text,
  ];
  presence.due(START, 1, 7);
  presence.away = "lunch";
  assert.deepEqual(texts(), ["lunch", "lunch", "lunch"]);
  presence.away = "";
  assert.equal(presence.introduce("here", 7)[0]!.text, "");
  presence.away = undefined;
  assert.ok(!("text" in presence.introduce("here", 7)[0]!));
});
