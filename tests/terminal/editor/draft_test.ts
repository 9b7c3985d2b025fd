import fc from "fast-check";
import assert from "node:assert/strict";
import { MAX_TEXT_BYTES } from "../../../lib/protocol/limits.ts";
import { Draft, MAX_UNDOS } from "../../../lib/terminal/editor/draft.ts";
import type { Motion } from "../../../lib/terminal/editor/motion.ts";
import { MAX_KILLS } from "../../../lib/terminal/editor/kill_ring.ts";
import { splitClusters } from "../../../lib/text/cluster.ts";
import { pureTest } from "../../support/pure.ts";

/** A draft from text in which `|` is the cursor. */
function draftOf(marked: string): Draft {
  const draft = new Draft();
  draft.replace(marked.replace("|", ""), marked.indexOf("|"));
  return draft;
}

function show({ text, cursor }: Draft): string {
  return `${text.slice(0, cursor)}|${text.slice(cursor)}`;
}

pureTest("move() goes by clusters, words, lines and the whole", () => {
  for (
    const [before, motion, after] of [
      ["a👍🏽|b", "left", "a|👍🏽b"],
      ["a|👩‍🚀b", "right", "a👩‍🚀|b"],
      ["one, two|", "word-left", "one, |two"],
      ["|  élan, x", "word-right", "  élan|, x"],
      ["a-b  |", "blank-left", "|a-b  "],
      ["a\nb|c\nd", "line-start", "a\n|bc\nd"],
      ["a\nb|c\nd", "line-end", "a\nbc|\nd"],
      ["a\nb|c\nd", "start", "|a\nbc\nd"],
      ["a\nb|c\nd", "end", "a\nbc\nd|"],
    ] as const
  ) {
    const draft = draftOf(before);
    assert.equal(draft.move(motion), true);
    assert.equal(show(draft), after);
  }
  assert.equal(draftOf("|a").move("left"), false);
  assert.equal(draftOf("a|").move("right"), false);
});

pureTest("moveLine() keeps to the column it began in", () => {
  const draft = draftOf("abcd|e\n漢\n漢字漢");
  assert.equal(draft.moveLine("down"), true);
  assert.equal(show(draft), "abcde\n漢|\n漢字漢");
  assert.equal(draft.moveLine("down"), true);
  assert.equal(show(draft), "abcde\n漢\n漢字|漢");
  assert.equal(draft.moveLine("down"), false);
  draft.moveLine("up");
  draft.moveLine("up");
  assert.equal(show(draft), "abcd|e\n漢\n漢字漢");
  assert.equal(draft.moveLine("up"), false);
});

pureTest("delete() takes one cluster", () => {
  const draft = draftOf("e\u0301🇫🇷|漢x");
  draft.delete("left");
  draft.delete("right");
  draft.delete("left");
  assert.equal(show(draft), "|x");
  assert.equal(draft.delete("left"), false);
});

pureTest("delete() leaves the cursor between clusters where two become one", () => {
  const draft = draftOf("🇫x|🇷");
  draft.delete("left");
  assert.equal(show(draft), "🇫🇷|");
});

pureTest("kill() takes a line break at the edge of a line", () => {
  const draft = draftOf("a\nb|c");
  for (const expected of ["a\n|c", "a|c", "|c"]) {
    assert.equal(draft.kill("line-start"), true);
    assert.equal(show(draft), expected);
  }
  const other = draftOf("a|b\nc");
  other.kill("line-end");
  other.kill("line-end");
  assert.equal(show(other), "a|c");
});

pureTest("yank() inserts kills in a row as one, in their order", () => {
  const draft = draftOf("one two| three");
  draft.kill("word-left");
  draft.kill("blank-left");
  draft.kill("line-end");
  assert.equal(draft.yank(), true);
  assert.equal(show(draft), "one two three|");
  assert.equal(new Draft().yank(), false);
});

pureTest("yankOlder() goes through the kills, but only after a yank", () => {
  const draft = draftOf("one two|");
  draft.kill("word-left");
  draft.move("start");
  draft.kill("line-end");
  assert.equal(draft.yankOlder(), false);
  draft.yank();
  assert.equal(show(draft), "one |");
  draft.yankOlder();
  assert.equal(show(draft), "two|");
  draft.yankOlder();
  assert.equal(show(draft), "one |");
});

