import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { importPublicKey } from "../../lib/crypto/ed25519.ts";
import {
  type Envelope,
  parseEnvelope,
  sealEnvelope,
  verifyEnvelope,
} from "../../lib/protocol/envelope.ts";
import { formatHeader } from "../../lib/protocol/header.ts";
import {
  ALICE,
  BOB,
  decode,
  encode,
  EVE,
  fieldsOf,
  OTHER_ROOM_ID,
  ROOM,
  sealByHand,
} from "../support/fixed_members.ts";
import { pureTest } from "../support/pure.ts";

const SIGNER = { privateKey: ALICE.signing.privateKey, roomId: ROOM.roomId };
const KEY = await importPublicKey(ALICE.signing.publicKey);

async function isGenuine(envelope: Envelope, roomId: Uint8Array = ROOM.roomId): Promise<boolean> {
  return envelope.kind === "signed" && await verifyEnvelope(envelope, KEY, roomId);
}

pureTest("verifyEnvelope() takes what its sender sealed in this room", async () => {
  const plaintext = await sealEnvelope(fieldsOf(), SIGNER);
  assert.equal(await isGenuine(parseEnvelope(plaintext)), true);
  assert.equal(await isGenuine(parseEnvelope(await sealByHand(formatHeader(fieldsOf())))), true);
});

pureTest("verifyEnvelope() takes nothing with any one bit altered", async () => {
  const plaintexts = await Promise.all([
    sealEnvelope(fieldsOf(), SIGNER),
    sealEnvelope(fieldsOf({ kind: "rekey" }), SIGNER, new Uint8Array(56).fill(7)),
    sealEnvelope(fieldsOf({ kind: "knock", agreementKey: BOB.id }), SIGNER),
  ]);
  for (const plaintext of plaintexts) {
    assert.equal(await isGenuine(parseEnvelope(plaintext)), true);
    for (let place = 0; place < plaintext.length; place++) {
      for (let bit = 0; bit < 8; bit++) {
        const altered = parseEnvelope(plaintext.with(place, plaintext[place]! ^ 1 << bit));
        if (place === 0) assert.equal(altered.kind, "plain");
        assert.equal(await isGenuine(altered), false, `bit ${bit} at ${place}`);
      }
    }
  }
});

pureTest(
  "verifyEnvelope() takes no signature on another text, sender, name or number",
  async () => {
    const plaintext = decode(await sealEnvelope(fieldsOf(), SIGNER));
    const swaps = [
      ["hello", "hellO"],
      ['"n":"alice"', '"n":"alicf"'],
      ['"q":0', '"q":1'],
      ["1785571200", "1785571201"],
      ["AZ-8VkwAAAE", "AZ-8VkwAAAI"],
      [ALICE.id, BOB.id],
      ['"k":"chat"', '"k":"join"'],
      ['{"v":1', '{ "v":1'],
    ] as const;
    for (const [from, to] of swaps) {
      const altered = parseEnvelope(encode(plaintext.replace(from, to)));
      assert.equal(altered.kind, "signed", to);
      assert.equal(await isGenuine(altered), false, to);
    }
  },
);

pureTest("verifyEnvelope() takes no message of another room", async () => {
  const other = { ...SIGNER, roomId: OTHER_ROOM_ID };
  const envelope = parseEnvelope(await sealEnvelope(fieldsOf(), other));
  assert.equal(await isGenuine(envelope), false);
  assert.equal(await isGenuine(envelope, OTHER_ROOM_ID), true);
});

pureTest("verifyEnvelope() takes no signature of another member", async () => {
  const header = formatHeader(fieldsOf());
  for (const signer of [BOB, EVE]) {
    assert.equal(await isGenuine(parseEnvelope(await sealByHand(header, { signer }))), false);
  }
  const [alice, bob] = await Promise.all([
    sealByHand(header),
    sealByHand(formatHeader(fieldsOf({ id: BOB.id })), { signer: BOB }),
  ]);
  const [ofAlice, ofBob] = [parseEnvelope(alice), parseEnvelope(bob)];
  assert.ok(ofAlice.kind === "signed" && ofBob.kind === "signed");
  assert.equal(await isGenuine({ ...ofAlice, signature: ofBob.signature }), false);
});

pureTest("verifyEnvelope() takes no signature that was made for something else", async () => {
  const header = formatHeader(fieldsOf());
  const labels = ["encrypted-chatroom/v1 admit", "encrypted-chatroom/v2 message", "", "message"];
  for (const label of labels) {
    assert.equal(await isGenuine(parseEnvelope(await sealByHand(header, { label }))), false, label);
  }
});

pureTest("verifyEnvelope() takes no body but the one that was signed", async () => {
  const body = encode("a body of some length");
  const bodyHash = new Uint8Array(createHash("sha256").update(body).digest());
  const fields = fieldsOf({ text: undefined, bodyLength: body.length, bodyHash });
  const plaintext = await sealByHand(formatHeader(fields), { body });
  assert.equal(await isGenuine(parseEnvelope(plaintext)), true);
  const start = plaintext.lastIndexOf(0x0a) + 1;
  for (let place = start; place < start + body.length; place++) {
    const altered = parseEnvelope(plaintext.with(place, plaintext[place]! ^ 1));
    assert.equal(altered.kind, "signed");
    assert.equal(await isGenuine(altered), false, `at ${place}`);
  }
});
