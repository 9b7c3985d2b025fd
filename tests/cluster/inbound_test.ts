import assert from "node:assert/strict";
import { Attendees } from "../../lib/cluster/attendance.ts";
import { type Entry, formatEntry, type Part } from "../../lib/cluster/entry.ts";
import { Inbound } from "../../lib/cluster/inbound.ts";
import { Order } from "../../lib/cluster/order.ts";
import type { ClusterStats } from "../../lib/relay/watch/stats.ts";
import { pureTest } from "../support/pure.ts";
import { fakeToken } from "../support/raw_client.ts";

const LINE = new TextEncoder().encode(`${fakeToken("x")}\n`);
const JOINED: Part = { kind: "JOINED", local: 1 };

function open() {
  const told: unknown[] = [];
  const refused: string[] = [];
  const published = new Set<number>();
  const flying: Entry[] = [];
  const stats = { taken: 0, relays: 0, members: 0 } as ClusterStats;
  const inbound = new Inbound({
    ...{ run: 2, lines: "chat.room", order: new Order(), stats, now: () => 0 },
    attendees: new Attendees(() => {}),
    publisher: {
      recognize: () => flying[0],
      hasPublished: (n) => published.has(n),
      isOld: (n) => n < 10,
      noteBack: (n) => told.push(`back ${n}`),
    },
    notices: { refuse: (message) => refused.push(message) },
    sink: () => ({
      untilRoom: () => undefined,
      append: ({ cid, peerClass }, run, lines, how) => {
        told.push([cid, peerClass, run.length, lines, how.isKept, how.ageMs > 0]);
      },
      tell: (attendance, cid) => told.push([attendance, cid]),
    }),
  });
  const take = (subject: string, n: number, parts: Part[], { relay = "a", run = 1 } = {}) => {
    const bytes = formatEntry({ relay, run, n, parts });
    inbound.take({ subject: `chat.room.${subject}`, bytes, storedAt: 0 });
  };
  return { inbound, take, told, refused, published, flying, stats };
}

/** What a refusal says, without the subject. */
function reasonOf(message: string): string {
  assert.match(message, /, at chat\.[a-z.]+$/);
  return message.replace(/, at .*/, "");
}

pureTest("Inbound hands lines and members on, under numbers of their own", () => {
  const { inbound, take, told, stats } = open();
  const lines: Part = {
    ...{ kind: "lines", local: 7, peerClass: "guest", isKept: false, lines: 1, bytes: LINE },
  };
  take("a", 1, [lines]);
  inbound.isServing = true;
  take("a", 2, [JOINED, { ...lines, peerClass: "member", isKept: true }, {
    kind: "GONE",
    local: 1,
  }]);
  const first = 2 ** 25;
  assert.deepEqual(told, [
    [first + 7, "guest", 141, 1, false, true],
    ["JOINED", first + 1],
    [first + 7, "member", 141, 1, true, false],
    ["GONE", first + 1],
  ]);
  assert.equal(stats.taken, 2);
});

pureTest("Inbound takes an entry once, and notes its own", () => {
  const { take, told, published, stats } = open();
  take("a", 1, [JOINED]);
  take("a", 1, [JOINED]);
  published.add(11);
  take("own", 11, [JOINED], { relay: "own", run: 2 });
  assert.deepEqual(told, [["JOINED", 2 ** 25 + 1], ["JOINED", 2 ** 26 + 1], "back 11"]);
  assert.equal(stats.taken, 2);
});

pureTest("Inbound notes an entry of its own that comes when it was given up", () => {
  const { take, told, published } = open();
  for (const n of [10, 11, 12]) published.add(n);
  take("own", 11, [JOINED], { relay: "own", run: 2 });
  take("own", 13, [JOINED], { relay: "own", run: 2 });
  take("own", 10, [JOINED], { relay: "own", run: 2 });
  assert.deepEqual(told, [["JOINED", 2 ** 26 + 1], "back 11", "back 10"]);
});

pureTest("Inbound hands on what is in flight without reading it, under its own name only", () => {
  const { inbound, told, refused, flying } = open();
  flying.push({ relay: "own", run: 2, n: 11, parts: [JOINED] });
  const take = (subject: string) => {
    inbound.take({ subject, bytes: new Uint8Array(1), storedAt: 0 });
  };
  take("chat.room.other");
  assert.deepEqual(refused.map(reasonOf), ["relay's name"]);
  assert.deepEqual(told, []);
  take("chat.room.own");
  assert.deepEqual(told, [["JOINED", 2 ** 26 + 1], "back 11"]);
});

pureTest("Inbound refuses who is not who it says it is", () => {
  const { take, told, refused } = open();
  take("b", 1, [JOINED]);
  take("a.b", 1, [JOINED]);
  take("a", 1, []);
  assert.deepEqual(refused.map(reasonOf), ["relay's name", "relay's name", "first line"]);
  take("a", 1, [JOINED]);
  take("b", 2, [JOINED], { relay: "b" });
  assert.deepEqual(refused.slice(3).map(reasonOf), ["relay's number"]);
  take("x", 12, [JOINED], { relay: "x", run: 2 });
  assert.deepEqual(refused.slice(4).map(reasonOf), ["this relay's name"]);
  take("own", 9, [JOINED], { relay: "own", run: 2 });
  assert.equal(refused.length, 5);
  assert.equal(told.length, 1);
});

pureTest("Inbound goes on after bytes of any kind", () => {
  const { inbound, take, told, refused } = open();
  for (const text of ["", "\0".repeat(1000), "1 a 000001 1 m1:1:141\nx\n", "é"]) {
    const bytes = new TextEncoder().encode(text);
    inbound.take({ subject: "chat.room.a", bytes, storedAt: NaN });
  }
  assert.equal(refused.length, 4);
  take("a", 1, [JOINED]);
  assert.equal(told.length, 1);
});
