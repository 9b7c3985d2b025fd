import assert from "node:assert/strict";
import {
  guessWord,
  guessWords,
  MAX_COMPARED_NAME_CHARS,
  MAX_MISSPELT_LETTERS,
} from "../../lib/text/spelling.ts";
import { pureTest } from "../support/pure.ts";

pureTest("guessWord() takes each kind of slip: changed, added, left out, swapped", () => {
  for (const slip of ["nickmame", "nicknname", "nicname", "nickanme"]) {
    assert.equal(guessWord(slip, ["bell", "nickname"]), "nickname", slip);
  }
});

pureTest("guessWord() recognizes a word up to MAX_MISSPELT_LETTERS slips, and no more", () => {
  assert.equal(MAX_MISSPELT_LETTERS, 2);
  const known = ["max-clients"];
  assert.equal(guessWord("maxclients", known), "max-clients");
  assert.equal(guessWord("maxclientXX", known), "max-clients");
  assert.equal(guessWord("maxclienXXX", known), undefined);
});

pureTest("guessWord() lets no more than half of a short word be wrong", () => {
  assert.equal(guessWord("kay", ["key"]), "key");
  assert.equal(guessWord("kax", ["key"]), undefined);
  assert.equal(guessWord("beXX", ["bell"]), "bell");
  assert.equal(guessWord("x", ["y"]), undefined);
  assert.equal(guessWord("", ["a"]), undefined);
});

pureTest("guessWord() passes over case, dashes, underscores and the no- of a switch", () => {
  for (const word of ["MAX_CLIENTS", "--max-clients", "no-max-clients", "max clients"]) {
    assert.equal(guessWord(word, ["max-clients"]), "max-clients", word);
  }
  assert.equal(guessWord("history", ["no-history"]), "no-history");
});

pureTest("guessWord() returns the nearest word, and of equally near ones the first", () => {
  assert.equal(guessWord("teme", ["time", "theme"]), "time");
  assert.equal(guessWord("teme", ["theme", "time"]), "theme");
  assert.equal(guessWord("themee", ["time", "theme"]), "theme");
  assert.equal(guessWord("theme", []), undefined);
});

pureTest("guessWord() compares words up to MAX_COMPARED_NAME_CHARS, and no longer ones", () => {
  const longest = "a".repeat(MAX_COMPARED_NAME_CHARS);
  assert.equal(guessWord(longest, [longest]), longest);
  assert.equal(guessWord(`${longest}a`, [`${longest}a`]), undefined);
});

pureTest("guessWords() returns so many words, the nearest first", () => {
  const known = ["aunt", "dust", "must", "rust", "zebra"];
  assert.deepEqual(guessWords("dusst", known, 9), ["dust", "must", "rust"]);
  assert.deepEqual(guessWords("dusst", known, 2), ["dust", "must"]);
  assert.deepEqual(guessWords("qqqq", known, 2), []);
});
