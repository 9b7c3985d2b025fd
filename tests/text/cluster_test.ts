import fc from "fast-check";
import assert from "node:assert/strict";
import stringWidth from "string-width";
import {
  clusterAt,
  isDisputed,
  lazy,
  splitClusters,
  splitPieces,
  textWidth,
} from "../../lib/text/cluster.ts";
import { pureTest } from "../support/pure.ts";

const ANY_TEXT = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: "grapheme" }),
  fc.string({
    unit: fc.constantFrom("a", "\u0301", "漢", "🇫", "🇷", "\u200d", "👩", "🏽", "\ufe0f", "1", "\n"),
  }),
);

pureTest("splitClusters() keeps what people see as one together", () => {
  for (
    const [text, width] of [
      ["e\u0301", 1],
      ["👨‍👩‍👧", 2],
      ["🇫🇷", 2],
      ["1\ufe0f\u20e3", 2],
      ["👍🏽", 2],
      ["각", 2],
      ["ｶﾞ", 2],
    ] as const
  ) {
    assert.deepEqual(splitClusters(`a${text}b`), [
      { text: "a", width: 1 },
      { text, width },
      { text: "b", width: 1 },
    ]);
  }
});

pureTest("splitClusters() gives controls, line breaks and lone marks a cluster each", () => {
  assert.deepEqual(splitClusters("a\n\u0301\x1b"), [
    { text: "a", width: 1 },
    { text: "\n", width: 0 },
    { text: "\u0301", width: 0 },
    { text: "\x1b", width: 0 },
  ]);
  assert.deepEqual(splitClusters(""), []);
});

pureTest("splitClusters() makes up the text again, and textWidth() is the sum", () => {
  fc.assert(fc.property(ANY_TEXT, (text) => {
    const clusters = splitClusters(text);
    assert.equal(clusters.map((cluster) => cluster.text).join(""), text);
    assert.equal(textWidth(text), clusters.reduce((sum, { width }) => sum + width, 0));
  }));
});

pureTest("splitClusters() splits text of narrow characters as the segmenter would", () => {
  const code = fc.oneof(
    fc.integer({ min: 0x20, max: 0x7e }),
    fc.integer({ min: 0xa1, max: 0x17f }),
    fc.integer({ min: 0x2010, max: 0x2027 }),
  );
  const narrow = fc.array(code).map((codes) => String.fromCharCode(...codes));
  fc.assert(fc.property(narrow, (text) => {
    const clusters = splitClusters(text);
    const [first, ...rest] = splitClusters(`漢${text}`);
    assert.deepEqual(first, { text: "漢", width: 2 });
    assert.deepEqual(clusters, rest);
  }));
});

pureTest("splitPieces() leaves ASCII together, and parts no cluster", () => {
  const parts = fc.constantFrom(
    ..."ab ~\n\t漢",
    "thirteen char",
    "e\u0301",
    "\u0600",
    "👩‍🚀",
    "\u200d",
    "\u0301",
  );
  const text = fc.oneof(ANY_TEXT, fc.array(parts).map((each) => each.join("")));
  fc.assert(fc.property(text, (text) => {
    const pieces = [...splitPieces(text)];
    assert.deepEqual(pieces.flatMap((piece) => splitClusters(piece.text)), splitClusters(text));
    assert.equal(pieces.reduce((sum, { width }) => sum + width, 0), textWidth(text));
  }));
  assert.deepEqual(
    [...splitPieces("twelve chars\nwell, thirteen e\u0301a")].map((piece) => piece.text),
    [
      "twelve chars",
      "\n",
      "well, thirteen ",
      "e\u0301",
      "a",
    ],
  );
});

pureTest("clusterAt() finds at each index the cluster that splitClusters() gives", () => {
  fc.assert(fc.property(ANY_TEXT, (text) => {
    let start = 0;
    for (const cluster of splitClusters(text)) {
      const end = start + cluster.text.length;
      for (let index = start; index < end; index++) {
        assert.deepEqual(clusterAt(text, index), { start, end });
      }
      start = end;
    }
    for (const index of [-1, start]) {
      assert.throws(() => clusterAt(text, index), { name: "RangeError", message: /^Cannot find/ });
    }
  }));
});

pureTest("textWidth() measures an escape sequence as the text that it will be shown as", () => {
  assert.equal(textWidth("\x1b[2Jé"), 4);
});

pureTest("isDisputed() is true where terminals disagree", () => {
  for (
    const text of [
      ..."👨‍👩‍👧 🇫🇷 1\ufe0f\u20e3 ❤\ufe0f 👍🏽 🫠 ☺ ① ± × “ … e\u0301 नि \u1161 ｶ \u200b".split(" "),
      "\n",
      "\x1b",
      "ae\u0301",
    ]
  ) assert.equal(isDisputed({ text }), true, JSON.stringify(text));
});

pureTest("isDisputed() is false for letters, ideographs, Hangul and kana", () => {
  for (const text of "a~ éçœŁßΩжЯếあア、。漢字한글！") {
    assert.equal(isDisputed({ text }), false, text);
  }
});

pureTest("isDisputed() is false for texts of such characters, which never join", () => {
  const segmenter = new Intl.Segmenter("und");
  const agreed = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code))
    .filter((text) => !isDisputed({ text }));
  const text = fc.array(fc.constantFrom(...agreed), { maxLength: 30 }).map((all) => all.join(""));
  fc.assert(fc.property(text, (text) => {
    assert.equal(isDisputed({ text }), false);
    assert.equal([...segmenter.segment(text)].length, text.length);
    assert.ok(splitClusters(text).every((cluster) => cluster.width === textWidth(cluster.text)));
  }));
});

pureTest("isDisputed() is true for all that is not assigned, or not as wide as its script", () => {
  for (let code = 0; code <= 0xffff; code++) {
    const text = String.fromCharCode(code);
    if (isDisputed({ text })) continue;
    const isWide = code >= 0x3000;
    assert.equal(stringWidth(text), isWide ? 2 : 1, code.toString(16));
    assert.match(text, /^[\p{L}\p{N}\p{P}\p{S} ]$/u);
  }
});

pureTest("lazy() makes a value once, and again only if that failed", () => {
  let calls = 0;
  const value = lazy(() => {
    if (++calls === 1) throw new Error("not yet");
    return undefined;
  });
  assert.equal(calls, 0);
  assert.throws(value, /not yet/);
  assert.deepEqual([value(), value()], [undefined, undefined]);
  assert.equal(calls, 2);
});
