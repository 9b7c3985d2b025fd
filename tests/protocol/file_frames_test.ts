import assert from "node:assert/strict";
import {
  ANSWER_BYTES,
  countFrames,
  FRAME_BYTES,
  FRAME_TAG_BYTES,
  FrameCipher,
  frameLength,
} from "../../lib/protocol/file_frames.ts";
import { pureTest } from "../support/pure.ts";

const KEY = new Uint8Array(32).fill(9);

pureTest("seal() makes what WebCrypto opens with the nonce of the protocol", async () => {
  const cipher = await FrameCipher.import(KEY);
  const key = await crypto.subtle.importKey("raw", KEY, "AES-GCM", false, ["decrypt"]);
  const bytes = new Uint8Array([1, 2, 3]);
  for (
    const [index, isLast, iv] of [
      [0, false, "000000000000000000000000"],
      [1, true, "000000000000000000000101"],
      [0x0102030405, false, "000000000000010203040500"],
    ] as const
  ) {
    const sealed = await cipher.seal(index, bytes, isLast) as Uint8Array<ArrayBuffer>;
    assert.equal(sealed.length, bytes.length + FRAME_TAG_BYTES);
    const algorithm = { name: "AES-GCM", iv: Uint8Array.fromHex(iv) };
    assert.deepEqual(new Uint8Array(await crypto.subtle.decrypt(algorithm, key, sealed)), bytes);
  }
});

pureTest(
  "open() refuses another frame, another end, another key, and any altered byte",
  async () => {
    const cipher = await FrameCipher.import(KEY);
    const sealed = await cipher.seal(5, new Uint8Array(20), false);
    assert.deepEqual(await cipher.open(5, sealed, false), new Uint8Array(20));
    assert.equal(await cipher.open(6, sealed, false), undefined);
    assert.equal(await cipher.open(5, sealed, true), undefined);
    const other = await FrameCipher.import(new Uint8Array(32));
    assert.equal(await other.open(5, sealed, false), undefined);
    for (let i = 0; i < sealed.length; i++) {
      const altered = sealed.with(i, sealed[i]! ^ 1);
      assert.equal(await cipher.open(5, altered, false), undefined);
      assert.equal(await cipher.open(5, sealed.subarray(0, i), false), undefined);
    }
  },
);

pureTest("isAnswer() takes what sealAnswer() made, and no frame", async () => {
  const cipher = await FrameCipher.import(KEY);
  const answer = await cipher.sealAnswer();
  assert.equal(answer.length, ANSWER_BYTES);
  assert.equal(await cipher.isAnswer(answer), true);
  assert.equal(await cipher.isAnswer(await cipher.seal(0, new Uint8Array([1]), true)), false);
  assert.equal(await cipher.isAnswer(new Uint8Array(ANSWER_BYTES)), false);
  assert.equal(await cipher.open(0, answer, true), undefined);
});

pureTest("countFrames() and frameLength() cut a file, and miss no byte", () => {
  for (const size of [0, 1, FRAME_BYTES - 1, FRAME_BYTES, FRAME_BYTES + 1, 5 * FRAME_BYTES]) {
    const lengths = Array.from({ length: countFrames(size) }, (_, i) => frameLength(size, i));
    assert.equal(lengths.reduce((sum, length) => sum + length, 0), size);
    assert.ok(lengths.slice(0, -1).every((length) => length === 65_536));
  }
});
