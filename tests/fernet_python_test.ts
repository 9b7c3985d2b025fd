import assert from "node:assert/strict";
import { MAX_CRYPTO_IN_FLIGHT } from "../lib/client/limits.ts";
import { decrypt, encrypt, generateKey, importKey, InvalidTokenError } from "../lib/fernet.ts";
import { testNeeding } from "./support/needs.ts";
import { spawnPython } from "./support/python.ts";

const MAX_PLAINTEXT_BYTES = 49_000;
const NOW = 1_785_571_200;
/** Reads lines of JSON into `lines`; `answer()` prints one. */
const PRELUDE = `
import base64, json, sys
from cryptography.fernet import Fernet, InvalidToken
lines = [json.loads(line) for line in sys.stdin]
key = lines.pop(0)
fernet = Fernet(key)
def answer(value):
    print(json.dumps(value))
`;

/** Runs a script after {@linkcode PRELUDE}: lines of JSON in, lines of JSON out. */
async function python<T>(script: string, key: string, input: readonly unknown[]): Promise<T[]> {
  await using program = spawnPython(["-c", PRELUDE + script]);
  const lines = [key, ...input].map((value) => JSON.stringify(value) + "\n");
  await program.alive(new Blob(lines).stream().pipeTo(program.child.stdin));
  const { code, stdout, stderr } = await program.finished();
  assert.equal(code, 0, stderr);
  return stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
}

/** 2,000 plaintexts: each end and block boundary, most small, a few of any size. */
function randomPlaintexts(): Uint8Array<ArrayBuffer>[] {
  const sizes = [0, 1, 15, 16, 17, 31, 32, 33, MAX_PLAINTEXT_BYTES - 1, MAX_PLAINTEXT_BYTES];
  while (sizes.length < 2000) {
    const max = sizes.length % 10 === 0 ? MAX_PLAINTEXT_BYTES : 300;
    sizes.push(Math.floor(Math.random() * (max + 1)));
  }
  return sizes.map((size) => crypto.getRandomValues(new Uint8Array(size)));
}

/** Calls `fn` for every item, as many at once as a client does. */
async function mapInFlight<T, R>(items: readonly T[], fn: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let at = 0; at < items.length; at += MAX_CRYPTO_IN_FLIGHT) {
    results.push(...await Promise.all(items.slice(at, at + MAX_CRYPTO_IN_FLIGHT).map(fn)));
  }
  return results;
}

/** Compares without deepEqual(), which is slow at this size; names the first that differs. */
function assertSame(actual: readonly string[], expected: readonly string[], key: string): void {
  assert.equal(actual.length, expected.length);
  const index = actual.findIndex((text, i) => text !== expected[i]);
  assert.equal(actual[index], expected[index], `plaintext ${index} under the key ${key}`);
}

testNeeding(
  ["run", "read", "python3-cryptography"],
  "encrypt() makes tokens that Python decrypts",
  async () => {
    const text = generateKey();
    const key = await importKey(text);
    const plaintexts = randomPlaintexts();
    const tokens = await mapInFlight(plaintexts, (plaintext) => encrypt(key, plaintext));
    const script = `
for token in lines:
    answer(base64.b64encode(fernet.decrypt(token, ttl=600)).decode())
`;
    const decrypted = await python<string>(script, text, tokens);
    assertSame(decrypted, plaintexts.map((plaintext) => plaintext.toBase64()), text);
  },
);

testNeeding(
  ["run", "read", "python3-cryptography"],
  "decrypt() reads tokens that Python encrypts",
  async () => {
    const text = generateKey();
    const key = await importKey(text);
    const plaintexts = randomPlaintexts().map((plaintext) => plaintext.toBase64());
    const script = `
for plaintext in lines:
    answer(fernet.encrypt(base64.b64decode(plaintext)).decode())
`;
    const tokens = await python<string>(script, text, plaintexts);
    const decrypted = await mapInFlight(
      tokens,
      async (token) => (await decrypt(key, token, { ttlSeconds: 600 })).plaintext.toBase64(),
    );
    assertSame(decrypted, plaintexts, text);
  },
);

testNeeding(
  ["run", "read", "python3-cryptography"],
  "encrypt() makes Python's token from the same time and IV",
  async () => {
    const text = generateKey();
    const key = await importKey(text);
    const cases = randomPlaintexts().slice(0, 200).map((plaintext, i) => ({
      plaintext,
      now: NOW + i,
      iv: crypto.getRandomValues(new Uint8Array(16)),
    }));
    const ours = await mapInFlight(cases, ({ plaintext, now, iv }) => {
      return encrypt(key, plaintext, { now, iv });
    });
    const script = `
for plaintext, now, iv in lines:
    parts = (base64.b64decode(plaintext), now, base64.b64decode(iv))
    answer(fernet._encrypt_from_parts(*parts).decode())
`;
    const input = cases.map(({ plaintext, now, iv }) => [plaintext.toBase64(), now, iv.toBase64()]);
    assertSame(await python<string>(script, text, input), ours, text);
  },
);

testNeeding(
  ["run", "read", "python3-cryptography"],
  "decrypt() judges time as Python does",
  async () => {
    const text = generateKey();
    const key = await importKey(text);
    const ages = [0, 1, 2, 59, 60, 61, 62, 119, 120, 121, 3599, 3600, 3601, NOW];
    const times = [...ages.flatMap((age) => [NOW - age, NOW + age]), 2 ** 53 - 1];
    const cases = [0, 1, 59, 60, 61, 3600, null]
      .flatMap((ttlSeconds) => times.map((time) => ({ time, ttlSeconds })));
    const script = `
for case in lines:
    token = fernet.encrypt_at_time(b"", case["time"])
    try:
        if case["ttlSeconds"] is None:
            fernet.decrypt(token)
        else:
            fernet.decrypt_at_time(token, case["ttlSeconds"], ${NOW})
        answer([token.decode(), True])
    except InvalidToken:
        answer([token.decode(), False])
`;
    const verdicts = await python<[token: string, isValid: boolean]>(script, text, cases);
    assert.equal(verdicts.length, cases.length);
    for (const [i, [token, isValid]] of verdicts.entries()) {
      const { time, ttlSeconds } = cases[i]!;
      const options = { now: NOW, ttlSeconds: ttlSeconds ?? undefined };
      const outcome = await decrypt(key, token, options).catch((error: unknown) => error);
      const difference = `time ${time - NOW} s from now, TTL ${ttlSeconds} s`;
      assert.equal(!(outcome instanceof InvalidTokenError), isValid, difference);
      if (isValid) assert.partialDeepStrictEqual(outcome, { issuedAt: time }, difference);
    }
    const validCount = verdicts.filter(([, isValid]) => isValid).length;
    assert.ok(validCount > 50 && verdicts.length - validCount > 50);
  },
);
