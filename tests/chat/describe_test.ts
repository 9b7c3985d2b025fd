import assert from "node:assert/strict";
import { describeHappening, describeMessage, formatLocalTime } from "../../lib/chat/describe.ts";
import type { Happening, Message } from "../../lib/client/events.ts";
import { worded } from "../../lib/messages/wording.ts";
import { message, SAY } from "../support/fake_chat.ts";
import { pureTest } from "../support/pure.ts";

const BOB = "B".repeat(42) + "A";

pureTest("describeMessage() writes each form", () => {
  const cases: [Partial<Message> & { recipient?: string }, string][] = [
    [{}, "<bob> hello"],
    [{ form: "private", recipient: "eve" }, "(private, to eve) <bob> hello"],
    [{ form: "action", text: "waves" }, "* bob waves"],
    [{ form: "private" }, "(private) <bob> hello"],
    [{ nickname: undefined, trust: "unverified", text: "<py> hi" }, "(unverified) <py> hi"],
    [{ text: "" }, "<bob> "],
  ];
  for (const [changes, text] of cases) {
    assert.deepEqual(describeMessage(message("hello", changes), String, SAY), text);
  }
});

pureTest("describeMessage() marks in the text what is old, late or of another key", () => {
  const time = 1785571200;
  const cases: [Partial<Message>, string][] = [
    [{ age: "old" }, `[${time}] <bob> hello`],
    [{ isLate: true }, `[${time}] (late) <bob> hello`],
    [{ trust: "changed" }, "(NOT the known bob!) <bob> hello"],
    [
      { trust: "changed", age: "old", isLate: true, form: "private" },
      `[${time}] (NOT the known bob!) (late) (private) <bob> hello`,
    ],
    [{ trust: "changed", form: "action" }, "(NOT the known bob!) * bob hello"],
    [
      { trust: "unverified", age: "old", nickname: undefined },
      `[${time}] (unverified) hello`,
    ],
  ];
  for (const [changes, text] of cases) {
    assert.deepEqual(describeMessage(message("hello", changes), String, SAY), text);
  }
});

pureTest("describeHappening() writes each event", () => {
  const bob = { id: BOB, nickname: "bob", trust: "verified" } as const;
  const cases: [Happening, string | undefined][] = [
    [{ kind: "joined", id: BOB, nickname: "bob", trust: "verified" }, "bob joined"],
    [
      { kind: "joined", id: BOB, nickname: "bob", trust: "changed" },
      "bob (NOT the known one!) joined",
    ],
    [{ kind: "returned", id: BOB, nickname: "bob", trust: "verified" }, "bob is back"],
    [
      { kind: "returned", id: BOB, nickname: "bob", trust: "changed" },
      "bob (NOT the known one!) is back",
    ],
    [{ kind: "left", id: BOB, nickname: "bob", trust: "verified" }, "bob left"],
    [{ kind: "left", id: BOB, nickname: "bob", trust: "changed" }, "bob (NOT the known one!) left"],
    [{ kind: "lost", ...bob }, "bob: connection lost"],
    [{ kind: "lost", ...bob, trust: "changed" }, "bob (NOT the known one!): connection lost"],
    [{ kind: "away", ...bob, trust: "changed", reason: "" }, "bob (NOT the known one!) is away"],
    [
      { kind: "away", ...bob, trust: "changed", reason: "lunch" },
      "bob (NOT the known one!) is away: lunch",
    ],
    [
      { kind: "renamed", id: BOB, before: "bob", nickname: "rob", trust: "verified" },
      "bob is now rob",
    ],
    [
      { kind: "renamed", id: BOB, before: "bob", nickname: "alice", trust: "changed" },
      "bob is now alice (NOT the known one!)",
    ],
    [{ kind: "missing", ...bob, count: 1 }, "1 message of bob is missing"],
    [{ kind: "missing", ...bob, count: 2 }, "2 messages of bob are missing"],
    [
      { kind: "missing", ...bob, trust: "changed", count: 2 },
      "2 messages of bob (NOT the known one!) are missing",
    ],
    [
      { kind: "mended", ...bob, trust: "changed", count: 1 },
      "1 message of bob (NOT the known one!) came late or in the wrong order, and was put right",
    ],
    [
      { kind: "mended", ...bob, count: 1 },
      "1 message of bob came late or in the wrong order, and was put right",
    ],
    [
      { kind: "mended", ...bob, count: 3 },
      "3 messages of bob came late or in the wrong order, and were put right",
    ],
    [
      { kind: "impostor", nickname: "bob" },
      "WARNING: somebody with another key writes as bob. " +
      "Compare with /verify bob; accept a new key with /trust bob",
    ],
    [{ kind: "live", isAgain: false }, undefined],
    [{ kind: "live", isAgain: true }, "connected again"],
    [
      { kind: "disconnected", reason: worded("Connection lost: the server is gone") },
      "Connection lost: the server is gone; connecting again",
    ],
  ];
  for (const [event, expected] of cases) assert.equal(describeHappening(event, SAY), expected);
});

