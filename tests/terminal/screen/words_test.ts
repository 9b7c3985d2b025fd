import fc from "fast-check";
import assert from "node:assert/strict";
import { splitWords, staysWhole } from "../../../lib/terminal/screen/words.ts";
import { textWidth } from "../../../lib/text/cluster.ts";
import { sanitize } from "../../../lib/text/sanitize.ts";
import { anyCharacter, textOf } from "../../support/arbitrary_text.ts";
import { pureTest } from "../../support/pure.ts";

function split(line: string): string[] {
  return splitWords(line, 0).map(({ start, end }) => line.slice(start, end));
}

pureTest("splitWords() splits at spaces, and after each ideograph", () => {
  const cases: [line: string, words: string[]][] = [
    ["", []],
    ["one  two ", ["one", "  ", "two", " "]],
    ["ab漢字x", ["ab", "漢", "字", "x"]],
    ["漢。字」ー", ["漢。", "字」ー"]],
    ["a。b", ["a。b"]],
    ["éa👍🏽b", ["éa👍🏽b"]],
  ];
  for (const [line, words] of cases) assert.deepEqual(split(line), words);
});

pureTest("splitWords() joins what French sets off with one space, and no more", () => {
  const cases: [line: string, words: string[]][] = [
    ["ici !", ["ici !"]],
    ["ici  !", ["ici", "  ", "!"]],
    ["« oui »", ["« oui »"]],
    ["a ! !", ["a !", " ", "!"]],
    ["漢 !", ["漢", " ", "!"]],
    ["! a", ["!", " ", "a"]],
    ["http://a.b !", ["http://a.b", " ", "!"]],
  ];
  for (const [line, words] of cases) assert.deepEqual(split(line), words);
});

pureTest("splitWords() counts from where the line begins", () => {
  const words = splitWords("ici !漢", 7).map(({ start, end, width, kind }) => {
    return [start, end, width, kind];
  });
  assert.deepEqual(words, [[7, 12, 5, "letters"], [12, 13, 2, "ideograph"]]);
});

pureTest("splitWords() leaves no gap, and measures each word, whatever the line", () => {
  fc.assert(fc.property(textOf(anyCharacter, 30).map(sanitize), (line) => {
    const words = splitWords(line, 0);
    assert.equal(words.map(({ start, end }) => line.slice(start, end)).join(""), line);
    const width = words.reduce((sum, word) => sum + word.width, 0);
    assert.equal(width, textWidth(line));
  }));
});

pureTest(
  "splitWords() takes ideographs behind a URL for part of it, up to the sentence's end",
  () => {
    const cases: [line: string, words: string[]][] = [
      ["見https://ja.example/wiki/漢字_x あ", ["見", "https://ja.example/wiki/漢字_x", " ", "あ"]],
      ["[a](http://a/漢)", ["[a](http://a/漢)"]],
      ["http://a/サーバー。次の", ["http://a/サーバー。", "次", "の"]],
      ["a漢http:漢", ["a", "漢", "http:", "漢"]],
    ];
    for (const [line, words] of cases) assert.deepEqual(split(line), words);
  },
);

pureTest("staysWhole() is true for what is copied as one, and never for what looks blank", () => {
  const wholes = [
    ...["http://a", "(https://é.fr/x)", "[text](https://a.b)", "mailto:a@b.c", "x".repeat(99)],
    ...[
      "/usr/share/doc",
      "C:\\x",
      "YWJj+/8=",
      "magnet:?xt=urn:btih:c12f",
      "https://th.example/ไทย",
    ],
    ...["…/naïve/путь", "e\u0301", "漢字"],
  ];
  for (const word of wholes) assert.equal(staysWhole(word), true, word);
  const others = [
    "a b",
    "12:34\u00a0bob",
    "a\u3000b",
    "a\u2003b",
    "ภาษาไทย",
    "မြန်မာ",
    "👍👍",
    "─",
    "",
  ];
  for (const word of others) assert.equal(staysWhole(word), false, word);
});
