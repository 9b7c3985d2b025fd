import fc from "fast-check";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { parseEnvelope, sealEnvelope } from "../../lib/protocol/envelope.ts";
import { formatHeader } from "../../lib/protocol/header.ts";
import { ALICE, decode, encode, fieldsOf, ROOM, sealByHand } from "../support/fixed_members.ts";
import { pureTest } from "../support/pure.ts";

const SIGNER = { privateKey: ALICE.signing.privateKey, roomId: ROOM.roomId };
const J =
  '{"v":1,"k":"chat","id":"F8t5-ytBIPKx7GXkGY1uCLKOgT_rAeSkAIObheGAgM4","n":"alice","e":"AZ-8VkwAAAE","q":0,"t":1785571200,"b":"hello"}';
const S = "P7hNmV6674fMI_r9SNdid6gDFunk8ZUhG3AU-cgZ_2BCF_vt_ht0AGg_KhzfKIhyAreikBozrLIvGqO2dRHQDA";
const MALFORMED = { kind: "malformed" };

/** A header that tells of a body. */
function headerOf(body: Uint8Array, bodyLength = body.length): Uint8Array {
  const bodyHash = new Uint8Array(createHash("sha256").update(body).digest());
  return formatHeader(fieldsOf({ text: undefined, bodyLength, bodyHash }));
}

pureTest("sealEnvelope() makes the plaintext of the protocol's example", async () => {
  const plaintext = await sealEnvelope(fieldsOf(), SIGNER);
  assert.equal(decode(plaintext), `\x1e${J}\n${S}\n`.padEnd(511, " "));
});

pureTest("parseEnvelope() reads the protocol's example", () => {
  const envelope = parseEnvelope(encode(`\x1e${J}\n${S}\n`.padEnd(511, " ")));
  assert.ok(envelope.kind === "signed");
  assert.equal(envelope.header.text, "hello");
  assert.equal(envelope.header.id, ALICE.id);
  assert.equal(decode(envelope.headerBytes), J);
  assert.equal(envelope.signature.toBase64({ alphabet: "base64url", omitPadding: true }), S);
  assert.equal(envelope.body.length, 0);
});

pureTest("parseEnvelope() takes all that does not begin with 1E for plain text", () => {
  const bytes = fc.uint8Array({ maxLength: 600 }).filter((bytes) => bytes[0] !== 0x1e);
  fc.assert(fc.property(bytes, (bytes) => {
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
    assert.deepEqual(parseEnvelope(bytes), { kind: "plain", text });
  }));
  assert.deepEqual(parseEnvelope(encode(`${J}\n${S}\n`)), { kind: "plain", text: `${J}\n${S}\n` });
  assert.deepEqual(parseEnvelope(encode("\ufeffa")), { kind: "plain", text: "\ufeffa" });
});

pureTest("parseEnvelope() takes nothing that was cut before its padding", async () => {
  const plaintext = await sealEnvelope(fieldsOf(), SIGNER);
  const end = 1 + J.length + 1 + S.length + 1;
  for (let length = 1; length < plaintext.length; length++) {
    const { kind } = parseEnvelope(plaintext.slice(0, length));
    assert.equal(kind, length < end ? "malformed" : "signed", `${length} bytes`);
  }
});

pureTest("parseEnvelope() takes nothing but spaces for padding", async () => {
  for (const byte of [0, 0x09, 0x0a, 0x0d, 0x1e, 0x21, 0x41, 0xa0, 0xff]) {
    for (const place of [0, 1, 100]) {
      const padding = new Uint8Array(101).fill(0x20).with(place, byte);
      assert.deepEqual(parseEnvelope(await sealByHand(J, { padding })), MALFORMED);
    }
  }
  assert.equal(parseEnvelope(await sealByHand(J, { padding: new Uint8Array() })).kind, "signed");
});

pureTest("parseEnvelope() takes a signature of 64 bytes in its one spelling", () => {
  const spellings = [
    ...["", "A", S.slice(1), `${S}A`, `${S}==`, `${S.slice(0, -1)}B`, `${S.slice(0, -1)}+`],
    ...[` ${S.slice(1)}`, `${S.slice(0, -1)}é`, `${S.slice(0, -1)}\n`],
  ];
  for (const spelled of spellings) {
    const plaintext = encode(`\x1e${J}\n${spelled}\n`.padEnd(511, " "));
    assert.deepEqual(parseEnvelope(plaintext), MALFORMED, spelled);
  }
});

pureTest("parseEnvelope() takes no header that parseHeader() does not take", async () => {
  const headers = ["", "{}", "null", J.replace("1785571200", "-1"), `${J} x`, `\x1e${J}`];
  for (const header of headers) {
    assert.deepEqual(parseEnvelope(await sealByHand(header)), MALFORMED);
  }
});

pureTest("parseEnvelope() needs LF after header and signature, and no CR", () => {
  for (const text of [`\x1e${J}\r\n${S}\n`, `\x1e${J}\n${S}\r\n`, `\x1e${J} ${S}\n`]) {
    const envelope = parseEnvelope(encode(text.padEnd(511, " ")));
    // JSON may end in CR: then it is another header, which the signature does not fit.
    if (envelope.kind === "signed") assert.equal(decode(envelope.headerBytes), `${J}\r`);
    else assert.deepEqual(envelope, MALFORMED);
  }
});

pureTest("parseEnvelope() gives the body of the length that the header tells", async () => {
  for (const length of [0, 1, 100, 1000]) {
    // Any bytes, those with a meaning elsewhere too.
    const body = Uint8Array.from({ length }, (_, i) => [0x20, 0x0a, 0x1e, 0xff][i % 4]!);
    const envelope = parseEnvelope(await sealByHand(headerOf(body), { body }));
    assert.ok(envelope.kind === "signed");
    assert.deepEqual(envelope.body, body);
  }
});

pureTest("parseEnvelope() takes no body that is shorter or longer than told", async () => {
  const body = encode("body");
  const none = new Uint8Array();
  const short = await sealByHand(headerOf(body, 5), { body, padding: none });
  assert.deepEqual(parseEnvelope(short), MALFORMED);
  assert.deepEqual(parseEnvelope(await sealByHand(headerOf(body, 3), { body })), MALFORMED);
  assert.deepEqual(parseEnvelope(await sealByHand(J, { body })), MALFORMED);
});
