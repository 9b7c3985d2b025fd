import assert from "node:assert/strict";
import { importSecret } from "../../../lib/crypto/hkdf.ts";
import { KeptKey } from "../../../lib/storage/kept/seal.ts";
import { makeKey } from "../../support/kept.ts";
import { pureTest } from "../../support/pure.ts";

const TEXT = new TextEncoder().encode("psst");

pureTest(
  "open() opens what was sealed for that place, with that identity, in that room",
  async () => {
    const key = await makeKey();
    const sealed = await key.seal(TEXT, "tail 1 2 3");
    assert.deepEqual(await key.open(sealed, "tail 1 2 3"), TEXT);
    assert.equal(sealed.length, TEXT.length + 28);
    const secret = await importSecret(new Uint8Array(64).fill(1));
    const otherRoom = await KeptKey.derive(secret, new Uint8Array(16).fill(1));
    assert.equal(await otherRoom.open(sealed, "tail 1 2 3"), undefined);
    assert.equal(await (await makeKey(2)).open(sealed, "tail 1 2 3"), undefined);
    for (const place of ["tail 1 2 4", "block 1 2", ""]) {
      assert.equal(await key.open(sealed, place), undefined);
    }
  },
);

pureTest("open() opens nothing that was altered or cut, at any byte", async () => {
  const key = await makeKey();
  const sealed = await key.seal(TEXT, "x");
  for (let i = 0; i < sealed.length; i++) {
    const altered = sealed.slice();
    altered[i]! ^= 1;
    assert.equal(await key.open(altered, "x"), undefined);
    assert.equal(await key.open(sealed.slice(0, i), "x"), undefined);
  }
});

pureTest("seal() takes another nonce each time", async () => {
  const key = await makeKey();
  const sealed = await Promise.all(Array.from({ length: 100 }, () => key.seal(TEXT, "x")));
  assert.equal(new Set(sealed.map((each) => each.subarray(0, 12).toHex())).size, 100);
});
