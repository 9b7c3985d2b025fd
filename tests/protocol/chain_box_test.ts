import assert from "node:assert/strict";
import { createDecipheriv, hkdfSync } from "node:crypto";
import { agree, importAgreementKey } from "../../lib/crypto/x25519.ts";
import {
  areSorted,
  BOX_BYTES,
  makeEphemeral,
  openChain,
  sealChain,
  SEALED_CHAIN_BYTES,
  TAG_BYTES,
} from "../../lib/protocol/chain_box.ts";
import { ALICE, BOB, encode, EVE, makeMember } from "../support/fixed_members.ts";
import { pureTest } from "../support/pure.ts";

const CHAIN = new Uint8Array(32).fill(7);
const SENDER = ALICE.signing.publicKey;

pureTest("openChain() opens the box that sealChain() made, among those of others", async () => {
  const members = await Promise.all(Array.from({ length: 20 }, (_, i) => makeMember(i + 1)));
  const keys = members.map(({ agreement }) => agreement.publicKey);
  const { boxes, ephemeralKey } = await sealChain(CHAIN, keys, SENDER);
  assert.equal(boxes.length, 20 * BOX_BYTES);
  assert.ok(areSorted(boxes));
  for (const { agreement } of members) {
    assert.deepEqual(await openChain(boxes, agreement, { sender: SENDER, ephemeralKey }), CHAIN);
  }
  assert.equal(await openChain(boxes, EVE.agreement, { sender: SENDER, ephemeralKey }), undefined);
});

pureTest("sealChain() makes 100 boxes of 5.6 KB", async () => {
  assert.deepEqual([TAG_BYTES, SEALED_CHAIN_BYTES, BOX_BYTES], [8, 48, 56]);
  const { boxes } = await sealChain(CHAIN, Array(100).fill(BOB.agreement.publicKey), SENDER);
  assert.equal(boxes.length, 5600);
});

pureTest("openChain() opens nothing of another sender, key or message", async () => {
  const { boxes, ephemeralKey } = await sealChain(CHAIN, [BOB.agreement.publicKey], SENDER);
  const other = await makeEphemeral();
  for (
    const keys of [
      { sender: EVE.signing.publicKey, ephemeralKey },
      { sender: SENDER, ephemeralKey: other.publicKey },
      { sender: SENDER, ephemeralKey: new Uint8Array(32) },
    ]
  ) assert.equal(await openChain(boxes, BOB.agreement, keys), undefined);
  for (let i = 0; i < boxes.length; i++) {
    const altered = boxes.with(i, boxes[i]! ^ 1);
    assert.equal(
      await openChain(altered, BOB.agreement, { sender: SENDER, ephemeralKey }),
      undefined,
      `byte ${i}`,
    );
  }
});

pureTest("sealChain() passes over a key that cannot be used", async () => {
  const keys = [new Uint8Array(32), BOB.agreement.publicKey, new Uint8Array(31)];
  const { boxes, ephemeralKey } = await sealChain(CHAIN, keys, SENDER);
  assert.equal(boxes.length, BOX_BYTES);
  assert.deepEqual(
    await openChain(boxes, BOB.agreement, { sender: SENDER, ephemeralKey }),
    CHAIN,
  );
});

pureTest("sealChain() keeps the derivation of the protocol", async () => {
  const { boxes, ephemeralKey } = await sealChain(CHAIN, [BOB.agreement.publicKey], SENDER);
  const shared = await agree(BOB.agreement.privateKey, await importAgreementKey(ephemeralKey));
  const info = new Uint8Array([
    ...encode("encrypted-chatroom/v2 rekey\0"),
    ...SENDER,
    ...ephemeralKey,
    ...BOB.agreement.publicKey,
  ]);
  const raw = new Uint8Array(hkdfSync("sha256", shared, new Uint8Array(), info, 40));
  assert.deepEqual(boxes.slice(0, 8), raw.slice(32));
  const cipher = createDecipheriv("aes-256-gcm", raw.slice(0, 32), new Uint8Array(12));
  cipher.setAuthTag(boxes.slice(40));
  assert.deepEqual(new Uint8Array(cipher.update(boxes.slice(8, 40))), CHAIN);
  cipher.final();
});

pureTest("areSorted() refuses boxes in another order, and a tag that is there twice", () => {
  const box = (first: number) => new Uint8Array(BOX_BYTES).with(0, first);
  const join = (...firsts: number[]) => new Uint8Array(firsts.flatMap((first) => [...box(first)]));
  assert.deepEqual([join(), join(9), join(1, 2, 250)].map(areSorted), [true, true, true]);
  assert.deepEqual([join(2, 1), join(1, 1), join(1, 3, 2)].map(areSorted), [false, false, false]);
});
