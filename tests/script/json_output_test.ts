import assert from "node:assert/strict";
import type { Happening } from "../../lib/client/events.ts";
import { formatHappening, formatMessage } from "../../lib/script/json_output.ts";
import type { JsonHappening } from "../../lib/script/json_types.ts";
import { pureTest } from "../support/pure.ts";
import { isValid } from "../support/schema.ts";
import { messageOf } from "../support/virtual_client.ts";
import { inWords } from "../support/wordings.ts";

const TIME = 1785571200;
const MEMBER = { id: "A", nickname: "bob\x1b", trust: "changed" } as const;

const FILE = {
  number: 1,
  direction: "in",
  nickname: "bob",
  name: "a.txt",
  size: 5,
  bytes: 0,
} as const;

const ROTATION = { state: "moved", generation: 2, names: ["eve\x1b"], count: 3 } as const;

/** Every kind of happening, and what a bot is told; it does not compile if one is missing. */
const HAPPENINGS: {
  readonly [Kind in Happening["kind"]]: readonly [event: Happening, line: object];
} = {
  joined: [{ kind: "joined", ...MEMBER }, MEMBER],
  returned: [{ kind: "returned", ...MEMBER }, MEMBER],
  left: [{ kind: "left", ...MEMBER }, MEMBER],
  lost: [{ kind: "lost", ...MEMBER }, MEMBER],
  back: [{ kind: "back", ...MEMBER }, MEMBER],
  away: [{ kind: "away", ...MEMBER, reason: "" }, { ...MEMBER, reason: "" }],
  renamed: [{ kind: "renamed", before: "al", ...MEMBER }, { before: "al", ...MEMBER }],
  missing: [{ kind: "missing", ...MEMBER, count: 2 }, { ...MEMBER, count: 2 }],
  mended: [{ kind: "mended", ...MEMBER, count: 1 }, { ...MEMBER, count: 1 }],
  impostor: [{ kind: "impostor", nickname: "bob" }, { nickname: "bob" }],
  rejected: [
    { kind: "rejected", reason: "forged", count: 10 },
    { reason: "forged", count: 10 },
  ],
  live: [{ kind: "live", isAgain: true }, { again: true }],
  disconnected: [{ kind: "disconnected", reason: inWords("gone") }, { reason: "gone" }],
  offer: [
    { kind: "offer", ...MEMBER, number: 1, name: "a.txt", size: 5, isPrivate: true },
    { ...MEMBER, number: 1, name: "a.txt", size: 5, private: true },
  ],
  transfer: [
    { kind: "transfer", ...FILE, state: "failed", path: "/a.txt", reason: inWords("gone") },
    { ...FILE, state: "failed", path: "/a.txt", reason: "gone" },
  ],
  rotation: [{ kind: "rotation", ...MEMBER, ...ROTATION }, { ...MEMBER, ...ROTATION }],
  clock: [{ kind: "clock", seconds: -90 }, { seconds: -90 }],
};

pureTest("formatHappening() makes a line of every kind, and the schema knows it", () => {
  for (const [type, [event, fields]] of Object.entries(HAPPENINGS)) {
    const line: JsonHappening = formatHappening(event, TIME);
    assert.deepEqual(line, { type, time: TIME, ...fields });
    assert.ok(isValid(line, "output"), type);
  }
});

pureTest("formatMessage() keeps texts and times as they came", () => {
  const sent = messageOf("hi\x1b\u202e", {
    ...{ id: "B", form: "action", time: TIME, age: "old", trust: "changed" },
    ...{ isLate: true, isMention: true },
  });
  const line = formatMessage(sent);
  assert.deepEqual(line, {
    ...{ type: "message", time: TIME, form: "action", from: { nickname: "bob", id: "B" } },
    ...{ text: "hi\x1b\u202e", trust: "changed", age: "old", late: true, mention: true },
  });
  assert.ok(isValid(line, "output"));
});

pureTest("formatMessage() says null for the sender of what a simple client wrote", () => {
  const line = formatMessage(messageOf("<eve> hi", { id: undefined, nickname: undefined }));
  assert.deepEqual(line.from, { nickname: null, id: null });
  assert.deepEqual([line.late, line.mention], [false, false]);
});
