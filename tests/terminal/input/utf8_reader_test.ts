import assert from "node:assert/strict";
import { Utf8Reader } from "../../../lib/terminal/input/utf8_reader.ts";
import { pureTest } from "../../support/pure.ts";

function read(pieces: readonly Uint8Array[]): { text: string; isUtf8: boolean } {
  const reader = new Utf8Reader();
  const read = [...pieces.map((piece) => reader.push(piece)), reader.push(new Uint8Array(0), true)];
  return {
    text: read.map(({ text }) => text).join(""),
    isUtf8: read.every(({ isUtf8 }) => isUtf8),
  };
}

pureTest("push() decodes the same wherever bytes are cut", () => {
  const cases: [bytes: Uint8Array, isUtf8: boolean][] = [
    [new TextEncoder().encode("aé漢👍\ufeff\ufffd!"), true],
    [Uint8Array.of(0x63, 0x61, 0x66, 0xe9), false],
    [Uint8Array.of(0xe9, 0x21), false],
    [Uint8Array.of(0xf0, 0x9f, 0x91), false],
    [Uint8Array.of(0x80, 0xc0, 0xaf, 0xed, 0xa0, 0x80, 0xff, 0x61), false],
    [Uint8Array.of(0xf5, 0x80, 0x80, 0x80), false],
    [new Uint8Array(0), true],
  ];
  for (const [bytes, isUtf8] of cases) {
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
    for (let cut = 0; cut <= bytes.length; cut++) {
      for (let next = cut; next <= bytes.length; next++) {
        const pieces = [bytes.slice(0, cut), bytes.slice(cut, next), bytes.slice(next)];
        assert.deepEqual(read(pieces), { text, isUtf8 }, `${bytes} cut at ${cut} and ${next}`);
      }
    }
  }
});
