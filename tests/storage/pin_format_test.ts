import fc from "fast-check";
import assert from "node:assert/strict";
import { MAX_NICKNAME_BYTES } from "../../lib/protocol/limits.ts";
import { MAX_PINS, MAX_STATE_FILE_BYTES } from "../../lib/storage/limits.ts";
import { boundPins, type Pin, PIN_FORMAT, type PinTable } from "../../lib/storage/pin_format.ts";
import { anyCharacter, textOf } from "../support/arbitrary_text.ts";
import { pureTest } from "../support/pure.ts";

const [A, B, C] = ["A", "E", "I"].map((last) => "A".repeat(42) + last) as [string, string, string];

/** Pins made at first use, of names by number. */
function manyPins(count: number, trustedAt: (i: number) => number = () => 0): PinTable {
  return new Map(
    Array.from({ length: count }, (_, i) => [`n${i}`, { id: A, trustedAt: trustedAt(i) }]),
  );
}

const anyPin: fc.Arbitrary<Pin> = fc.record({
  id: fc.constantFrom(A, B, C),
  trustedAt: fc.oneof(fc.constant(0), fc.maxSafeNat()),
}, { noNullPrototype: true });
const anyPins = fc.array(fc.tuple(textOf(anyCharacter, 8), anyPin)).map((pins) => new Map(pins));

pureTest("PIN_FORMAT reads what it writes, in order", () => {
  fc.assert(fc.property(anyPins, (pins) => {
    const read = PIN_FORMAT.parse(PIN_FORMAT.format(pins));
    assert.deepEqual([...read], [...pins]);
  }));
});

pureTest("PIN_FORMAT notices a file that was cut anywhere", () => {
  const text = PIN_FORMAT.format(
    new Map([["a", { id: A, trustedAt: 5 }], ["b", { id: B, trustedAt: 0 }]]),
  );
  assert.equal(PIN_FORMAT.parse(text).size, 2);
  for (let cut = 0; cut < text.length; cut++) {
    assert.throws(() => PIN_FORMAT.parse(text.slice(0, cut)));
    assert.throws(() => PIN_FORMAT.parse(text.slice(cut + 1)));
  }
});

pureTest("PIN_FORMAT refuses what it did not write", () => {
  const pin = JSON.stringify(["a", A, 0]);
  const texts = ["pins1 0", "pins2 0\n", "pins1 00\n", "pins1 1\n", "pins1 0\n\n", "pins1 0\r\n"];
  texts.push(`pins1 2\n${pin}\n${pin}\n`, `pins1 1\n${pin}\n${pin}\n`, `pins1 1\n ${pin}\n`);
  for (const line of ["", "null", "1", "{}", "[]", `["a"]`, `["a","${A}"]`, `["a","${A}",0,0]`]) {
    texts.push(`pins1 1\n${line}\n`);
  }
  for (const time of [-1, 0.5, "null", `"0"`, "1e3", 2 ** 53, "-0"]) {
    texts.push(`pins1 1\n["a","${A}",${time}]\n`);
  }
  texts.push(`pins1 1\n["a","${A.slice(1)}",0]\n`, `pins1 1\n["a","${A.slice(0, -1)}B",0]\n`);
  texts.push(`pins1 1\n[1,"${A}",0]\n`, `pins1 1\n["\\u0061","${A}",0]\n`);
  for (const text of texts) assert.throws(() => PIN_FORMAT.parse(text), Error, text);
  for (const more of [0, 1, 5904]) {
    const text = PIN_FORMAT.format(manyPins(MAX_PINS + more));
    assert.equal(PIN_FORMAT.parse(text).size, MAX_PINS);
  }
});

pureTest("PIN_FORMAT.merge() prefers the newer trust, then the pin on disk", () => {
  const merge = (disk: Pin, mine: Pin) =>
    PIN_FORMAT.merge(new Map([["a", disk]]), new Map([["a", mine]])).get("a")!.id;
  assert.equal(merge({ id: A, trustedAt: 0 }, { id: B, trustedAt: 0 }), A);
  assert.equal(merge({ id: A, trustedAt: 0 }, { id: B, trustedAt: 1 }), B);
  assert.equal(merge({ id: A, trustedAt: 1 }, { id: B, trustedAt: 0 }), A);
  assert.equal(merge({ id: A, trustedAt: 1 }, { id: B, trustedAt: 2 }), B);
  assert.equal(merge({ id: A, trustedAt: 2 }, { id: B, trustedAt: 2 }), A);
});

pureTest("PIN_FORMAT.merge() keeps every name, and changes neither table", () => {
  fc.assert(fc.property(anyPins, anyPins, (disk, mine) => {
    const before = [structuredClone(disk), structuredClone(mine)];
    const merged = PIN_FORMAT.merge(disk, mine);
    assert.deepEqual(new Set(merged.keys()), new Set([...disk.keys(), ...mine.keys()]));
    merged.clear();
    assert.deepEqual([disk, mine], before);
  }));
});

pureTest("boundPins() drops the newest that nobody asked for, then the newest", () => {
  const pins = manyPins(MAX_PINS + 2, (i) => i < 1 || i > MAX_PINS ? 1 : 0);
  boundPins(pins);
  assert.equal(pins.size, MAX_PINS);
  assert.ok(pins.has("n0") && pins.has(`n${MAX_PINS + 1}`));
  assert.ok(!pins.has(`n${MAX_PINS}`) && !pins.has(`n${MAX_PINS - 1}`));
  const trusted = manyPins(MAX_PINS + 1, () => 1);
  boundPins(trusted);
  assert.ok(!trusted.has(`n${MAX_PINS}`));
});

pureTest("a full table of the longest names fits a state file", () => {
  // 11 is the most that folding makes of a byte, which tests/storage/pins_test.ts shows.
  const pin = JSON.stringify(["x".repeat(11 * MAX_NICKNAME_BYTES), A, Number.MAX_SAFE_INTEGER]);
  assert.ok(MAX_PINS * (pin.length + 1) + 100 < MAX_STATE_FILE_BYTES);
});