pureTest("describeHappening() writes why lines showed nothing", () => {
  const reasons = {
    unreadable: [
      "1 message could not be decrypted: not written with this room's key",
      "10 messages could not be decrypted: not written with this room's key",
    ],
    replayed: [
      "1 message came again and is not shown: replayed by somebody",
      "10 messages came again and are not shown: replayed by somebody",
    ],
    malformed: ["1 message could not be understood", "10 messages could not be understood"],
    forged: [
      "1 message had a false signature and is not shown",
      "10 messages had a false signature and are not shown",
    ],
  } as const;
  for (const [reason, [one, ten]] of Object.entries(reasons)) {
    const describe = (count: number) =>
      describeHappening({ kind: "rejected", reason: reason as keyof typeof reasons, count }, SAY);
    assert.deepEqual([describe(1), describe(10)], [one, ten]);
  }
});

pureTest("describeHappening() writes of 1, 10, 100 lines and so on alone", () => {
  const told = Array.from({ length: 12_345 }, (_, i) => i + 1).filter((count) =>
    describeHappening({ kind: "rejected", reason: "forged", count }, SAY) !== undefined
  );
  assert.deepEqual(told, [1, 10, 100, 1000, 10_000]);
  const last = describeHappening({ kind: "rejected", reason: "malformed", count: 12 }, SAY, true);
  assert.equal(last, "12 messages could not be understood");
});

pureTest("describeHappening() writes by how much the clock is off", () => {
  const cases: [number, string][] = [
    [600, "10 minutes fast"],
    [-600, "10 minutes slow"],
    [121, "2 minutes fast"],
    [-45, "1 minute slow"],
    [10, "1 minute fast"],
  ];
  for (const [seconds, way] of cases) {
    const text = describeHappening({ kind: "clock", seconds }, SAY);
    assert.equal(text, `your clock looks ${way}, by the server's`);
  }
});

pureTest("formatLocalTime() writes any time that a header may have", () => {
  assert.match(formatLocalTime(1785571200, SAY), /^2026-0[78]-[0-3]\d \d\d:\d\d:\d\d$/);
  const local = new Date(1785571200 * 1000);
  const minutes = String(local.getMinutes()).padStart(2, "0");
  assert.equal(
    formatLocalTime(1785571200, SAY).slice(11, 16),
    `${String(local.getHours()).padStart(2, "0")}:${minutes}`,
  );
  for (const seconds of [0, 1, 2 ** 36, 253_402_300_799]) {
    assert.match(formatLocalTime(seconds, SAY), /^\d{4,}-/);
  }
  for (const seconds of [8.64e12 + 1, Number.MAX_SAFE_INTEGER]) {
    assert.equal(formatLocalTime(seconds, SAY), "at an impossible time");
  }
});

pureTest("formatLocalTime() throws at no time in no zone", () => {
  const { getTimezoneOffset } = Date.prototype;
  try {
    for (const offset of [-840, -60, 0, 60, 720]) {
      Date.prototype.getTimezoneOffset = () => offset;
      for (let hours = 0; hours < 48; hours++) {
        const text = formatLocalTime(8.64e12 - 3600 * hours, SAY);
        assert.ok(text === "at an impossible time" || /^\+\d{6}-\d\d-\d\d /.test(text), text);
      }
    }
  } finally {
    Date.prototype.getTimezoneOffset = getTimezoneOffset;
  }
});
