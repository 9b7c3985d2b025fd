import assert from "node:assert/strict";
import {
  formatIntroduction,
  INTRODUCTION_BYTES,
  readIntroduction,
} from "../../lib/protocol/introduction.ts";
import { BOB, encode } from "../support/fixed_members.ts";
import { pureTest } from "../support/pure.ts";

const SIGNED = new Uint8Array(40).fill(7);
const { id, signing: { privateKey } } = BOB;

async function format(nickname: string): Promise<Uint8Array<ArrayBuffer>> {
  return await formatIntroduction({ id, nickname, privateKey }, SIGNED);
}

/** An introduction with other bytes in place of the nickname. */
async function formatName(name: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await format("bob");
  bytes.fill(0, 96);
  bytes.set(name, 96);
  return bytes;
}

pureTest("readIntroduction() reads what formatIntroduction() writes, in one length", async () => {
  for (const nickname of ["b", "bob", "Ὀδυσσεύς", "x".repeat(32), "é".repeat(16)]) {
    const bytes = await format(nickname);
    assert.equal(bytes.length, INTRODUCTION_BYTES);
    assert.deepEqual(await readIntroduction(bytes, SIGNED), { id, nickname });
  }
  assert.equal(INTRODUCTION_BYTES, 128);
});

pureTest("readIntroduction() refuses what is no nickname", async () => {
  const names = ["", "a b", "<a>", "a\u200b", "zoe\u0308", "\ufeffa"].map((name) => encode(name));
  const bytes = [[0xff], [0x61, 0, 0x62], [0, 0x61], [0xc3], [0xc0, 0xaf]].map((each) =>
    new Uint8Array(each)
  );
  for (const name of [...names, ...bytes]) {
    assert.equal(await readIntroduction(await formatName(name), SIGNED), undefined, `${name}`);
  }
  assert.ok(await readIntroduction(await formatName(encode("eve")), SIGNED));
});

pureTest(
  "readIntroduction() refuses the signature of another key, or of something else",
  async () => {
    const bytes = await format("bob");
    assert.equal(await readIntroduction(bytes, SIGNED.with(0, 8)), undefined);
    for (let i = 0; i < 96; i++) {
      assert.equal(await readIntroduction(bytes.with(i, bytes[i]! ^ 1), SIGNED), undefined);
    }
  },
);

pureTest("readIntroduction() refuses an id of small order", async () => {
  const bytes = await format("bob");
  for (const first of [0, 1]) {
    const small = bytes.slice();
    small.fill(0, 0, 96);
    small[0] = first;
    assert.equal(await readIntroduction(small, SIGNED), undefined);
  }
});
