import assert from "node:assert/strict";
import { MAX_TEXT_BYTES } from "../../../lib/protocol/limits.ts";
import { Candidates, MAX_CANDIDATES } from "../../../lib/terminal/editor/candidates.ts";
import { Draft } from "../../../lib/terminal/editor/draft.ts";
import { pureTest } from "../../support/pure.ts";

function completing(candidates: readonly string[]) {
  const draft = new Draft();
  draft.insert("x y");
  draft.move("left");
  return { draft, tab: new Candidates(draft, { start: 0, candidates }) };
}

pureTest("go() replaces what is before the cursor, around in both ways", () => {
  const { draft, tab } = completing(["a ", "b "]);
  const texts = ([1, 1, 1, -1, -1] as const).map((step) => (tab.go(step), draft.text));
  assert.deepEqual(texts, ["a y", "b y", "a y", "b y", "a y"]);
});

pureTest("go() has nothing to do without candidates, or with one that does not fit", () => {
  assert.equal(completing([]).tab.go(1), false);
  const { draft, tab } = completing(["a".repeat(MAX_TEXT_BYTES)]);
  assert.equal(tab.go(1), false);
  assert.equal(draft.text, "x y");
});

pureTest("go() looks at so many candidates at most", () => {
  const { draft, tab } = completing([...Array(MAX_CANDIDATES + 1).keys()].map(String));
  tab.go(-1);
  assert.equal(draft.text, `${MAX_CANDIDATES - 1}y`);
});

pureTest("spans shows eight candidates, and marks the current one", () => {
  const { tab } = completing([..."abcdefghij"]);
  for (let count = 0; count < 8; count++) tab.go(1);
  assert.equal(tab.spans.map(({ text }) => text).join(""), "a  b  c  d  e  f  g  h  …");
  tab.go(1);
  assert.deepEqual(tab.spans.slice(0, 3), [
    { text: "i", style: "match" },
    { text: "  ", style: "hint" },
    { text: "j", style: "hint" },
  ]);
});
