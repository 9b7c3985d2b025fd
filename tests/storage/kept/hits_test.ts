import assert from "node:assert/strict";
import { formatBlock } from "../../../lib/storage/kept/block.ts";
import { Hits } from "../../../lib/storage/kept/hits.ts";
import { kept } from "../../support/kept.ts";
import { pureTest } from "../../support/pure.ts";

pureTest("Hits counts all, and has the last in order", () => {
  const hits = new Hits("A", 3);
  for (const texts of ["ab cd ae", "x", "a1 a2 x a3"].map((text) => text.split(" ")).reverse()) {
    hits.take(formatBlock(texts.map((text, i) => kept(text, i, { nickname: "z" }))));
  }
  assert.equal(hits.count, 5);
  assert.deepEqual(hits.last.map(({ text }) => text), ["a1", "a2", "a3"]);
});
