import assert from "node:assert/strict";
import {
  clusterShower,
  isStretch,
  showClusters,
} from "../../../lib/terminal/screen/shown_cluster.ts";
import { splitClusters, textWidth } from "../../../lib/text/cluster.ts";
import { pureTest } from "../../support/pure.ts";

const SHOWN: readonly [text: string, shown: string][] = [
  ["abc", "abc"],
  ["漢👍🏽", "漢👍🏽"],
  ["\x1b[A", "␛[A"],
  ["\u202ea", "\uFFFDa"],
  ["a\u{E0041}", "a\uFFFD"],
  ["\u0301", "◌\u0301"],
  ["e\u0301", "e\u0301"],
  ["می\u200cخ", "می\u200cخ"],
  ["می\u200c", "می\u200c"],
  ["می\u200c ", "می\uFFFD "],
];

pureTest("showClusters() hides nothing, and measures what it shows", () => {
  for (const [text, shown] of SHOWN) {
    const clusters = showClusters(text);
    assert.equal(clusters.map(({ text }) => text).join(""), shown);
    for (const { text, width } of clusters) assert.equal(width, textWidth(text), shown);
  }
});

pureTest("clusterShower() shows each cluster as showClusters() does, the second time too", () => {
  const show = clusterShower();
  for (const [text] of [...SHOWN, ...SHOWN]) {
    const clusters = splitClusters(text);
    const shown = clusters.map((cluster, i) => show(cluster, clusters[i + 1]));
    assert.deepEqual(shown, showClusters(text));
  }
});

pureTest("isStretch() tells visible ASCII", () => {
  assert.equal(isStretch({ text: " ~", width: 2 }), true);
  for (const [text, width] of [["\x1f", 1], ["\x7f", 1], ["é", 1], ["a", 2], ["", 0]] as const) {
    assert.equal(isStretch({ text, width }), false, text);
  }
});
