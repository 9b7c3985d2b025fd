import assert from "node:assert/strict";
import { deriveBytes, importSecret } from "../../lib/crypto/hkdf.ts";
import { pureTest } from "../support/pure.ts";

pureTest("deriveBytes() derives what RFC 5869 does without salt and info", async () => {
  const secret = await importSecret(new Uint8Array(22).fill(0x0b));
  assert.equal(secret.extractable, false);
  const bytes = await deriveBytes(secret, new Uint8Array(), 42);
  assert.equal(
    bytes.toHex(),
    "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
  );
});
