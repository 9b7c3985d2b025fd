import assert from "node:assert/strict";
import { DateLine, LocalTime } from "../../../lib/terminal/show/local_time.ts";
import { pureTest } from "../../support/pure.ts";

const MAX_SECONDS = 8.64e12;

pureTest("LocalTime.clock() writes each minute in its time zone", () => {
  const cases: [zone: string, seconds: number, text: string][] = [
    ["UTC", 0, "00:00"],
    ["UTC", 59.999, "00:00"],
    ["UTC", 60, "00:01"],
    ["UTC", -1, "23:59"],
    ["Asia/Kathmandu", 0, "05:30"],
  ];
  for (const [zone, seconds, text] of cases) {
    const time = new LocalTime("en", zone);
    for (let i = 0; i < 2; i++) assert.equal(time.clock(seconds), text, "the second time, too");
  }
  const time = new LocalTime("en", "UTC");
  assert.deepEqual([0, 60, 0].map((seconds) => time.clock(seconds)), ["00:00", "00:01", "00:00"]);
});

pureTest("LocalTime knows no time that no calendar has", () => {
  const time = new LocalTime("en", "UTC");
  for (const sign of [1, -1]) {
    assert.match(time.clock(sign * MAX_SECONDS), /^\d\d:\d\d$/);
    assert.notEqual(time.date(sign * MAX_SECONDS), undefined);
    for (const seconds of [sign * (MAX_SECONDS + 1), sign * Infinity, NaN]) {
      assert.equal(time.clock(seconds), "??:??");
      assert.equal(time.date(seconds), undefined);
    }
  }
});

pureTest("LocalTime.date() writes the day in the user's language", () => {
  assert.equal(new LocalTime("en", "UTC").date(0), "Thursday, 1 January 1970");
  assert.equal(new LocalTime("fr", "UTC").date(0), "jeudi 1 janvier 1970");
});

pureTest("LocalTime throws for an unknown time zone", () => {
  const time = new LocalTime("en", "Nowhere/Land");
  assert.throws(() => time.clock(0), { name: "RangeError" });
  assert.throws(() => time.date(0), { name: "RangeError" });
});

pureTest("DateLine tells each new day once", () => {
  const line = new DateLine(new LocalTime("fr", "UTC"));
  const days = [1_795_563_240, 1_795_563_241, 1_795_564_799, 1_795_564_800, 1e300, 1_795_564_801];
  assert.deepEqual(days.map((seconds) => line.next(seconds)), [
    "—— mardi 24 novembre 2026 ——",
    undefined,
    undefined,
    "—— mercredi 25 novembre 2026 ——",
    undefined,
    undefined,
  ]);
});
