import assert from "node:assert/strict";
import { pressed } from "../../../lib/terminal/input/input_events.ts";
import {
  nameApplicationSequence,
  nameControl,
  nameControlSequence,
} from "../../../lib/terminal/input/keypress_sequences.ts";
import { pureTest } from "../../support/pure.ts";

pureTest("nameControl() names every control character", () => {
  const special = new Map([[0x00, "space"], [0x09, "tab"], [0x0a, "enter"], [0x0d, "enter"]]);
  for (let byte = 0; byte < 0x20; byte++) {
    const name = special.get(byte) ?? String.fromCharCode(byte + 0x40).toLowerCase();
    const ctrl = byte === 0 || !special.has(byte);
    assert.deepEqual(nameControl(byte, false), pressed(name, { ctrl }));
    const expected = byte === 0x08
      ? pressed("backspace", { alt: true })
      : pressed(name, { ctrl, alt: true });
    assert.deepEqual(nameControl(byte, true), expected);
  }
  assert.deepEqual(nameControl(0x7f, false), pressed("backspace"));
});

pureTest("nameControlSequence() reads modifiers as the sum of their bits and one", () => {
  for (let bits = 0; bits < 64; bits++) {
    const isForeign = (bits & 24) !== 0;
    const [shift, ctrl] = [(bits & 1) !== 0, (bits & 4) !== 0];
    const alt = (bits & 2) !== 0 || (bits & 32) !== 0;
    const expected = isForeign ? undefined : pressed("up", { shift, alt, ctrl });
    assert.deepEqual(nameControlSequence(`1;${bits + 1}A`, false), expected, `${bits}`);
  }
});

pureTest("nameControlSequence() knows a key that is held down, and none that is let go", () => {
  assert.deepEqual(nameControlSequence("1;1:2A", false), pressed("up"));
  assert.equal(nameControlSequence("1;1:3A", false), undefined);
});

pureTest("nameControlSequence() makes text only of what can be shown", () => {
  const text = (code: number) => nameControlSequence(`${code}u`, false);
  const edges: [code: number, isText: boolean][] = [
    ...[[0x1f, false], [0x20, true], [0x7e, true], [0x9f, false], [0xa0, true]] as const,
    ...[[0xd7ff, true], [0xd800, false], [0xf8ff, false], [0xf900, true]] as const,
    ...[[0x10ffff, true], [0x110000, false]] as const,
  ].map(([code, isText]) => [code, isText]);
  for (const [code, isText] of edges) {
    const expected = isText ? { kind: "text", text: String.fromCodePoint(code) } : undefined;
    assert.deepEqual(text(code), expected, code.toString(16));
  }
  assert.deepEqual(nameControlSequence("97;;228:8u", false), { kind: "text", text: "a" });
});

pureTest("nameControlSequence() binds no character beyond ASCII", () => {
  assert.deepEqual(nameControlSequence("126;5u", false), pressed("~", { ctrl: true }));
  assert.equal(nameControlSequence("233;5u", false), undefined);
});

pureTest("nameApplicationSequence() knows letters, and ctrl by the small ones", () => {
  assert.deepEqual(nameApplicationSequence("H", false), pressed("home"));
  assert.deepEqual(nameApplicationSequence("a", true), pressed("up", { ctrl: true, alt: true }));
  assert.deepEqual(nameApplicationSequence("5H", false), pressed("home", { ctrl: true }));
  for (const body of ["P", "1", "", "9H", "HH"]) {
    assert.equal(nameApplicationSequence(body, false), undefined, body);
  }
});
