import fc from "fast-check";
import assert from "node:assert/strict";
import { formatBase64Url, parseBase64Url } from "../../lib/bytes/base64url.ts";
import { pureTest } from "../support/pure.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

pureTest("parseBase64Url() reads what formatBase64Url() writes, and another engine too", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 99 }), (bytes) => {
    const text = formatBase64Url(bytes);
    assert.equal(text, bytes.toBase64({ alphabet: "base64url", omitPadding: true }));
    assert.deepEqual(parseBase64Url(text, bytes.length), bytes);
  }));
});

pureTest("parseBase64Url() takes that many bytes and no other number", () => {
  for (let length = 0; length <= 70; length++) {
    const text = formatBase64Url(new Uint8Array(length).fill(0xa5));
    for (let wanted = 0; wanted <= 72; wanted++) {
      const bytes = parseBase64Url(text, wanted);
      assert.equal(bytes?.length, wanted === length ? length : undefined, `${length}, ${wanted}`);
    }
  }
});

pureTest("parseBase64Url() takes one spelling of each", () => {
  for (const [bytes, chars, free] of [[1, 2, 16], [2, 3, 4], [3, 4, 1]] as const) {
    const spellings = Array.from(ALPHABET, (last) => "A".repeat(chars - 1) + last);
    const read = spellings.filter((text) => parseBase64Url(text, bytes));
    assert.equal(read.length, 64 / free);
  }
});

pureTest("parseBase64Url() takes no other character, at any place", () => {
  const text = formatBase64Url(new Uint8Array(16));
  for (let place = 0; place < text.length; place++) {
    for (const char of ["+", "/", "=", " ", "\n", "\t", "\0", "é", "Ａ", "."]) {
      const altered = text.slice(0, place) + char + text.slice(place + 1);
      assert.equal(parseBase64Url(altered, 16), undefined, JSON.stringify(altered));
    }
  }
  for (const altered of [`${text}==`, `${text}=`, ` ${text}`, `${text}\n`]) {
    assert.equal(parseBase64Url(altered, 16), undefined);
  }
});
