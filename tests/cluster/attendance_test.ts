import assert from "node:assert/strict";
import { Attendees, type Beat } from "../../lib/cluster/attendance.ts";
import { pureTest } from "../support/pure.ts";

function open() {
  const told: string[] = [];
  return { told, attendees: new Attendees((...each) => told.push(each.join(" "))) };
}

function beat(more: Partial<Beat> = {}): Beat {
  return { relay: "a", run: 1, last: 5, members: 0, guests: 0, ...more };
}

const joined = (local: number) => ({ kind: "JOINED", local }) as const;
const gone = (local: number) => ({ kind: "GONE", local }) as const;
const told = (attendance: "JOINED" | "GONE", ...locals: number[]) => {
  return locals.map((local) => ({ attendance, run: 1, local }));
};

pureTest("Attendees counts members and guests of relays that are there", () => {
  const { attendees, told: events } = open();
  assert.deepEqual(attendees.take("a", 1, 1, joined(7), 0), told("JOINED", 7));
  assert.deepEqual([attendees.relays, attendees.members, attendees.connections], [0, 0, 0]);
  assert.equal(attendees.hear(beat({ members: 1, guests: 4 }), 5, 0), false);
  assert.deepEqual([attendees.relays, attendees.members, attendees.connections], [1, 1, 5]);
  assert.deepEqual(attendees.take("a", 1, 2, gone(7), 0), told("GONE", 7));
  assert.deepEqual(attendees.take("a", 1, 3, gone(7), 0), []);
  assert.deepEqual(events, ["relay came a 1"]);
  assert.equal(attendees.lastOf(1), 5);
  assert.equal(attendees.lastOf(2), 0);
});

pureTest("Attendees asks for a list of members it has not seen come, and of other numbers", () => {
  const { attendees } = open();
  assert.equal(attendees.hear(beat({ members: 3 }), 0, 0), true);
  assert.equal(attendees.members, 3);
  const list = { kind: "members", locals: [1, 2, 3] } as const;
  assert.deepEqual(attendees.take("a", 1, 6, list, 0), told("JOINED", 1, 2, 3));
  assert.equal(attendees.hear(beat({ members: 3 }), 5, 0), false);
  assert.equal(attendees.hear(beat({ members: 4 }), 5, 0), true);
  assert.equal(attendees.hear(beat({ members: 4 }), 4, 0), false);
  const other = { kind: "members", locals: [2, 4] } as const;
  assert.deepEqual(attendees.take("a", 1, 7, other, 0), [
    ...told("GONE", 1, 3),
    ...told("JOINED", 4),
  ]);
});

pureTest("Attendees tells that members of a relay are gone after 15 s of silence", () => {
  const { attendees, told: events } = open();
  attendees.take("a", 1, 1, joined(7), 0);
  attendees.take("a", 1, 2, joined(8), 0);
  assert.deepEqual(attendees.expire(1e9), []);
  attendees.hear(beat(), 2, 0);
  assert.deepEqual(attendees.expire(15_000), []);
  attendees.take("a", 1, 3, joined(9), 10_000);
  assert.deepEqual(attendees.expire(25_000), []);
  attendees.excuse(20_000);
  assert.deepEqual(attendees.expire(35_000), []);
  assert.deepEqual(attendees.expire(35_001), told("GONE", 7, 8, 9));
  assert.deepEqual(events, ["relay came a 0", "relay gone a 3"]);
  assert.equal(attendees.connections, 0);
  assert.equal(attendees.hear(beat({ members: 3 }), 5, 36_000), true);
  const list = { kind: "members", locals: [7, 8, 9] } as const;
  assert.deepEqual(attendees.take("a", 1, 9, list, 36_000), told("JOINED", 7, 8, 9));
});

pureTest("Attendees lets a relay say goodbye, and no other for it", () => {
  const { attendees } = open();
  attendees.take("a", 1, 1, joined(7), 0);
  attendees.hear(beat(), 1, 0);
  assert.deepEqual(attendees.leave("b", 1), []);
  assert.equal(attendees.hear(beat({ relay: "b", guests: 9 }), 1, 0), false);
  assert.equal(attendees.connections, 1);
  assert.deepEqual(attendees.leave("a", 1), told("GONE", 7));
  assert.deepEqual(attendees.leave("a", 1), []);
});

pureTest("Attendees takes an old entry for no sign of life", () => {
  const { attendees } = open();
  attendees.hear(beat(), 0, 0);
  attendees.take("a", 1, 1, joined(7), undefined);
  assert.equal(attendees.expire(15_001).length, 1);
});

pureTest("Attendees keeps 256 relays, and 100,000 members of each", () => {
  const { attendees } = open();
  for (let run = 1; run <= 256; run++) attendees.hear(beat({ run, relay: `r${run}` }), 0, run);
  attendees.hear(beat({ run: 300, relay: "new" }), 0, 1000);
  assert.equal(attendees.relays, 256);
  assert.equal(attendees.leave("r2", 2).length, 0);
  for (let local = 0; local < 100_000; local++) attendees.take("new", 300, 1, joined(local), 0);
  assert.deepEqual(attendees.take("new", 300, 1, joined(100_000), 0), []);
  assert.equal(attendees.members, 100_000);
});
