import assert from "node:assert/strict";
import { agree, importAgreementKey, importAgreementPair } from "../../lib/crypto/x25519.ts";
import { pureTest } from "../support/pure.ts";

const hex = (text: string) => Uint8Array.fromHex(text);

pureTest("agree() gives the secret of RFC 7748, section 6.1, to both", async () => {
  const alice = await importAgreementPair(
    hex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"),
  );
  const bob = await importAgreementPair(
    hex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"),
  );
  assert.equal(
    alice.publicKey.toHex(),
    "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a",
  );
  assert.equal(
    bob.publicKey.toHex(),
    "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f",
  );
  for (const [mine, other] of [[alice, bob], [bob, alice]] as const) {
    const secret = await agree(mine.privateKey, await importAgreementKey(other.publicKey));
    assert.equal(
      secret.toHex(),
      "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742",
    );
  }
});

pureTest("importAgreementPair() makes a key that cannot leave", async () => {
  const { privateKey } = await importAgreementPair(new Uint8Array(32).fill(7));
  assert.equal(privateKey.extractable, false);
  assert.deepEqual(privateKey.usages, ["deriveBits"]);
});

pureTest("importAgreementPair() and importAgreementKey() refuse other lengths", async () => {
  for (const length of [0, 1, 31, 33, 64]) {
    for (const act of [importAgreementPair, importAgreementKey]) {
      await assert.rejects(act(new Uint8Array(length).fill(9)), {
        name: "RangeError",
        message: `Cannot import key: ${length} bytes instead of 32`,
      });
    }
  }
});

/** Every spelling of 32 bytes that is a point of low order, and what is next to the first two. */
function lowOrderPoints(): Uint8Array<ArrayBuffer>[] {
  const p = 2n ** 255n - 19n;
  const order8 = [
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
  ].map((text) => BigInt(`0x${hex(text).reverse().toHex()}`));
  const points = [0n, 1n, p - 1n, p, p + 1n, ...order8];
  return points.flatMap((u) => [u, u | 1n << 255n]).map((u) =>
    hex(u.toString(16).padStart(64, "0")).reverse()
  );
}

pureTest("importAgreementKey() refuses the points of low order in every spelling", async () => {
  const points = lowOrderPoints();
  assert.equal(points.length, 14);
  for (const bytes of points) {
    await assert.rejects(importAgreementKey(bytes), {
      name: "RangeError",
      message: "Cannot import key: its order is low",
    });
  }
  await importAgreementKey(new Uint8Array(32).with(0, 2));
  await importAgreementKey(new Uint8Array(32).with(0, 9));
});

pureTest("agree() refuses them too, should one get past the import", async () => {
  const { privateKey } = await importAgreementPair(new Uint8Array(32).fill(7));
  for (const bytes of lowOrderPoints()) {
    const point = await crypto.subtle.importKey("raw", bytes, "X25519", true, []);
    await assert.rejects(agree(privateKey, point), {
      name: "RangeError",
      message: "Cannot agree: the secret is zero",
    });
  }
});
