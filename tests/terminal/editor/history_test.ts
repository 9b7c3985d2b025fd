import assert from "node:assert/strict";
import { MAX_HISTORY_ENTRIES } from "../../../lib/storage/limits.ts";
import {
  History,
  MAX_HISTORY_CHARS,
  MAX_HISTORY_EDITS,
} from "../../../lib/terminal/editor/history.ts";
import { pureTest } from "../../support/pure.ts";

pureTest("older() and newer() keep the draft, and what was changed on the way", () => {
  const history = new History(["one", "two"]);
  assert.equal(history.newer("draft"), undefined);
  assert.equal(history.older("draft"), "two");
  assert.equal(history.older("two!"), "one");
  assert.equal(history.older("one"), undefined);
  assert.equal(history.newer("one"), "two!");
  assert.equal(history.newer("two!"), "draft");
  history.add("three");
  assert.equal(history.older(""), "three");
  assert.equal(history.older("three"), "two");
});

pureTest("add() takes no text twice in a row, and no empty one", () => {
  const history = new History(["a", "a", "", "b"]);
  assert.equal(history.add("b"), false);
  assert.equal(history.add(""), false);
  assert.equal(history.add("a"), true);
  assert.deepEqual(history.entries, ["a", "b", "a"]);
});

pureTest("add() forgets the oldest beyond the limits", () => {
  const many = new History(
    Array.from({ length: MAX_HISTORY_ENTRIES + 1 }, (_, index) => `${index}`),
  );
  assert.equal(many.entries.length, MAX_HISTORY_ENTRIES);
  assert.equal(many.entries[0], "1");
  const half = MAX_HISTORY_CHARS / 2;
  const long = new History(["a".repeat(half), "b".repeat(half)]);
  assert.equal(long.entries.length, 2);
  long.add("c");
  assert.deepEqual(long.entries, ["b".repeat(half), "c"]);
});

pureTest("older() keeps so many changes at most, and always the draft", () => {
  const count = MAX_HISTORY_EDITS + 2;
  const history = new History(Array.from({ length: count }, (_, index) => `${index}`));
  history.older("draft");
  for (let index = 1; index < count; index++) history.older("changed");
  let text = history.newer("changed");
  const texts = [text];
  while ((text = history.newer(text ?? "")) !== undefined) texts.push(text);
  assert.equal(texts.at(-1), "draft");
  // One more is where the way back began, and one is the draft.
  assert.equal(texts.filter((text) => text === "changed").length, MAX_HISTORY_EDITS - 2);
});

pureTest("search() finds the newest, and then older ones", () => {
  const history = new History(["make", "bake make", "cook"]);
  assert.deepEqual(history.search("make"), { index: 1, text: "bake make", start: 5 });
  assert.deepEqual(history.search("make", 1), { index: 0, text: "make", start: 0 });
  assert.equal(history.search("make", 0), undefined);
});
