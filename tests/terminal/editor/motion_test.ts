import fc from "fast-check";
import assert from "node:assert/strict";
import {
  columnOf,
  findInNextLine,
  findTarget,
  type Motion,
} from "../../../lib/terminal/editor/motion.ts";
import { pureTest } from "../../support/pure.ts";

/** Moves the `|` of a text. */
function move(marked: string, motion: Motion): string {
  const text = marked.replace("|", "");
  const target = findTarget(text, marked.indexOf("|"), motion);
  return `${text.slice(0, target)}|${text.slice(target)}`;
}

pureTest("findTarget() stays where there is nowhere to go", () => {
  for (const motion of ["left", "word-left", "blank-left", "line-start", "start"] as const) {
    assert.equal(move("|a b", motion), "|a b", motion);
  }
  for (const motion of ["right", "word-right", "line-end", "end"] as const) {
    assert.equal(move("a b|", motion), "a b|", motion);
  }
});

pureTest("findTarget() goes over white space, and then over a word", () => {
  assert.equal(move("ab, cd-ef|", "word-left"), "ab, cd-|ef");
  assert.equal(move("ab, |cd", "word-left"), "|ab, cd");
  assert.equal(move("ab, cd-ef  |", "blank-left"), "ab, |cd-ef  ");
  assert.equal(move("ab|, cd-ef", "word-right"), "ab, cd|-ef");
  assert.equal(move("a\n|b", "word-left"), "|a\nb");
});

pureTest("findTarget() finds the edges of the line, not of the text", () => {
  assert.equal(move("ab\n|cd\nef", "line-start"), "ab\n|cd\nef");
  assert.equal(move("ab|\ncd", "line-end"), "ab|\ncd");
  assert.equal(move("ab\n|\ncd", "line-end"), "ab\n|\ncd");
  assert.equal(move("\n|", "line-start"), "\n|");
});

pureTest("findTarget() goes right and left over the same clusters, whatever the text", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => {
    const places = [0];
    while (places.at(-1)! < text.length) places.push(findTarget(text, places.at(-1)!, "right"));
    for (let i = places.length - 1; i > 0; i--) {
      assert.equal(findTarget(text, places[i]!, "left"), places[i - 1]);
    }
  }));
});

pureTest("findTarget() goes back by one sign of a script whose signs are typed one by one", () => {
  const signs = {
    Thai: "ที่กำ",
    Lao: "ນ້ຳ",
    Khmer: "ស្រី",
    Burmese: "မြန်မာ",
    Bengali: "বাংলা",
    Devanagari: "हिन्दी क्ष",
    Tamil: "நி",
    Tibetan: "བོད",
    Hebrew: "שָׁ",
    Arabic: "مُّ",
    "Chakma, beyond the BMP": "\u{11107}\u{11127}\u{11133}",
  };
  for (const [script, text] of Object.entries(signs)) {
    let cursor = text.length;
    const taken: string[] = [];
    while (cursor > 0) {
      const target = findTarget(text, cursor, "typed-left");
      taken.unshift(text.slice(target, cursor));
      cursor = target;
    }
    assert.deepEqual(taken, Array.from(text), script);
  }
});

pureTest("findTarget() goes back by all of a letter with accents, a syllable or an emoji", () => {
  const wholes = [
    ...["e\u0301", "и\u0306", "α\u0301\u0345", "か\u3099", "\u1112\u1161\u11ab"],
    ...["葛\u{e0100}", "👍🏽", "👩‍👩‍👧", "🇫🇷", "1\ufe0f\u20e3", "❤️", "×\u0338", "a"],
  ];
  for (const text of wholes) {
    assert.equal(findTarget(`x${text}`, 1 + text.length, "typed-left"), 1, text);
  }
});

pureTest("findInNextLine() goes as far in as there is room, and not into a wide character", () => {
  const text = "abcdef\n漢字\n\nxyz";
  const places = [0, 1, 2, 3, 4, 9].map((column) => findInNextLine(text, 3, "down", column));
  assert.deepEqual(places, [7, 7, 8, 8, 9, 9]);
  assert.equal(findInNextLine(text, 8, "down", 4), 10);
  assert.equal(findInNextLine(text, 10, "down", 2), 13);
  assert.equal(findInNextLine(text, 8, "up", 3), 3);
  assert.equal(findInNextLine(text, 10, "up", 2), 8);
  assert.equal(findInNextLine(text, 3, "up", 0), undefined);
  assert.equal(findInNextLine(text, 11, "down", 0), undefined);
});

pureTest("columnOf() counts from the beginning of the line", () => {
  assert.deepEqual([0, 2, 3, 4, 5].map((cursor) => columnOf("ab\n漢c", cursor)), [0, 2, 0, 2, 3]);
});
