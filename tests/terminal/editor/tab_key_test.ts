import assert from "node:assert/strict";
import { Draft } from "../../../lib/terminal/editor/draft.ts";
import { TabKey } from "../../../lib/terminal/editor/tab_key.ts";
import { pureTest } from "../../support/pure.ts";

const BELL = [{ kind: "bell" }];

function tabBehind(text: string) {
  const draft = new Draft();
  draft.insert(text);
  return { draft, tab: new TabKey(draft) };
}

pureTest("TabKey.press() asks for what completes the text before the cursor", () => {
  const { draft, tab } = tabBehind("al bob");
  draft.move("word-left");
  for (const step of [1, -1] as const) {
    assert.deepEqual(tab.press(step), [{ kind: "complete", before: "al " }]);
  }
});

pureTest("TabKey goes through several candidates, from the first or the last", () => {
  for (const [step, texts] of [[1, ["a", "b", "a"]], [-1, ["b", "a", "b"]]] as const) {
    const { draft, tab } = tabBehind("");
    tab.press(step);
    assert.deepEqual(tab.offer({ start: 0, candidates: ["a", "b"] }), []);
    const seen = [draft.text];
    for (let i = 0; i < 2; i++) {
      assert.deepEqual(tab.press(step), []);
      seen.push(draft.text);
    }
    assert.deepEqual(seen, texts);
    assert.equal(tab.spans?.filter(({ style }) => style === "match")[0]?.text, seen[2]);
  }
});

pureTest("TabKey has nothing to choose from behind a single candidate, or none", () => {
  const { draft, tab } = tabBehind("x");
  tab.press(1);
  assert.deepEqual(tab.offer({ start: 0, candidates: [] }), BELL);
  tab.press(1);
  assert.deepEqual(tab.offer({ start: 0, candidates: ["xy"] }), []);
  assert.deepEqual([draft.text, tab.spans], ["xy", undefined]);
  assert.deepEqual(tab.press(1), [{ kind: "complete", before: "xy" }]);
});

pureTest("TabKey takes one offer for each question, and none after forget()", () => {
  const { draft, tab } = tabBehind("x");
  const offer = { start: 0, candidates: ["a", "b"] };
  assert.deepEqual(tab.offer(offer), []);
  tab.press(1);
  tab.forget();
  assert.deepEqual(tab.offer(offer), []);
  assert.equal(draft.text, "x");
  tab.press(1);
  tab.offer(offer);
  tab.forget();
  assert.deepEqual(tab.press(1), [], "the candidates are still there");
  assert.equal(draft.text, "b");
});

pureTest("TabKey.end() drops candidates and question", () => {
  const { draft, tab } = tabBehind("x");
  const offer = { start: 0, candidates: ["a", "b"] };
  tab.press(1);
  tab.end();
  tab.offer(offer);
  assert.equal(draft.text, "x");
  tab.press(1);
  tab.offer(offer);
  tab.end();
  assert.equal(tab.spans, undefined);
  assert.equal(tab.press(1)[0]?.kind, "complete");
});
