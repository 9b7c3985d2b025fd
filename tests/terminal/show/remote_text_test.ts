import assert from "node:assert/strict";
import { MAX_NICKNAME_BYTES } from "../../../lib/protocol/limits.ts";
import {
  MAX_MARKED_BREAKS,
  MAX_SHOWN_BREAKS,
  safeLines,
  safeName,
} from "../../../lib/terminal/show/remote_text.ts";
import { pureTest } from "../../support/pure.ts";

pureTest("safeLines() keeps every kind of line break, one each", () => {
  for (const lineBreak of ["\n", "\r\n", "\r", "\v", "\f", "\u0085", "\u2028", "\u2029"]) {
    assert.equal(safeLines(`a${lineBreak}${lineBreak}b\x1b`), "a\n\nb␛", JSON.stringify(lineBreak));
  }
  assert.equal(safeLines("\n\r"), "\n\n");
});

pureTest("safeLines() keeps MAX_SHOWN_BREAKS line breaks, and marks the rest", () => {
  const most = safeLines("\n".repeat(MAX_SHOWN_BREAKS));
  assert.equal(most, "\n".repeat(MAX_SHOWN_BREAKS));
  const more = safeLines("\n".repeat(MAX_SHOWN_BREAKS) + "a\nb");
  assert.equal(more, "\n".repeat(MAX_SHOWN_BREAKS) + "a ⏎ b");
  const all = safeLines("\n".repeat(MAX_SHOWN_BREAKS + MAX_MARKED_BREAKS) + "a\r\nb");
  assert.equal(all, most + " ⏎ ".repeat(MAX_MARKED_BREAKS) + "a b");
});

pureTest("safeName() puts what is no plain name in angle brackets", () => {
  for (const name of ["alice", "Élan", "_x", "a.b-c", "o'neil", "d’or", "漢字", "e\u0301"]) {
    assert.equal(safeName(name), name);
  }
  for (const name of ["", "--", "-a", "a b", "»bob", "\u0301a", ".a"]) {
    assert.equal(safeName(name), `<${name}>`);
  }
  assert.equal(safeName("a\x1b"), "<a␛>");
});

pureTest("safeName() puts reserved words in angle brackets, however they are written", () => {
  assert.equal(safeName("You", ["you"]), "<You>");
  assert.equal(safeName("you"), "you");
  assert.equal(safeName("yours", ["you"]), "yours");
});

pureTest("safeName() shows as much of a long name as a member's may have", () => {
  const longest = "x".repeat(MAX_NICKNAME_BYTES);
  assert.equal(safeName(longest), longest);
  assert.equal(safeName(`${longest}y`), `<${longest}…>`);
});
