import assert from "node:assert/strict";
import fc from "fast-check";
import * as fernet from "../lib/fernet.ts";
import { decrypt, encrypt, generateKey, importKey, InvalidTokenError } from "../lib/fernet.ts";

/** From generate.json and verify.json of the Fernet spec. */
const SPEC = {
  secret: "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=",
  now: Date.parse("1985-10-26T01:20:00-07:00") / 1000,
  iv: Uint8Array.from({ length: 16 }, (_, i) => i),
  src: new TextEncoder().encode("hello"),
  token:
    "gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9dOPmrhuVUPgJobwOz7JcbmrR64j" +
    "VmpU4IwqDA==",
};
const pure = { permissions: "none" } as const;
const key = await importKey(SPEC.secret);

Deno.test("fernet.ts exports what its callers need and nothing else", pure, () => {
  const names = ["InvalidTokenError", "decrypt", "encrypt", "generateKey", "importKey"];
  assert.deepEqual(Object.keys(fernet).sort(), names);
});

Deno.test("encrypt() makes the token of the Fernet spec", pure, async () => {
  const { now, iv, src, token } = SPEC;
  assert.equal(await encrypt(key, src, { now, iv }), token);
});

Deno.test("decrypt() reads the token of the Fernet spec", pure, async () => {
  const { now, src, token } = SPEC;
  const { mac, ...rest } = await decrypt(key, token, { now: now + 1, ttlSeconds: 60 });
  assert.deepEqual(rest, { plaintext: src, issuedAt: now, keyIndex: 0 });
  assert.deepEqual(mac, fromToken(token).slice(-32));
});

Deno.test("decrypt() gives back what encrypt() was given", pure, async () => {
  const sizes = [0, 1, 15, 16, 17, 31, 32, 33, 48_999, 49_000];
  const plaintexts = fc.oneof(
    fc.uint8Array({ maxLength: 100 }),
    fc.oneof(fc.constantFrom(...sizes), fc.integer({ min: 0, max: 49_000 }))
      .chain((length) => fc.nat(255).map((byte) => new Uint8Array(length).fill(byte))),
  );
  const times = fc.maxSafeNat();
  await fc.assert(
    fc.asyncProperty(plaintexts, times, async (plaintext, now) => {
      const token = await encrypt(key, plaintext, { now });
      assert.match(token, /^gA[A-Za-z0-9_-]+={0,2}$/);
      const bytes = 57 + 16 * (Math.floor(plaintext.length / 16) + 1);
      assert.equal(token.length, Math.ceil(bytes / 3) * 4);
      const decrypted = await decrypt(key, token, { now, ttlSeconds: 0 });
      assert.deepEqual(decrypted, {
        plaintext,
        issuedAt: now,
        mac: fromToken(token).slice(-32),
        keyIndex: 0,
      });
    }),
    { numRuns: 500 },
  );
  for (const size of sizes) {
    const plaintext = new Uint8Array(size).fill(7);
    assert.deepEqual((await decrypt(key, await encrypt(key, plaintext))).plaintext, plaintext);
  }
});

Deno.test("encrypt() depends on nothing but key, plaintext, now and iv", pure, async () => {
  const { now, iv, src } = SPEC;
  const other = await importKey(generateKey());
  const tokens = await Promise.all([
    encrypt(key, src, { now, iv }),
    encrypt(key, src.slice(), { now, iv: iv.slice() }),
    encrypt(other, src, { now, iv }),
    encrypt(key, src.slice(1), { now, iv }),
    encrypt(key, src, { now: now + 1, iv }),
    encrypt(key, src, { now, iv: iv.map((byte) => byte ^ 1) }),
  ]);
  assert.equal(tokens[0], tokens[1]);
  assert.equal(new Set(tokens).size, 5);
});

Deno.test("encrypt() takes the clock's time and a fresh IV by default", pure, async () => {
  const before = Math.floor(Date.now() / 1000);
  const tokens = await Promise.all(Array.from({ length: 100 }, () => encrypt(key, SPEC.src)));
  const after = Math.floor(Date.now() / 1000);
  const ivs = new Set(tokens.map((token) => fromToken(token).slice(9, 25).toHex()));
  assert.equal(ivs.size, tokens.length);
  for (const token of tokens) {
    const { issuedAt } = await decrypt(key, token, { ttlSeconds: 60 });
    assert.ok(before <= issuedAt && issuedAt <= after);
  }
});

Deno.test("encrypt() takes a view's own bytes, as they are when it is called", pure, async () => {
  const { now, iv } = SPEC;
  const whole = Uint8Array.from({ length: 100 }, (_, i) => i);
  const view = whole.subarray(20, 53);
  const ivView = new Uint8Array(48).fill(0xee).subarray(10, 26);
  ivView.set(iv);
  const expected = await encrypt(key, view.slice(), { now, iv });
  const token = encrypt(key, view, { now, iv: ivView });
  whole.fill(0xff);
  ivView.fill(0xff);
  assert.equal(await token, expected);
});

Deno.test("encrypt() rejects a plaintext that is not a Uint8Array", pure, async () => {
  const buffer = new ArrayBuffer(6);
  const views: unknown[] = [new Uint16Array(buffer), new Int8Array(buffer), new DataView(buffer)];
  for (const value of [undefined, null, "hello", 5, [104], buffer, ...views]) {
    await assert.rejects(encrypt(key, value as Uint8Array), {
      name: "TypeError",
      message: "Cannot encrypt: plaintext is not a Uint8Array",
    });
  }
});

