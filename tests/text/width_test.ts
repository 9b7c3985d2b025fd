import fc from "fast-check";
import assert from "node:assert/strict";
import stringWidth from "string-width";
import { clusterWidth } from "../../lib/text/width.ts";
import { anyCharacter, textOf } from "../support/arbitrary_text.ts";
import { pureTest } from "../support/pure.ts";

const segmenter = new Intl.Segmenter("und");
/** What the library counts beside an emoji, and what it lets a wide character swallow. */
const STRAY = /\p{Emoji_Modifier}|[\u0600-\u0605\u06DD\u0890\u0891\u08E2\u{110BD}\u{110CD}]/u;

/** Emoji that are asked to look like letters: the library gives them one column. */
const TEXT_STYLE = /^\p{Emoji_Presentation}\uFE0E/u;

function libraryWidth(text: string): number {
  return stringWidth(text, { countAnsiEscapeCodes: true });
}

/** Of the first two planes; of the rest, where nothing changes for long, one in so many. */
function* everyCharacter(): Generator<string> {
  for (let code = 0; code <= 0x10ffff; code += code < 0x20000 ? 1 : 97) {
    // A lone surrogate is written out as U+FFFD.
    if (code < 0xd800 || code > 0xdfff) yield String.fromCodePoint(code);
  }
}

pureTest("clusterWidth() measures every character as string-width does", () => {
  for (const character of everyCharacter()) {
    const width = libraryWidth(character);
    if (clusterWidth(character) !== width) {
      assert.equal(clusterWidth(character), width, character.codePointAt(0)!.toString(16));
    }
  }
});

pureTest("clusterWidth() gives two columns to every emoji", () => {
  const emoji = [...everyCharacter()].filter((each) => /\p{Emoji}|\p{RI}/u.test(each));
  const skins = [..."🏻🏼🏽🏾🏿"];
  const sequences = [
    ...emoji.flatMap((each) => [each, `${each}\ufe0f`, `${each}\ufe0f\u20e3`]),
    ...emoji.flatMap((each) => skins.map((skin) => each + skin)),
    ...["👩‍🚀", "👨‍👩‍👧‍👦", "❤️‍🔥", "🏳️‍🌈", "👩🏽‍🤝‍👨🏿", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "🐦‍⬛", "🇫🇷", "🇺🇳"],
  ].filter((each) => /^\p{RGI_Emoji}$/v.test(each));
  assert.ok(sequences.length > 1800, `${sequences.length}`);
  for (const sequence of sequences) assert.equal(clusterWidth(sequence), 2, sequence);
});

pureTest("clusterWidth() measures clusters of any text as string-width does", () => {
  const parts = fc.oneof(
    anyCharacter,
    fc.constantFrom(..."a1e\u0301漢가각🇫🇷👩❤️©\u200d\ufe0e\ufe0f\u20e3ｶﾞनि्กำ\u115f"),
  );
  const text = textOf(parts, 12).map((each) => each.toWellFormed());
  fc.assert(
    fc.property(text.filter((each) => !STRAY.test(each)), (text) => {
      for (const { segment } of segmenter.segment(text)) {
        const width = TEXT_STYLE.test(segment) ? 2 : libraryWidth(segment);
        assert.equal(clusterWidth(segment), width, JSON.stringify(segment));
      }
    }),
    { numRuns: 2000 },
  );
});

pureTest("clusterWidth() takes no code without a letter for one of Hangul", () => {
  for (const first of ["\ud7c6", "\ud7c7", "\ud7ca", "\ud7cb"]) {
    const cluster = `${first}\u0e33`;
    assert.equal(clusterWidth(cluster), libraryWidth(cluster), first.codePointAt(0)!.toString(16));
  }
});

pureTest("clusterWidth() takes half a flag behind a sign that joins it for a letter", () => {
  for (const cluster of ["\u0d4e🇷", "\u0d4e🇫🇷"]) {
    assert.equal([...segmenter.segment(cluster)].length, 1);
    assert.equal(clusterWidth(cluster), libraryWidth(cluster), cluster);
  }
});

pureTest("clusterWidth() counts nothing twice that belongs to an emoji", () => {
  const cases = { "👍🏽": 2, "👍🏽🏽": 2, "⌚\ufe0e": 2, "☎\ufe0e": 1, "👩\u200d": 2, "\u200d": 0 };
  for (const [text, width] of Object.entries(cases)) assert.equal(clusterWidth(text), width, text);
});

pureTest("clusterWidth() gives an emoji two columns, whatever form is asked for", () => {
  const emoji = [...everyCharacter()].filter((each) => /\p{Emoji_Presentation}/u.test(each));
  for (const each of emoji.filter((each) => !/\p{RI}/u.test(each))) {
    for (const selector of ["", "\ufe0e", "\ufe0f"]) {
      assert.equal(clusterWidth(each + selector), 2, each + selector);
    }
  }
});
