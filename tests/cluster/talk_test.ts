import assert from "node:assert/strict";
import { Attendees } from "../../lib/cluster/attendance.ts";
import { Order } from "../../lib/cluster/order.ts";
import { formatPresence, type PresenceLine } from "../../lib/cluster/presence_line.ts";
import { Talk } from "../../lib/cluster/talk.ts";
import { FakeNats, message } from "../support/fake_nats.ts";
import { pureTest } from "../support/pure.ts";

function open() {
  const steps: string[] = [];
  const state = { now: 0, isServing: true, guests: 4 };
  const talk = new Talk({
    ...{ run: 2, subject: "here.room.own", order: new Order(), now: () => state.now },
    publisher: {
      ...{ lastStored: 5, members: 3 },
      repair: (from, to) => steps.push(`repair ${from}-${to}`),
      publishMembers: () => steps.push("list"),
    },
    attendees: new Attendees((kind, relay) => steps.push(`${kind} ${relay}`)),
    inbound: {
      tell: (changes) => steps.push(...changes.map(({ local }) => `gone ${local}`)),
      get isServing() {
        return state.isServing;
      },
    },
    notices: { refuse: (what) => steps.push(`refused ${what}`) },
    guests: () => state.guests,
  });
  const nats = new FakeNats();
  const hear = (relay: string, line: PresenceLine | string) => {
    const data = typeof line === "string" ? line : formatPresence(line);
    nats.deliver("here.room.*", message({ subject: `here.room.${relay}`, data }));
  };
  const sent = () =>
    nats.sent.map(({ subject, bytes }) => {
      return `${subject}: ${new TextDecoder().decode(bytes)}`;
    });
  return { talk, nats, state, steps, hear, sent };
}

const BEAT = { kind: "beat", run: 1, last: 0, members: 0, guests: 0 } as const;

pureTest("Talk says that the relay is here: at once, and then each 5 s", () => {
  const { talk, nats, state, sent } = open();
  talk.sweep();
  talk.attach(nats.connection);
  assert.deepEqual(sent(), ["here.room.own: 1 000002 5 3 4"]);
  state.now = 4999;
  talk.sweep();
  assert.equal(sent().length, 1);
  state.now = 5000;
  talk.sweep();
  assert.equal(sent().length, 2);
  state.guests = 5;
  talk.sweep();
  assert.deepEqual(sent().slice(2), ["here.room.own: 1 000002 5 3 5"]);
  talk.sweep();
  talk.attach(undefined);
  talk.beat();
  assert.equal(sent().length, 3);
});

pureTest("Talk keeps quiet until the relay serves its clients", () => {
  const { talk, nats, state, sent, hear, steps } = open();
  state.isServing = false;
  talk.attach(nats.connection);
  hear("a", BEAT);
  assert.deepEqual([sent(), steps], [[], ["relay came a"]]);
});

pureTest("Talk asks a relay for its members that it does not know", () => {
  const { talk, nats, hear, sent, steps } = open();
  talk.attach(nats.connection);
  hear("a", { ...BEAT, members: 2 });
  assert.deepEqual(sent().slice(1), ["here.room.own: = 000001"]);
  hear("a", { kind: "bye", run: 1 });
  assert.deepEqual(steps, ["relay came a", "relay gone a"]);
});

pureTest("Talk answers what is asked of this relay, and refuses what is no line", () => {
  const { talk, nats, state, hear, steps } = open();
  talk.attach(nats.connection);
  state.now = 10_000;
  hear("a", { kind: "ask", run: 2, from: 3, to: 4 });
  hear("a", { kind: "ask", run: 9, from: 3, to: 4 });
  hear("a", { kind: "members", run: 2 });
  hear("a", { kind: "members", run: 2 });
  hear("own", { ...BEAT, run: 2 });
  hear("a", "nonsense");
  assert.deepEqual(steps, ["repair 3-4", "list", "refused presence"]);
  state.now = 12_000;
  hear("a", { kind: "members", run: 2 });
  assert.equal(steps.at(-1), "list");
});
