import fc from "fast-check";
import assert from "node:assert/strict";
import { encrypt, generateKey, importKey } from "../../lib/fernet.ts";
import { parseRelayControl } from "../../lib/protocol/control.ts";
import { MAX_CONTROL_BYTES } from "../../lib/protocol/limits.ts";
import {
  classifyLine,
  formatRelayError,
  frameToken,
  RELAY_ERRORS,
  type RelayError,
} from "../../lib/protocol/wire.ts";
import { pureTest } from "../support/pure.ts";

/** The error that a line states. */
function parseRelayError(line: Uint8Array): RelayError | undefined {
  const control = parseRelayControl(line);
  return control?.verb === "ERR" ? control.error : undefined;
}

const encoder = new TextEncoder();
const BASE64URL = /^[A-Za-z0-9_-]$/;

function classify(line: string | Uint8Array) {
  const bytes = typeof line === "string" ? encoder.encode(line) : line;
  return classifyLine(bytes, 0, bytes.length);
}

/** Text of the given length that looks like a token. */
function tokenLike(chars: number, padding: number): string {
  return "gAAAAA".padEnd(chars - padding, "Zz9_-") + "=".repeat(padding);
}

pureTest("classifyLine() takes a token of whole blocks, and no other length or padding", () => {
  const valid = new Set<string>();
  for (let bytes = 57 + 16; bytes < 400; bytes += 16) {
    valid.add(`${4 * Math.ceil(bytes / 3)} ${(3 - bytes % 3) % 3}`);
  }
  for (let chars = 10; chars <= 500; chars++) {
    for (let padding = 0; padding <= 3; padding++) {
      const expected = valid.has(`${chars} ${padding}`) ? "token" : "noise";
      const line = tokenLike(chars, padding);
      assert.equal(classify(line), expected, `${chars} characters, ${padding} of padding`);
    }
  }
});

pureTest("classifyLine() takes a token of 100 characters, not of 99 or 101", () => {
  for (let padding = 0; padding <= 3; padding++) {
    assert.equal(classify(tokenLike(99, padding)), "noise");
    assert.equal(classify(tokenLike(100, padding)), padding === 2 ? "token" : "noise");
    assert.equal(classify(tokenLike(101, padding)), "noise");
  }
});

pureTest("classifyLine() takes only the bytes of base64url in a token, at every place", () => {
  for (const padding of [0, 1, 2]) {
    const chars = [140, 120, 100][padding]!;
    const token = encoder.encode(tokenLike(chars, padding));
    for (let place = 0; place < chars; place++) {
      for (let byte = 0; byte < 256; byte++) {
        const isFixed = place < 6 || place >= chars - padding;
        const isValid = isFixed ? byte === token[place] : BASE64URL.test(String.fromCharCode(byte));
        const isControl = place === 0 && byte === 0x21;
        const expected = isValid ? "token" : isControl ? "control" : "noise";
        const actual = classify(token.with(place, byte));
        if (actual !== expected) assert.fail(`byte ${byte} at ${place} of ${chars}: ${actual}`);
      }
    }
  }
});

pureTest("classifyLine() takes every token that encrypt() makes", async () => {
  const key = await importKey(generateKey());
  const plaintexts = fc.uint8Array({ maxLength: 3000, size: "max" });
  await fc.assert(fc.asyncProperty(plaintexts, async (plaintext) => {
    assert.equal(classify(await encrypt(key, plaintext)), "token");
  }));
});

pureTest("classifyLine() takes no token with one byte changed to another alphabet", async () => {
  const key = await importKey(generateKey());
  const sizes = fc.integer({ min: 0, max: 200 });
  const bytes = fc.integer({ min: 0, max: 255 })
    .filter((byte) => !BASE64URL.test(String.fromCharCode(byte)) && byte !== 0x21);
  await fc.assert(fc.asyncProperty(sizes, fc.nat(), bytes, async (size, seed, byte) => {
    const token = encoder.encode(await encrypt(key, new Uint8Array(size)));
    const place = seed % token.length;
    fc.pre(token[place] !== byte);
    assert.equal(classify(token.with(place, byte)), "noise");
  }));
});

pureTest("classifyLine() takes a control line of printable ASCII up to 512 bytes", () => {
  assert.equal(MAX_CONTROL_BYTES, 512);
  for (const line of ["!", "! ", "!PING 1", "!~", "!" + "x".repeat(511)]) {
    assert.equal(classify(line), "control");
  }
  assert.equal(classify("!" + "x".repeat(512)), "noise");
  const line = encoder.encode("!PING 1");
  for (let place = 1; place < line.length; place++) {
    for (let byte = 0; byte < 256; byte++) {
      const expected = byte >= 0x20 && byte <= 0x7e ? "control" : "noise";
      assert.equal(classify(line.with(place, byte)), expected, `byte ${byte} at ${place}`);
    }
  }
});

pureTest("classifyLine() looks at the line alone, not at the bytes around it", () => {
  const lines = ["", "!", "!PING 1", "g", tokenLike(100, 2), tokenLike(99, 2), "hello", "=="];
  const around = ["", "!", "g", "=", "\r\n", tokenLike(100, 2), "\u00ff"];
  for (const line of lines) {
    for (const before of around) {
      for (const after of around) {
        const bytes = encoder.encode(before + line + after);
        const start = encoder.encode(before).length;
        assert.equal(classifyLine(bytes, start, start + line.length), classify(line));
      }
    }
  }
  assert.equal(classify(""), "noise");
});

pureTest("formatRelayError() writes control lines that parseRelayControl() reads", () => {
  const reasons = fc.string({
    minLength: 1,
    maxLength: MAX_CONTROL_BYTES - "!ERR 503 ".length,
    size: "max",
  });
  const codes = fc.integer({ min: 100, max: 999 });
  fc.assert(fc.property(codes, reasons, (code, reason) => {
    const line = formatRelayError({ code, reason });
    assert.equal(line.at(-1), 0x0a);
    assert.equal(classify(line.subarray(0, -1)), "control");
    assert.deepEqual(parseRelayError(line.subarray(0, -1)), { code, reason });
  }));
});

pureTest("RELAY_ERRORS have the codes of the protocol", () => {
  const codes = Object.values(RELAY_ERRORS).map(({ code }) => code);
  assert.deepEqual(codes, [400, 401, 404, 408, 410, 410, 413, 429, 503, 503, 503, 503]);
});

pureTest("parseRelayControl() reads no other line as an error", () => {
  const others = ["", "!", "!ERR", "!ERR 503", "!ERR 503 ", "!ERR 50 full", "!ERR 5033 full"];
  others.push(
    "!ERR  503 full",
    "!ERR -50 full",
    "!ERR 5e2 full",
    "!err 503 full",
    "!ERRR 503 full",
  );
  others.push(" !ERR 503 full", "ERR 503 full", "!ERR 503 fúll", "!ERR 503 full\r", "!PING 1");
  others.push("!ERR 503 " + "x".repeat(504), "!ERR ٥٠٣ full", tokenLike(100, 2));
  for (const line of others) assert.equal(parseRelayError(encoder.encode(line)), undefined, line);
});

pureTest("frameToken() appends LF and nothing else", () => {
  const token = tokenLike(100, 2);
  assert.deepEqual(frameToken(token), encoder.encode(token + "\n"));
});
