import assert from "node:assert/strict";
import type { Welcome } from "../../lib/client/link.ts";
import type { Rejection } from "../../lib/client/reader.ts";
import { describeClock, describeStatus, type StatusParts } from "../../lib/client/status.ts";
import { sayIn } from "../../lib/messages/say.ts";
import { pureTest } from "../support/pure.ts";

const SAY = sayIn("en");
const WELCOME: Welcome = { cid: 7, time: 1785571200, peers: 3, mode: "members" };

function partsOf(
  connection: Welcome | undefined,
  { latencyMs, silentMs = 0, rejected = [], difference = 0 }: {
    latencyMs?: number;
    silentMs?: number;
    rejected?: [Rejection, number][];
    difference?: number;
  } = {},
): StatusParts {
  const entry = { epoch: "e", nickname: "bob", agreementKey: undefined, cid: undefined };
  const entries = ["own", "bob", "bob"].map((id) => {
    return { ...entry, id, isIntroduced: true, expiresAt: 0 };
  });
  return {
    ...{ id: "own", keys: { fingerprint: "1 2 3 4" }, relay: () => "[::1]:5050", say: SAY },
    author: { nickname: "alice" },
    delivery: { latencyMs, silentMs, untaken: 2 },
    session: { connection, rejected: new Map(rejected) },
    roster: { values: () => entries },
    clock: { difference },
  };
}

pureTest("describeStatus() tells of a connection, and counts members and not clients", () => {
  const rejected: [Rejection, number][] = [["forged", 2], ["replayed", 1]];
  assert.deepEqual(describeStatus(partsOf(WELCOME, { latencyMs: 0.2, rejected })), [
    "connected to [::1]:5050 as alice",
    "room 1 2 3 4",
    "room for members only",
    "members known here: 2; connections when this one began: 3",
    "the server answers in 1 ms",
    "not taken by the server yet: 2",
    "not shown: 2 forged, 1 replayed",
  ]);
});

pureTest("describeStatus() tells what is known while there is no connection", () => {
  assert.deepEqual(describeStatus(partsOf(undefined, { latencyMs: 3, difference: 240 })), [
    "not connected to [::1]:5050",
    "room 1 2 3 4",
    "your clock looks 4 minutes fast, by the server's",
    "not taken by the server yet: 2",
    "not shown: none",
  ]);
});

pureTest("describeStatus() says that the server was not asked before it has answered", () => {
  const lines = describeStatus(partsOf({ ...WELCOME, mode: "open" }));
  assert.equal(lines[2], "room open: guests without the key can be here");
  assert.equal(lines[4], "the server has not been asked yet");
});

pureTest("describeClock() rounds to minutes, and says no less than one", () => {
  const cases: [number, string][] = [
    [121, "2 minutes fast"],
    [-3600, "60 minutes slow"],
    [1, "1 minute fast"],
    [-89, "1 minute slow"],
  ];
  assert.equal(describeClock(0, SAY), "your clock is right again, by the server's");
  for (const [seconds, text] of cases) {
    assert.equal(describeClock(seconds, SAY), `your clock looks ${text}, by the server's`);
  }
});

pureTest(
  "describeStatus() tells of a server that does not answer, and not of its last answer",
  () => {
    const line = (silentMs: number) =>
      describeStatus(partsOf(WELCOME, { latencyMs: 3, silentMs }))[4];
    assert.equal(line(2000), "the server answers in 3 ms");
    assert.equal(line(75_000), "the server has not answered for 75 s");
  },
);
