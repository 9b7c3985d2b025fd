import assert from "node:assert/strict";
import { hkdfSync } from "node:crypto";
import { MAX_PRIVATE_TEXT_BYTES } from "../../lib/chat/limits.ts";
import { agree, importAgreementKey } from "../../lib/crypto/x25519.ts";
import { decrypt, encrypt, importKey } from "../../lib/fernet.ts";
import { openText, type SealedText, sealText } from "../../lib/protocol/direct_message.ts";
import { sealEnvelope } from "../../lib/protocol/envelope.ts";
import { MAX_TEXT_BYTES } from "../../lib/protocol/limits.ts";
import { ALICE, BOB, decode, EVE, fieldsOf, ROOM } from "../support/fixed_members.ts";
import { pureTest } from "../support/pure.ts";

const BETWEEN = { sender: ALICE.signing.publicKey, recipient: BOB.signing.publicKey };
const INVALID = { name: "InvalidTokenError", message: "Cannot decrypt: invalid token" };
/** The points of low order of RFC 7748's curve and its twist, with and without the unused bit. */
const LOW_ORDER = [
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
  "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
].map((hex) => Uint8Array.fromHex(hex)).flatMap((key) => [key, key.with(31, key[31]! | 0x80)]);

const sealed = await sealText("psst", BOB.agreement.publicKey, BETWEEN);

function open(of: SealedText, by = BOB, between = BETWEEN): Promise<string> {
  return openText(of, by.agreement.privateKey, between);
}

pureTest("openText() gives the recipient what sealText() was given", async () => {
  const texts = ["", "psst", "é😀\u0000\ufeff", "x".repeat(MAX_PRIVATE_TEXT_BYTES)];
  for (const text of texts) {
    assert.equal(await open(await sealText(text, BOB.agreement.publicKey, BETWEEN)), text);
  }
  const lone = await sealText("a\ud800b", BOB.agreement.publicKey, BETWEEN);
  assert.equal(await open(lone), "a\ufffdb");
});

pureTest("sealText() makes a key and a token that are new each time", async () => {
  const seals = await Promise.all(
    Array.from({ length: 20 }, () => sealText("psst", BOB.agreement.publicKey, BETWEEN)),
  );
  assert.equal(new Set(seals.map(({ ephemeralKey }) => ephemeralKey.toHex())).size, 20);
  assert.equal(new Set(seals.map(({ token }) => token)).size, 20);
});

pureTest("sealText() keeps the derivation of the protocol", async () => {
  const publicKey = await importAgreementKey(sealed.ephemeralKey);
  const shared = await agree(BOB.agreement.privateKey, publicKey);
  const label = new TextEncoder().encode("encrypted-chatroom/v1 dm\0");
  const info = new Uint8Array([...label, ...BETWEEN.sender, ...BETWEEN.recipient]);
  const raw = new Uint8Array(hkdfSync("sha256", shared, new Uint8Array(), info, 32));
  const key = await importKey(raw.toBase64({ alphabet: "base64url" }));
  assert.equal(decode((await decrypt(key, sealed.token)).plaintext), "psst");
});

pureTest("openText() opens nothing for a third member, nor for the sender", async () => {
  for (const other of [EVE, ALICE]) await assert.rejects(open(sealed, other), INVALID);
});

pureTest("openText() opens nothing under other ids than those it was sealed for", async () => {
  const { sender, recipient } = BETWEEN;
  const others = [
    { sender: recipient, recipient: sender },
    { sender: EVE.signing.publicKey, recipient },
    { sender, recipient: EVE.signing.publicKey },
    { sender, recipient: sender },
  ];
  for (const between of others) await assert.rejects(open(sealed, BOB, between), INVALID);
});

pureTest("openText() opens no altered token, nor one with another ephemeral key", async () => {
  const { token, ephemeralKey } = sealed;
  for (let place = 0; place < token.length; place++) {
    const char = token[place] === "A" ? "B" : "A";
    const altered = token.slice(0, place) + char + token.slice(place + 1);
    await assert.rejects(open({ ephemeralKey, token: altered }), INVALID, `at ${place}`);
  }
  for (const bad of ["", "psst", token.slice(4), `${token}\n`, ` ${token}`]) {
    await assert.rejects(open({ ephemeralKey, token: bad }), INVALID);
  }
  const other = EVE.agreement.publicKey;
  await assert.rejects(open({ token, ephemeralKey: other }), INVALID);
});

pureTest("sealText() and openText() refuse keys of low order, and other lengths", async () => {
  const { token } = sealed;
  const assertRefused = async (key: Uint8Array, message: string) => {
    const error = { name: "RangeError", message };
    await assert.rejects(sealText("psst", key, BETWEEN), error, key.toHex());
    await assert.rejects(open({ token, ephemeralKey: key }), error, key.toHex());
  };
  for (const key of LOW_ORDER) await assertRefused(key, "Cannot import key: its order is low");
  for (const length of [0, 31, 33]) {
    const message = `Cannot import key: ${length} bytes instead of 32`;
    await assertRefused(new Uint8Array(length).fill(9), message);
  }
});

pureTest("openText() refuses what is not UTF-8", async () => {
  const publicKey = await importAgreementKey(sealed.ephemeralKey);
  const shared = await agree(BOB.agreement.privateKey, publicKey);
  const label = new TextEncoder().encode("encrypted-chatroom/v1 dm\0");
  const info = new Uint8Array([...label, ...BETWEEN.sender, ...BETWEEN.recipient]);
  const raw = new Uint8Array(hkdfSync("sha256", shared, new Uint8Array(), info, 32));
  const key = await importKey(raw.toBase64({ alphabet: "base64url" }));
  const token = await encrypt(key, new Uint8Array([0xff]));
  const { ephemeralKey } = sealed;
  await assert.rejects(open({ ephemeralKey, token }), { name: "TypeError" });
});

pureTest("the token of the longest private text fits a message", async () => {
  const text = '"'.repeat(MAX_PRIVATE_TEXT_BYTES);
  const { token } = await sealText(text, BOB.agreement.publicKey, BETWEEN);
  assert.ok(token.length <= MAX_TEXT_BYTES);
  const more = { kind: "dm", recipient: BOB.id, agreementKey: BOB.id, text: token } as const;
  const { privateKey } = ALICE.signing;
  const plaintext = await sealEnvelope(fieldsOf(more), { privateKey, roomId: ROOM.roomId });
  assert.ok(plaintext.length <= 45_055);
});
