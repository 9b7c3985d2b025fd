import fc from "fast-check";
import assert from "node:assert/strict";
import { splitWords, URL } from "../../../lib/terminal/screen/words.ts";
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

pureTest("URL tells what can be clicked", () => {
  for (const text of ["http://a", "www.a", '"https://é.fr/x', "([<http://a>", "x-1+a.b://c"]) {
    assert.match(text, URL);
  }
  for (const text of ["http:/a", "www.", "wwwa", "1x://a", "a.b", "((((((http://a", "http://a b"]) {
    assert.doesNotMatch(text, URL);
  }
});
