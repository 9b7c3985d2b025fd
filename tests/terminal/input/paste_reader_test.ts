import assert from "node:assert/strict";
import { MAX_PASTE_BYTES, PasteReader } from "../../../lib/terminal/input/paste_reader.ts";
import { pureTest } from "../../support/pure.ts";

const END = "\x1b[201~";

pureTest("push() finds the end mark wherever it is cut, and says where the paste ends", () => {
  const bytes = new TextEncoder().encode(`a${END}b`);
  for (let cut = 0; cut <= bytes.length; cut++) {
    const reader = new PasteReader();
    const first = reader.push(bytes.subarray(0, cut), 0);
    assert.equal(first, Math.min(cut, bytes.length - 1));
    if (!reader.hasEnded) assert.equal(reader.push(bytes, cut), bytes.length - 1);
    assert.equal(reader.hasEnded, true);
    assert.deepEqual(reader.take(), { kind: "paste", text: "a", isWhole: true });
    assert.equal(reader.hasEnded, false);
  }
});

pureTest("push() keeps a paste of the greatest size, and nothing of a longer one", () => {
  const reader = new PasteReader(4);
  for (
    const [text, kept] of [["abcd", "abcd"], ["abcde", ""], ["é漢", ""], ["ab", "ab"]] as const
  ) {
    for (const character of text + END) reader.push(new TextEncoder().encode(character), 0);
    assert.deepEqual(reader.take(), { kind: "paste", text: kept, isWhole: kept !== "" });
  }
});

pureTest("push() holds as much as the limit says unless told otherwise", () => {
  const reader = new PasteReader();
  const most = new Uint8Array(MAX_PASTE_BYTES).fill(0x61);
  reader.push(most, 0);
  assert.equal(reader.take().text.length, MAX_PASTE_BYTES);
  reader.push(most, 0);
  reader.push(Uint8Array.of(0x61), 0);
  assert.deepEqual(reader.take(), { kind: "paste", text: "", isWhole: false });
});

pureTest("take() gives what came so far, with what looked like an end mark", () => {
  const reader = new PasteReader();
  reader.push(new TextEncoder().encode("a\x1b[201"), 0);
  assert.deepEqual(reader.take(), { kind: "paste", text: "a\x1b[201", isWhole: false });
  reader.push(Uint8Array.of(0x62, 0xe2, 0x82), 0);
  assert.deepEqual(reader.take(), {
    kind: "paste",
    text: "b\ufffd",
    isWhole: false,
    isBroken: true,
  });
});
