import assert from "node:assert/strict";
import { encrypt } from "../../lib/fernet.ts";
import {
  paddedLength,
  parseEnvelope,
  sealEnvelope,
  verifyEnvelope,
} from "../../lib/protocol/envelope.ts";
import type { HeaderFields } from "../../lib/protocol/header.ts";
import { MAX_LINE_BYTES, MAX_PLAINTEXT_BYTES, MAX_TEXT_BYTES } from "../../lib/protocol/limits.ts";
import { ALICE, BOB, decode, fieldsOf, KEY, ROOM } from "../support/fixed_members.ts";
import { pureTest } from "../support/pure.ts";

const SIGNER = { privateKey: ALICE.signing.privateKey, roomId: ROOM.roomId };
const { publicKey } = ALICE.signing;

function seal(changes: Partial<HeaderFields>): Promise<Uint8Array> {
  return sealEnvelope(fieldsOf(changes), SIGNER);
}

/** Seals and opens; returns the text, wherever it was. */
async function roundTrip(text: string) {
  const plaintext = await seal({ text });
  const envelope = parseEnvelope(plaintext);
  assert.ok(envelope.kind === "signed");
  const key = await crypto.subtle.importKey("raw", publicKey, "Ed25519", true, ["verify"]);
  assert.equal(await verifyEnvelope(envelope, key, ROOM.roomId), true);
  const isBody = envelope.header.text === undefined;
  return { plaintext, isBody, text: envelope.header.text ?? decode(envelope.body) };
}

pureTest("paddedLength() is the next of its sizes", () => {
  const sizes = [511, 1023, 2047, 4095];
  for (let n = 2; 4096 * n - 1 <= 16 * 4096; n++) sizes.push(4096 * n - 1);
  for (let bytes = 0; bytes <= 16 * 4096 - 1; bytes++) {
    const expected = sizes.find((size) => size >= bytes);
    if (paddedLength(bytes) !== expected) assert.fail(`${bytes}: ${paddedLength(bytes)}`);
  }
});

pureTest("paddedLength() fills the blocks of a token", () => {
  for (const bytes of [1, 512, 1024, 2048, 4096, 8192]) {
    assert.equal((paddedLength(bytes) + 1) % 16, 0);
  }
});

pureTest("sealEnvelope() makes short and long texts, names and numbers alike", async () => {
  const lengths = new Set<number>();
  for (const text of ["x", "x".repeat(100), "é".repeat(50)]) {
    for (const nickname of ["a", "a".repeat(32), "é".repeat(16)]) {
      for (const sequence of [0, 1_000_000]) {
        for (const kind of ["chat", "act"] as const) {
          const plaintext = await seal({ kind, text, nickname, sequence });
          lengths.add((await encrypt(KEY, plaintext)).length);
        }
      }
    }
  }
  assert.deepEqual([...lengths], [(await encrypt(KEY, new Uint8Array(511))).length]);
});

pureTest("sealEnvelope() makes messages of presence as long as a short text", async () => {
  for (const nickname of ["a", "a".repeat(32)]) {
    for (const kind of ["join", "here", "nick", "leave"] as const) {
      const more = kind === "join" || kind === "here" ? { agreementKey: BOB.id, cid: 999_999 } : {};
      const plaintext = await seal({ kind, text: undefined, nickname, sequence: 1e6, ...more });
      assert.equal(plaintext.length, 511);
    }
  }
});

pureTest("sealEnvelope() pads to the next size at each limit, and one byte above", async () => {
  const { length: empty } = decode(await seal({ text: "" })).trimEnd();
  // The LF after the signature is trimmed too.
  const overhead = empty + 1;
  for (const [size, next] of [[511, 1023], [1023, 2047], [2047, 4095], [4095, 8191]] as const) {
    assert.equal((await seal({ text: "x".repeat(size - overhead) })).length, size);
    assert.equal((await seal({ text: "x".repeat(size - overhead + 1) })).length, next);
  }
});

pureTest("sealEnvelope() fits any text of 40,000 bytes, in the body if need be", async () => {
  const texts = ["x", '"', "\\", "\0", "\x1b", "\n", "\x7f", "é", "😀", "\u2028"];
  for (const character of texts) {
    const { length } = new TextEncoder().encode(character);
    const text = character.repeat(MAX_TEXT_BYTES / length);
    const result = await roundTrip(text);
    assert.ok(result.text === text, JSON.stringify(character));
    const isEscaped = JSON.stringify(character).length > character.length + 2;
    assert.equal(result.isBody, isEscaped, JSON.stringify(character));
    assert.ok(result.plaintext.length <= MAX_PLAINTEXT_BYTES);
  }
});

pureTest("sealEnvelope() moves a text to the body when its escapes do not fit", async () => {
  const longest = { isBody: 0, inHeader: 0 };
  for (let quotes = 22_300; quotes <= 22_420; quotes++) {
    const { isBody, text } = await roundTrip('"'.repeat(quotes));
    assert.equal(text.length, quotes);
    if (isBody) longest.isBody ||= quotes;
    else longest.inHeader = quotes;
  }
  assert.equal(longest.isBody, longest.inHeader + 1);
});

pureTest("sealEnvelope() makes no plaintext whose token does not fit a line", async () => {
  const token = await encrypt(KEY, new Uint8Array(MAX_PLAINTEXT_BYTES));
  assert.ok(token.length <= MAX_LINE_BYTES);
  assert.ok(
    (await encrypt(KEY, new Uint8Array(MAX_PLAINTEXT_BYTES + 4096))).length > MAX_LINE_BYTES - 4096,
  );
  await assert.rejects(seal({ text: "x".repeat(50_000) }), {
    name: "ChatError",
    message: /^Cannot seal message: \d{5} bytes, 45055 at most$/,
  });
});
