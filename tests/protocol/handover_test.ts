import assert from "node:assert/strict";
import { formatHandover, HANDOVER_BYTES, parseHandover } from "../../lib/protocol/handover.ts";
import { DAY, firstGeneration, makeGeneration, ROOT, textOf } from "../support/generations.ts";
import { KEY } from "../support/key_files.ts";
import { pureTest } from "../support/pure.ts";

pureTest("formatHandover() of the first form is the 32 bytes of its key", async () => {
  assert.deepEqual(await formatHandover(KEY), ROOT);
  assert.equal(await parseHandover(ROOT), KEY);
});

pureTest("formatHandover() of the second form is the newest generation alone", async () => {
  const generation = await makeGeneration(258, 1);
  const text = textOf(generation, await firstGeneration({ until: 5 }));
  const bytes = await formatHandover(text);
  const hex = [
    ROOT.toHex(),
    "00000102",
    (DAY - 1).toString(16).padStart(8, "0"),
    "01".repeat(32),
    generation.mark.toHex(),
  ];
  assert.equal(bytes.toHex(), hex.join(""));
  assert.deepEqual(HANDOVER_BYTES, [32, 104]);
  assert.equal(await parseHandover(bytes), textOf(generation));
});

pureTest("parseHandover() refuses what no file could hold", async () => {
  const bytes = await formatHandover(textOf(await makeGeneration(1, 1)));
  for (const numbers of [[0, 0, 0, 0], [255, 255, 255, 255]]) {
    const changed = bytes.slice();
    changed.set(numbers, 32);
    assert.equal(await parseHandover(changed), undefined);
  }
  const late = bytes.slice();
  late.set([255, 255, 255, 255], 36);
  assert.equal(await parseHandover(late), undefined);
});
