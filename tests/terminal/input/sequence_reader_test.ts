import assert from "node:assert/strict";
import { pressed, type TtyEvent } from "../../../lib/terminal/input/input_events.ts";
import {
  MAX_SEQUENCE_BYTES,
  SequenceReader,
  type Step,
} from "../../../lib/terminal/input/sequence_reader.ts";
import { pureTest } from "../../support/pure.ts";

/** What a sequence without its ESC makes, and the step of its last byte; all others go on. */
function read(sequence: string): [step: Step, ...events: TtyEvent[]] {
  const events: TtyEvent[] = [];
  const reader = new SequenceReader((event) => events.push(event));
  reader.begin();
  const steps = [...new TextEncoder().encode(sequence)].map((byte) => reader.step(byte));
  assert.ok(steps.slice(0, -1).every((step) => step === "more"), `${sequence}: ${steps}`);
  return [steps.at(-1)!, ...events];
}

pureTest("SequenceReader ends a key at its last byte", () => {
  const up = pressed("up");
  const cases: [sequence: string, ...events: TtyEvent[]][] = [
    ["[A", up],
    ["OA", up],
    ["[3$", pressed("delete", { shift: true })],
    ["[?1;2$y"],
    ["b", pressed("b", { alt: true })],
    ["~", pressed("~", { alt: true })],
    ["\x7f", pressed("backspace", { alt: true })],
    ["\x1bb", pressed("escape"), pressed("b", { alt: true })],
    ["\x1b[A", pressed("up", { alt: true })],
    ["[M !~"],
    ["[[A"],
    ["]0;title\x07"],
    ["Px\x1b\\"],
    ["_x\x1b[A", up],
    [`[${"1".repeat(MAX_SEQUENCE_BYTES)}A`],
  ];
  for (const [sequence, ...events] of cases) {
    assert.deepEqual(read(sequence), ["end", ...events], sequence);
  }
});

pureTest("SequenceReader tells where a paste begins", () => {
  assert.deepEqual(read("[200~"), ["paste"]);
  assert.deepEqual(read("[0200~"), ["end"]);
});

pureTest("SequenceReader leaves a byte that is no part of a sequence to be read again", () => {
  for (const begun of ["[1;", "O", "]0;", "[M!", "[["]) {
    assert.deepEqual(read(`${begun}\x03`), ["other"], begun);
  }
  assert.deepEqual(read("[1\x7f"), ["other"]);
  assert.deepEqual(read("O\x7f"), ["other"]);
});

pureTest("SequenceReader takes Escape before a letter beyond ASCII as the key", () => {
  const events: TtyEvent[] = [];
  const reader = new SequenceReader((event) => events.push(event));
  reader.begin();
  assert.equal(reader.step(0xc3), "other");
  assert.deepEqual(events, [pressed("escape")]);
});

pureTest("SequenceReader.flush() makes keys of ESC alone, and nothing of what is begun", () => {
  for (const [begun, count] of [["", 1], ["\x1b", 2], ["[", 0], ["[1;5", 0], ["]0", 0]] as const) {
    const events: TtyEvent[] = [];
    const reader = new SequenceReader((event) => events.push(event));
    reader.begin();
    for (const character of begun) reader.step(character.charCodeAt(0));
    reader.flush();
    assert.deepEqual(events, Array(count).fill(pressed("escape")), begun);
  }
});