Deno.test("encrypt() rejects an IV that is not 16 bytes", pure, async () => {
  for (const length of [0, 1, 15, 17, 32]) {
    await assert.rejects(encrypt(key, SPEC.src, { iv: new Uint8Array(length) }), {
      name: "RangeError",
      message: `Cannot encrypt: IV of ${length} bytes instead of 16`,
    });
  }
  const values: unknown[] = [null, "0123456789abcdef", [...SPEC.iv], SPEC.iv.buffer];
  for (const iv of [...values, new Int8Array(16)]) {
    await assert.rejects(encrypt(key, SPEC.src, { iv: iv as Uint8Array }), {
      name: "TypeError",
      message: "Cannot encrypt: IV is not a Uint8Array",
    });
  }
});

Deno.test("encrypt() rejects a time that is not whole seconds up to 2^53 - 1", pure, async () => {
  for (const now of [0, 1, Number.MAX_SAFE_INTEGER]) {
    assert.equal((await decrypt(key, await encrypt(key, SPEC.src, { now }))).issuedAt, now);
  }
  for (const now of [-1, 0.5, 2 ** 53, Infinity, NaN, null, "5", 5n, new Date(5)]) {
    await assert.rejects(encrypt(key, SPEC.src, { now: now as number }), {
      name: "RangeError",
      message: "Cannot encrypt: time is not a whole number of seconds",
    });
  }
});

Deno.test("decrypt() tries the keys in order and tells which one fitted", pure, async () => {
  const keys = await Promise.all(Array.from({ length: 3 }, () => importKey(generateKey())));
  for (const [index, each] of keys.entries()) {
    const token = await encrypt(each, SPEC.src);
    const { plaintext, keyIndex } = await decrypt(keys, token);
    assert.deepEqual([plaintext, keyIndex], [SPEC.src, index]);
    assert.equal((await decrypt([each, ...keys], token)).keyIndex, 0);
    assert.equal((await decrypt(each, token)).keyIndex, 0);
  }
  await assert.rejects(decrypt(keys, SPEC.token), new InvalidTokenError());
});

Deno.test("decrypt() rejects an empty list of keys, whatever the token", pure, async () => {
  for (const token of [SPEC.token, "junk"]) {
    await assert.rejects(decrypt([], token), {
      name: "RangeError",
      message: "Cannot decrypt: no keys",
    });
  }
});

Deno.test("decrypt() rejects options that are not numbers from 0 up", pure, async () => {
  for (const name of ["now", "ttlSeconds", "maxClockSkewSeconds"]) {
    for (const value of [-1, -0.001, -Infinity, NaN, "soon"]) {
      await assert.rejects(decrypt(key, SPEC.token, { [name]: value }), {
        name: "RangeError",
        message: `Cannot decrypt: ${name} is not a number from 0 up`,
      });
    }
    await decrypt(key, SPEC.token, { now: SPEC.now, [name]: 0 });
    await decrypt(key, SPEC.token, { now: SPEC.now, [name]: undefined });
  }
});

Deno.test("decrypt() keeps 16 tokens in flight apart", pure, async () => {
  const keys = [await importKey(generateKey()), key];
  const plaintexts = Array.from({ length: 16 }, (_, i) => new Uint8Array(i * 3000).fill(i));
  const tokens = await Promise.all(plaintexts.map((text, i) => encrypt(keys[i % 2]!, text)));
  const bad = tokens.map((token, i) => i % 5 === 0 ? token.replace(/.$/, "?") : token);
  const results = await Promise.allSettled(bad.map((token) => decrypt(keys, token)));
  for (const [i, result] of results.entries()) {
    if (i % 5 === 0) {
      assert.deepEqual(result, { status: "rejected", reason: new InvalidTokenError() });
    } else {
      assert.equal(result.status, "fulfilled");
      assert.deepEqual([result.value.plaintext, result.value.keyIndex], [plaintexts[i], i % 2]);
    }
  }
});

Deno.test("importKey() returns halves that cannot be exported", pure, async () => {
  assert.deepEqual([...key.signing.usages].sort(), ["sign", "verify"]);
  assert.deepEqual([...key.encryption.usages].sort(), ["decrypt", "encrypt"]);
  for (const half of [key.signing, key.encryption]) {
    assert.equal(half.extractable, false);
    await assert.rejects(crypto.subtle.exportKey("raw", half), { name: "InvalidAccessError" });
    await assert.rejects(crypto.subtle.exportKey("jwk", half), { name: "InvalidAccessError" });
  }
});

Deno.test("importKey() rejects what parseKey() rejects", pure, async () => {
  await assert.rejects(importKey(SPEC.secret.slice(1)), {
    name: "RangeError",
    message: "Cannot parse key: 43 characters instead of 44",
  });
  await assert.rejects(importKey(SPEC.secret.replace("-", "+")), {
    name: "TypeError",
    message: "Cannot parse key: not 32 bytes in base64url",
  });
  await assert.rejects(importKey(5 as unknown as string), {
    name: "TypeError",
    message: "Cannot parse key: not a string",
  });
});

function fromToken(token: string): Uint8Array {
  return Uint8Array.fromBase64(token, { alphabet: "base64url", lastChunkHandling: "strict" });
}