pureTest("kill() forgets the oldest beyond the limit", () => {
  const draft = new Draft();
  for (let index = 0; index <= MAX_KILLS; index++) {
    draft.insert(`${index}`);
    draft.kill("start");
  }
  draft.yank();
  for (let index = 1; index < MAX_KILLS; index++) draft.yankOlder();
  assert.equal(draft.text, "1");
});

pureTest("transpose() swaps the clusters around the cursor", () => {
  for (
    const [before, after] of [
      ["ab|", "ba|"],
      ["a|b", "ba|"],
      ["a漢|\nb", "漢a|\nb"],
      ["|ab", undefined],
      ["a|", undefined],
      ["b\na|", undefined],
    ] as const
  ) {
    const draft = draftOf(before);
    assert.equal(draft.transpose(), after !== undefined);
    assert.equal(show(draft), after ?? before);
  }
});

pureTest("undo() takes changes back, typed words as one", () => {
  const draft = new Draft();
  for (const character of "ab cd") draft.insert(character);
  draft.kill("start");
  const texts = [];
  while (draft.undo()) texts.push(draft.text);
  assert.deepEqual(texts, ["ab cd", "ab", ""]);
});

pureTest("undo() goes back as far as the limit", () => {
  const draft = new Draft();
  for (let index = 0; index < MAX_UNDOS + 5; index++) draft.insert(" ");
  let count = 0;
  while (draft.undo()) count++;
  assert.equal(count, MAX_UNDOS);
});

pureTest("insert() takes as much as a message holds, and nothing of more", () => {
  const draft = new Draft();
  assert.equal(draft.insert("é".repeat(MAX_TEXT_BYTES / 2)), true);
  assert.equal(draft.insert("a"), false);
  assert.equal(draft.text.length, MAX_TEXT_BYTES / 2);
  assert.equal(draft.sizeWith("a"), MAX_TEXT_BYTES + 1);
  draft.delete("left");
  assert.equal(draft.insert("漢"), false);
  assert.equal(draft.insert("ab"), true);
});

pureTest("insert() makes line breaks LF and text well-formed", () => {
  const draft = new Draft();
  draft.insert("a\r\nb\rc\ud800");
  assert.equal(draft.text, "a\nb\nc\ufffd");
});

pureTest("discard() leaves what can be yanked", () => {
  const draft = draftOf("a|b");
  draft.discard();
  assert.equal(draft.text, "");
  draft.yank();
  assert.equal(draft.text, "ab");
});

pureTest("any edits leave the cursor between clusters", () => {
  const motion = fc.constantFrom<Motion>(
    ...["left", "right", "word-left", "word-right", "blank-left"] as const,
    ...["line-start", "line-end", "start", "end"] as const,
  );
  const text = fc.constantFrom(
    "a",
    " ",
    "\n",
    "漢",
    "\u0301",
    "🇫",
    "🇷",
    "👩",
    "\u200d",
    "🚀",
    "\r",
  );
  const edit = fc.oneof(
    text.map((text) => (draft: Draft) => draft.insert(text)),
    motion.map((motion) => (draft: Draft) => draft.move(motion)),
    motion.map((motion) => (draft: Draft) => draft.delete(motion)),
    motion.map((motion) => (draft: Draft) => draft.kill(motion)),
    fc.constantFrom(
      (draft: Draft) => draft.yank(),
      (draft: Draft) => draft.yankOlder(),
      (draft: Draft) => draft.transpose(),
      (draft: Draft) => draft.undo(),
      (draft: Draft) => draft.moveLine("up"),
      (draft: Draft) => draft.moveLine("down"),
    ),
  );
  fc.assert(
    fc.property(fc.array(edit, { maxLength: 40 }), (edits) => {
      const draft = new Draft();
      for (const edit of edits) {
        edit(draft);
        const { text, cursor } = draft;
        const boundaries = new Set([0]);
        let index = 0;
        for (const cluster of splitClusters(text)) boundaries.add(index += cluster.text.length);
        assert.ok(boundaries.has(cursor), JSON.stringify({ text, cursor }));
      }
    }),
    { numRuns: 500 },
  );
});
