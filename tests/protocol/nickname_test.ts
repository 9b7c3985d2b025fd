import fc from "fast-check";
import assert from "node:assert/strict";
import { ChatError } from "../../lib/errors.ts";
import { parseNickname } from "../../lib/protocol/nickname.ts";
import { anyCharacter, textOf } from "../support/arbitrary_text.ts";
import { pureTest } from "../support/pure.ts";

const encoder = new TextEncoder();
const BAD_CHARACTER = {
  name: "ChatError",
  message: "Cannot use nickname: it has a space, <, > or an invisible character",
};

function badLength(bytes: number) {
  return { name: "ChatError", message: `Cannot use nickname: ${bytes} bytes instead of 1 to 32` };
}

pureTest("parseNickname() takes letters of any script, digits, punctuation and emoji", () => {
  for (
    const name of ["a", "alice", "O'Brien", "-x", "a/b", "李雷", "Ольга", "علي", "नमिता", "🙂"]
  ) {
    assert.equal(parseNickname(name), name.normalize("NFC"));
  }
});

pureTest("parseNickname() takes 1 to 32 bytes of UTF-8", () => {
  for (const character of ["a", "é", "李", "🙂"]) {
    const size = encoder.encode(character).length;
    for (let count = 0; count <= 40; count++) {
      const name = character.repeat(count);
      if (count > 0 && count * size <= 32) assert.equal(parseNickname(name), name);
      else assert.throws(() => parseNickname(name), badLength(count * size));
    }
  }
});

pureTest("parseNickname() returns NFC, and counts the bytes of that", () => {
  assert.equal(parseNickname("e\u0301"), "\u00e9");
  assert.equal(parseNickname("e\u0301".repeat(16)), "\u00e9".repeat(16));
  assert.throws(() => parseNickname("e\u0301".repeat(17)), badLength(34));
  // In NFC these take more bytes than as they were written.
  assert.equal(parseNickname("\u0958"), "\u0915\u093c");
  assert.throws(() => parseNickname("\u0958".repeat(6)), badLength(36));
});

pureTest("parseNickname() takes 8 marks on one character", () => {
  const piled = (marks: number) => "q" + "\u0489".repeat(marks);
  assert.equal(parseNickname(piled(8) + "x\u0489"), piled(8) + "x\u0489");
  assert.throws(() => parseNickname(piled(9)), {
    name: "ChatError",
    message: "Cannot use nickname: it has too many marks on one character",
  });
});

pureTest("parseNickname() refuses spaces, < and >, control and invisible characters", () => {
  const bad = [..." <>\t\n\r\0\x1b\x7f\x85\x9b\u00a0\u00ad\u034f\u061c\u115f\u1160\u180e\u2000"];
  bad.push(..."\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202a\u202e\u2060\u2066\u2069\u3000");
  bad.push(..."\u3164\ufe0f\ufeff\uffa0\ufff9\ue000\ufdd0\u{e0041}\u{e0100}\u{f0000}\u{10ffff}");
  bad.push("\ud800", "\udc00");
  for (const character of bad) {
    for (const name of [character, `a${character}`, `${character}a`, `a${character}b`]) {
      assert.throws(() => parseNickname(name), BAD_CHARACTER, JSON.stringify(name));
    }
  }
});

pureTest("parseNickname() takes what it returned, and it fits `<name> text`", () => {
  const likely = fc.constantFrom(..."aé\u0301\u0327\u0958\u1100\u1161 >\u200d", "\ud800");
  const texts = textOf(fc.oneof(likely, anyCharacter), 12);
  fc.assert(
    fc.property(texts, (text) => {
      let name: string;
      try {
        name = parseNickname(text);
      } catch (error) {
        assert.ok(error instanceof ChatError);
        return;
      }
      assert.equal(parseNickname(name), name);
      assert.equal(name, text.normalize("NFC"));
      assert.deepEqual(/^<([^<>\s]+)> (.*)$/u.exec(`<${name}> hi`)?.slice(1), [name, "hi"]);
    }),
    { numRuns: 1000 },
  );
});
