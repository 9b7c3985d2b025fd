/**
 * The examples of docs/PROTOCOL.md about rotations and knocks, checked against the code.
 *
 * @module
 */

import assert from "node:assert/strict";
import { formatBase64Url, parseBase64Url } from "../../lib/bytes/base64url.ts";
import { importSigningKey } from "../../lib/crypto/ed25519.ts";
import { deriveBytes, importSecret } from "../../lib/crypto/hkdf.ts";
import { parseKey } from "../../lib/crypto/key.ts";
import { deriveLobbyKey, markChain } from "../../lib/crypto/key_chain.ts";
import { label } from "../../lib/crypto/signed_bytes.ts";
import { concat } from "../../lib/bytes/concat.ts";
import { agree, importAgreementKey, importAgreementPair } from "../../lib/crypto/x25519.ts";
import { openChain, sealChain } from "../../lib/protocol/chain_box.ts";
import { openAnswer, sealAnswer } from "../../lib/protocol/knock.ts";
import type { Example } from "./documents.ts";

/** The fields of a `rekey`. */
export const REKEY_FIELDS = [
  ...["key", "parent", "chain", "mark", "sender-seed", "recipient-private", "recipient-public"],
  ...["ephemeral-private", "ephemeral-public", "secret", "box-key", "tag", "box"],
];

/** The fields of a `knock`. */
export const KNOCK_FIELDS = [
  ...["key", "lobby-key", "holder-seed", "knocker-seed", "knock-private", "knock-public"],
  ...["ephemeral-private", "ephemeral-public", "secret", "answer-key", "text", "body"],
];

/** Checks a box of a rotation. */
export async function checkRekey(example: Example): Promise<void> {
  const root = parseKey(example.one("key"));
  assert.equal(example.one("parent"), formatBase64Url(await markChain(root)));
  const chain = example.hex("chain") as Uint8Array<ArrayBuffer>;
  assert.equal(example.one("mark"), formatBase64Url(await markChain(chain)));
  const { publicKey: sender } = await importSigningKey(example.hex("sender-seed"));
  const dayKey = await importAgreementPair(example.hex("recipient-private"));
  const ephemeral = await importAgreementPair(example.hex("ephemeral-private"));
  assert.equal(example.one("recipient-public"), formatBase64Url(dayKey.publicKey));
  assert.equal(example.one("ephemeral-public"), formatBase64Url(ephemeral.publicKey));
  const secret = await secretOf(dayKey.privateKey, ephemeral.publicKey);
  assert.equal(example.one("secret"), secret.toHex());
  const parts = concat(sender, ephemeral.publicKey, dayKey.publicKey);
  const made = await derive(secret, "encrypted-chatroom/v2 rekey", parts, 40);
  assert.equal(example.one("box-key"), made.slice(0, 32).toHex());
  assert.equal(example.one("tag"), made.slice(32).toHex());
  const { boxes, ephemeralKey } = await sealChain(chain, [dayKey.publicKey], sender, ephemeral);
  assert.equal(example.one("box"), boxes.toHex());
  assert.deepEqual(await openChain(boxes, dayKey, { sender, ephemeralKey }), chain);
}

/** Checks an answer to a knock. */
export async function checkKnock(example: Example): Promise<void> {
  const lobby = formatBase64Url(await deriveLobbyKey(parseKey(example.one("key"))));
  assert.equal(example.one("lobby-key"), `${lobby}=`);
  const [holder, knocker] = await Promise.all(
    ["holder-seed", "knocker-seed"].map(async (name) => {
      return (await importSigningKey(example.hex(name))).publicKey;
    }),
  ) as [Uint8Array, Uint8Array];
  const [knock, answer] = await Promise.all(
    ["knock-private", "ephemeral-private"].map((name) => importAgreementPair(example.hex(name))),
  );
  assert.equal(example.one("knock-public"), formatBase64Url(knock!.publicKey));
  assert.equal(example.one("ephemeral-public"), formatBase64Url(answer!.publicKey));
  const secret = await secretOf(knock!.privateKey, answer!.publicKey);
  assert.equal(example.one("secret"), secret.toHex());
  const keys = {
    ...{ holder, knocker },
    ...{ ephemeralKey: answer!.publicKey, knockKey: knock!.publicKey },
  };
  const parts = concat(holder, knocker, keys.ephemeralKey, keys.knockKey);
  const key = await derive(secret, "encrypted-chatroom/v2 knock", parts, 32);
  assert.equal(example.one("answer-key"), key.toHex());
  const json = JSON.parse(example.one("text"));
  const chain = parseBase64Url(json.chain, 32)!;
  const { gen: generation, parent, fp: mark, day, to, at: chainDay } = json;
  const handed = { generation, parent, mark, day, to, chain, chainDay };
  assert.deepEqual(await openAnswer(example.hex("body"), knock!, keys), handed);
  const sealed = await sealAnswer(handed, answer!, keys);
  assert.equal(sealed.toHex(), example.one("body"));
  const usages = ["decrypt"] as const;
  const imported = await crypto.subtle.importKey("raw", key, "AES-GCM", false, [...usages]);
  const algorithm = { name: "AES-GCM", iv: new Uint8Array(12) };
  const text = await crypto.subtle.decrypt(algorithm, imported, new Uint8Array(sealed));
  assert.equal(new TextDecoder().decode(text), example.one("text"));
}

async function secretOf(
  privateKey: CryptoKey,
  publicKey: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  return await agree(privateKey, await importAgreementKey(publicKey));
}

async function derive(
  secret: Uint8Array<ArrayBuffer>,
  name: string,
  parts: Uint8Array,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  return await deriveBytes(await importSecret(secret), concat(label(name), parts), length);
}
