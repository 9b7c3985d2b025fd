import assert from "node:assert/strict";
import {
  MAX_NAMES_SUMMED_UP,
  MAX_NOTICED_MEMBERS,
  MEMBER_NOTICE_MS,
  MEMBER_NOTICES_BURST,
  NOTICE_MS,
  NOTICES_BURST,
  SUM_UP_MS,
} from "../../lib/chat/limits.ts";
import { Notices } from "../../lib/chat/notices.ts";
import type { Happening, RoomEvent } from "../../lib/client/events.ts";
import { sayIn } from "../../lib/messages/say.ts";
import { fakeListener, fakeRoom, message, SAY, talk } from "../support/fake_chat.ts";
import { pureTest } from "../support/pure.ts";

/** Notices at a clock that the test moves, and what they were summed up to. */
function setUp() {
  const clock = { now: 0 };
  const told: string[] = [];
  const due: { at: number; callback: () => void }[] = [];
  const notices = new Notices({
    say: SAY,
    sumUp: (text) => told.push(text),
    monotonic: () => clock.now,
    schedule: (callback, ms) => {
      const timer = { at: clock.now + ms, callback };
      due.push(timer);
      return () => void due.splice(due.indexOf(timer), 1);
    },
  });
  const pass = (ms: number) => {
    clock.now += ms;
    for (const { callback } of due.filter(({ at }) => at <= clock.now)) callback();
  };
  const admitted = (...events: Happening[]) => {
    return events.filter((event) => notices.admits(event)).length;
  };
  return { notices, told, pass, admitted };
}

function joined(id: string, trust: "verified" | "changed" = "verified"): Happening {
  return { kind: "joined", id, nickname: id, trust };
}

function renamed(i: number): Happening {
  return {
    kind: "renamed",
    id: "b",
    before: `bob${i - 1}`,
    nickname: `bob${i}`,
    trust: "verified",
  };
}

function many<T>(count: number, make: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(i));
}

pureTest("Notices tells some of one member's, and sums up the rest after 3 s", () => {
  const { told, pass, admitted } = setUp();
  assert.equal(admitted(...many(MEMBER_NOTICES_BURST + 312, renamed)), MEMBER_NOTICES_BURST);
  pass(SUM_UP_MS - 1);
  assert.deepEqual(told, []);
  pass(1);
  assert.deepEqual(told, [`bob${MEMBER_NOTICES_BURST + 311} changed its name 312 times`]);
  // After a while the member is told of again, and nothing is summed up twice.
  pass(MEMBER_NOTICE_MS);
  assert.equal(admitted(renamed(1)), 1);
  assert.equal(told.length, 1);
});

pureTest("Notices of one member hide no other's", () => {
  const { admitted } = setUp();
  admitted(...many(1000, renamed));
  assert.equal(admitted(joined("carol")), 1);
});

pureTest("Notices of all members are summed up, with a few of their names", () => {
  const { told, pass, admitted } = setUp();
  assert.equal(admitted(...many(NOTICES_BURST + 100, (i) => joined(`m${i}`))), NOTICES_BURST);
  const next = NOTICES_BURST;
  const names = many(MAX_NAMES_SUMMED_UP, (i) => `m${next + i}`).join(", ");
  pass(SUM_UP_MS);
  assert.deepEqual(told, [`100 more joined, among them ${names}`]);
  // Some seconds later some are told each again.
  pass(2 * NOTICE_MS);
  assert.ok(admitted(joined("x"), joined("y")) === 2);
});

