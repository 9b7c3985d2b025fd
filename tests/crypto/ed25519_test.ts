import assert from "node:assert/strict";
import { hasSmallOrder, importPublicKey, importSigningKey } from "../../lib/crypto/ed25519.ts";
import { pureTest } from "../support/pure.ts";
import { seeded } from "../support/seeded.ts";

/** The points whose order divides 8, as RFC 8032 writes them. */
const CANONICAL = [
  "0100000000000000000000000000000000000000000000000000000000000000",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0000000000000000000000000000000000000000000000000000000000000080",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
];
/** The same as other numbers: a sign where x is 0, and y + p where that fits 255 bits. */
const OTHER_SPELLINGS = [
  "0100000000000000000000000000000000000000000000000000000000000080",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
];
const SMALL_ORDER = [...CANONICAL, ...OTHER_SPELLINGS].map((hex) => Uint8Array.fromHex(hex));

pureTest("importPublicKey() refuses the eight points of small order, however spelled", async () => {
  for (const bytes of SMALL_ORDER) {
    assert.equal(hasSmallOrder(bytes), true, bytes.toHex());
    await assert.rejects(importPublicKey(bytes), {
      name: "RangeError",
      message: "Cannot import key: its order is small",
    });
  }
});

pureTest("hasSmallOrder() is false of every neighbour of those points", () => {
  const small = new Set(SMALL_ORDER.map((bytes) => bytes.toHex()));
  let neighbours = 0;
  for (const bytes of SMALL_ORDER) {
    for (let bit = 0; bit < 256; bit++) {
      const other = bytes.with(bit >> 3, bytes[bit >> 3]! ^ 1 << (bit & 7));
      if (small.has(other.toHex())) continue;
      assert.equal(hasSmallOrder(other), false, other.toHex());
      neighbours++;
    }
  }
  assert.ok(neighbours > 3000);
});

pureTest("importPublicKey() takes ordinary keys", async () => {
  const random = seeded(1);
  for (let i = 0; i < 100; i++) {
    const seed = Uint8Array.from({ length: 32 }, () => 256 * random());
    const { privateKey, publicKey } = await importSigningKey(seed);
    const key = await importPublicKey(publicKey);
    const signature = await crypto.subtle.sign("Ed25519", privateKey, seed);
    assert.equal(await crypto.subtle.verify("Ed25519", key, signature, seed), true);
  }
});

pureTest("importSigningKey() gives the public key of RFC 8032, test 1", async () => {
  const seed = Uint8Array.fromHex(
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
  );
  const { privateKey, publicKey } = await importSigningKey(seed);
  assert.equal(
    publicKey.toHex(),
    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
  );
  const signature = await crypto.subtle.sign("Ed25519", privateKey, new Uint8Array());
  assert.match(
    new Uint8Array(signature).toHex(),
    /^e5564300c360ac729086e2cc806e828a84877f1eb8e5d974/,
  );
});

pureTest("importSigningKey() gives no way to the private half, and leaves the seed", async () => {
  const seed = new Uint8Array(32).fill(0x33);
  const { privateKey } = await importSigningKey(seed);
  assert.deepEqual(seed, new Uint8Array(32).fill(0x33));
  assert.equal(privateKey.extractable, false);
  const error = { name: "InvalidAccessError" };
  await assert.rejects(crypto.subtle.exportKey("pkcs8", privateKey), error);
  await assert.rejects(crypto.subtle.exportKey("jwk", privateKey), error);
});

pureTest("importSigningKey() and importPublicKey() take 32 bytes and no other number", async () => {
  for (const length of [0, 1, 31, 33, 64]) {
    const bytes = new Uint8Array(length).fill(7);
    const error = {
      name: "RangeError",
      message: `Cannot import key: ${length} bytes instead of 32`,
    };
    await assert.rejects(importSigningKey(bytes), error);
    await assert.rejects(importPublicKey(bytes), error);
  }
});
