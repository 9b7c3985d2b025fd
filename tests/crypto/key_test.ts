import fc from "fast-check";
import assert from "node:assert/strict";
import { generateKey, parseKey } from "../../lib/crypto/key.ts";

const KEY = "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=";
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const NOT_BASE64URL = { name: "TypeError", message: "Cannot parse key: not 32 bytes in base64url" };
const pure = { permissions: "none" } as const;

/** `text` with another character, of any length, at `index`. */
function replaceAt(text: string, index: number, replacement: string): string {
  return text.slice(0, index) + replacement + text.slice(index + 1);
}

function toText(bytes: Uint8Array): string {
  return bytes.toBase64({ alphabet: "base64url" });
}

Deno.test("generateKey() returns the canonical form of 32 bytes", pure, () => {
  for (let i = 0; i < 1000; i++) {
    const text = generateKey();
    assert.match(text, /^[A-Za-z0-9_-]{43}=$/);
    assert.equal(toText(parseKey(text)), text);
  }
});

Deno.test("generateKey() returns another key each time", pure, () => {
  const keys = Array.from({ length: 1000 }, generateKey);
  assert.equal(new Set(keys).size, keys.length);
});

Deno.test("generateKey() uses every bit of the 32 bytes", pure, () => {
  const everSet = new Uint8Array(32);
  const everClear = new Uint8Array(32);
  for (let i = 0; i < 100; i++) {
    for (const [at, byte] of parseKey(generateKey()).entries()) {
      everSet[at]! |= byte;
      everClear[at]! |= ~byte;
    }
  }
  assert.deepEqual(everSet, new Uint8Array(32).fill(0xff));
  assert.deepEqual(everClear, new Uint8Array(32).fill(0xff));
});

Deno.test("parseKey() returns the bytes of the Fernet spec's key", pure, () => {
  assert.equal(
    parseKey(KEY).toHex(),
    "730ff4c7af3d46923e8ed451ee813c87f790b0a226bc96a92de49b5e9c05e1ee",
  );
});

Deno.test("parseKey() reads every 32 bytes back", pure, () => {
  fc.assert(fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
    assert.deepEqual(parseKey(toText(bytes)), bytes);
  }));
});

Deno.test("parseKey() returns bytes that no other call shares", pure, () => {
  const first = parseKey(KEY);
  const second = parseKey(KEY);
  first.fill(0);
  assert.deepEqual([first.buffer.byteLength, second.buffer.byteLength], [32, 32]);
  assert.equal(toText(second), KEY);
});

Deno.test("parseKey() rejects every length but 44", pure, () => {
  for (let length = 0; length <= 60; length++) {
    if (length === 44) continue;
    const error = {
      name: "RangeError",
      message: `Cannot parse key: ${length} characters instead of 44`,
    };
    for (const filler of ["A", "=", "\n", "\0"]) {
      assert.throws(() => parseKey(KEY.slice(0, length).padEnd(length, filler)), error);
      assert.throws(() => parseKey(KEY.slice(0, length).padStart(length, filler)), error);
    }
  }
});

Deno.test("parseKey() rejects every character outside base64url, anywhere", pure, () => {
  const characters = Array.from({ length: 0x180 }, (_, code) => String.fromCharCode(code))
    .concat("\u2028", "\ufeff", "\uff0d", "\uffff", "\ud83d")
    .filter((character) => !ALPHABET.includes(character));
  assert.ok(characters.includes("+") && characters.includes("/") && characters.includes("="));
  for (const character of characters) {
    for (let index = 0; index < 43; index++) {
      assert.throws(() => parseKey(replaceAt(KEY, index, character)), NOT_BASE64URL);
    }
    if (character === "=") continue;
    assert.throws(() => parseKey(replaceAt(KEY, 43, character)), NOT_BASE64URL);
  }
  assert.throws(() => parseKey(KEY.slice(0, 42) + "😀"), NOT_BASE64URL);
});

Deno.test("parseKey() rejects 33 bytes, which also take 44 characters", pure, () => {
  assert.throws(() => parseKey(toText(new Uint8Array(33))), NOT_BASE64URL);
  for (const character of ALPHABET) {
    assert.throws(() => parseKey(replaceAt(KEY, 43, character)), NOT_BASE64URL);
  }
});

Deno.test("parseKey() rejects 31 bytes, which also take 44 characters", pure, () => {
  assert.throws(() => parseKey(toText(new Uint8Array(31))), NOT_BASE64URL);
});

Deno.test("parseKey() rejects bits left over in the last character", pure, () => {
  for (const [value, character] of [...ALPHABET].entries()) {
    const text = replaceAt(KEY, 42, character);
    if (value % 4 === 0) assert.equal(toText(parseKey(text)), text);
    else assert.throws(() => parseKey(text), NOT_BASE64URL);
  }
});

Deno.test("parseKey() rejects what is not a string", pure, () => {
  const bytes = new TextEncoder().encode(KEY);
  for (const value of [undefined, null, 44, true, {}, [KEY], [...KEY], bytes, Object(KEY)]) {
    assert.throws(() => parseKey(value as string), {
      name: "TypeError",
      message: "Cannot parse key: not a string",
    });
  }
});