pureTest("Notices of each topic are summed up in words, and one is told as it is", () => {
  const verified = { id: "b", nickname: "bob", trust: "verified" } as const;
  const away = (i: number): Happening => {
    return i % 2 ? { kind: "back", ...verified } : { kind: "away", ...verified, reason: "tea" };
  };
  const cases: [(i: number) => Happening, number, string][] = [
    [() => ({ kind: "returned", ...verified }), 3, "bob joined 3 times"],
    [() => ({ kind: "lost", ...verified }), 3, "bob left 3 times"],
    [away, 4, "bob went away or came back 4 times"],
    [() => ({ kind: "left", ...verified }), 1, "bob left"],
    [
      () => ({ kind: "missing", ...verified, count: 7 }),
      3,
      "21 messages of bob are missing",
    ],
    [
      () => ({ kind: "mended", ...verified, count: 2 }),
      2,
      "4 messages of bob came late or in the wrong order, and were put right",
    ],
    [() => joined("eve", "changed"), 2, "eve (NOT the known one!) joined 2 times"],
    [
      () => ({ ...joined("ьob"), doubt: "looks like bob" }),
      2,
      "ьob (looks like bob) joined 2 times",
    ],
  ];
  for (const [make, count, text] of cases) {
    const { told, admitted, notices } = setUp();
    admitted(...many(MEMBER_NOTICES_BURST + count, make));
    notices.close();
    assert.deepEqual(told, [text]);
  }
});

pureTest("Notices of many members are summed up in words", () => {
  const member = (i: number) => ({ id: `${i}`, nickname: `m${i}`, trust: "verified" } as const);
  const cases: [(i: number) => Happening, string][] = [
    [(i) => ({ kind: "left", ...member(i) }), "9 more left, among them m20, m21, m22"],
    [
      (i) => ({ kind: "renamed", before: "x", ...member(i) }),
      "9 more changes of names, by m20, m21, m22 and others",
    ],
    [
      (i) => ({ kind: "back", ...member(i) }),
      "9 more went away or came back, among them m20, m21, m22",
    ],
    [
      (i) => ({ kind: "missing", count: 2, ...member(i) }),
      "18 more messages are missing, of m20, m21, m22 and others",
    ],
    [
      (i) => ({ kind: "mended", count: 2, ...member(i) }),
      "18 more messages of m20, m21, m22 and others came late, and were put right",
    ],
    [
      (i) => ({ kind: "impostor", nickname: `m${i}` }),
      "WARNING: somebody writes with other keys under 9 more names, such as m20, m21, m22. Compare with /verify",
    ],
  ];
  for (const [make, text] of cases) {
    const { told, admitted, notices } = setUp();
    admitted(...many(NOTICES_BURST + 9, make));
    notices.close();
    assert.deepEqual(told, [text]);
  }
});

pureTest("Notices of the connection are told each", () => {
  const { admitted, told, notices } = setUp();
  assert.equal(admitted(...many(1000, () => ({ kind: "live", isAgain: true } as const))), 1000);
  notices.close();
  assert.deepEqual(told, []);
});

pureTest("Notices counts a bounded number of members, and all are told to a script", () => {
  const { admitted, pass } = setUp();
  admitted(...many(MEMBER_NOTICES_BURST, renamed));
  admitted(...many(MAX_NOTICED_MEMBERS, (i) => joined(`m${i}`)));
  pass(NOTICES_BURST * NOTICE_MS);
  // Bob is forgotten: his bucket is full again, where it would have had 4 in that time.
  assert.equal(admitted(...many(MEMBER_NOTICES_BURST, renamed)), MEMBER_NOTICES_BURST);
  const script = new Notices({ say: sayIn("en"), sumUp: undefined });
  assert.ok(many(1000, renamed).every((event) => script.admits(event)));
});

pureTest("a flood of notices is summed up between messages, which keep their order", async () => {
  const log: string[] = [];
  const events: RoomEvent[] = many(1000, renamed).flatMap((event, i) => [event, message(`${i}`)]);
  const user = fakeListener(log);
  user.sumUp = (text) => void log.push(`sum ${text}`);
  const ended = Promise.withResolvers<void>();
  const room = fakeRoom(log, [], {
    async *events() {
      yield events;
      await Promise.resolve();
      ended.resolve();
    },
  });
  await assert.rejects(talk(user, room));
  await ended.promise;
  const shown = log.flatMap((line) => /^show <bob> (\d+)$/.exec(line)?.[1] ?? []);
  assert.deepEqual(shown, many(1000, String));
  assert.equal(log.filter((line) => line.includes("is now bob")).length, MEMBER_NOTICES_BURST);
  assert.deepEqual(log.filter((line) => line.startsWith("sum ")), [
    `sum bob999 changed its name ${1000 - MEMBER_NOTICES_BURST} times`,
  ]);
});
