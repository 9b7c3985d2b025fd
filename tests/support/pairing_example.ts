/**
 * The example of a whole pairing in docs/PROTOCOL.md, checked against the code.
 *
 * @module
 */

import assert from "node:assert/strict";
import { formatBase64Url } from "../../lib/bytes/base64url.ts";
import { concat } from "../../lib/bytes/concat.ts";
import { CpaceSide, makeGenerator } from "../../lib/crypto/cpace.ts";
import { importSigningKey } from "../../lib/crypto/ed25519.ts";
import { deriveBytes, importSecret } from "../../lib/crypto/hkdf.ts";
import { label } from "../../lib/crypto/signed_bytes.ts";
import { formatControl } from "../../lib/protocol/control.ts";
import { parseCode } from "../../lib/protocol/invitation_code.ts";
import { PairingSide } from "../../lib/protocol/pairing.ts";
import type { Example } from "./documents.ts";

const LABEL = "encrypted-chatroom/v1 invitation";

/** The fields of the example. */
export const PAIRING_FIELDS = [
  ...["code", "key", "inviter-seed", "inviter-nickname", "inviter-scalar", "joiner-seed"],
  ...["joiner-nickname", "joiner-scalar", "generator", "session-key", "inviter-box-key"],
  ...["inviter-id-bytes", "joiner-box-key", "joiner-id-bytes", "joiner", "inviter"],
];

/** Carries the pairing out and compares each number, and each line byte for byte. */
export async function checkPairing(example: Example): Promise<void> {
  const code = await parseCode(example.one("code"));
  const [inviterScalar, joinerScalar] = [
    example.hex("inviter-scalar"),
    example.hex("joiner-scalar"),
  ];
  const inviter = await PairingSide.begin("inviter", code, inviterScalar);
  const joiner = await PairingSide.begin("joiner", code, joinerScalar);

  const inputs = {
    password: encode(code.password),
    channel: concat(label(LABEL), encode(code.slot)),
  };
  assert.equal((await makeGenerator(inputs)).toHex(), example.one("generator"));
  const cpace = await CpaceSide.begin(inputs, joinerScalar);
  const sessionKey = await cpace.finish(inviter.share, {
    initiator: { share: joiner.share, associated: encode(`${LABEL} joiner`) },
    responder: { share: inviter.share, associated: encode(`${LABEL} inviter`) },
  });
  assert.equal(sessionKey.toHex(), example.one("session-key"));
  const secret = await importSecret(sessionKey);
  for (const role of ["inviter", "joiner"]) {
    for (const [field, info] of [["box-key", "box"], ["id-bytes", "id"]]) {
      const bytes = await deriveBytes(secret, encode(`${LABEL} ${role} ${info}`), 32);
      assert.equal(bytes.toHex(), example.one(`${role}-${field}`));
    }
  }

  const [inviterKeys, joinerKeys] = [
    await inviter.agree(joiner.share),
    await joiner.agree(inviter.share),
  ];
  const introduce = async (role: string) => {
    const { privateKey, publicKey } = await importSigningKey(example.hex(`${role}-seed`));
    const nickname = example.one(`${role}-nickname`);
    return { id: formatBase64Url(publicKey), nickname, privateKey };
  };
  const key = example.one("key");
  const line = (verb: "MEET" | "PASS", ...message: Uint8Array[]) =>
    new TextDecoder().decode(
      formatControl({ verb, slot: code.slot, message: concat(...message) }),
    ).slice(0, -1);
  assert.deepEqual(example.all("joiner"), [
    line("MEET", joiner.share),
    line("PASS", await joinerKeys.confirm()),
    line("PASS", await joinerKeys.seal(await introduce("joiner"))),
  ]);
  assert.deepEqual(example.all("inviter"), [
    line("PASS", inviter.share, await inviterKeys.confirm()),
    line("PASS", await inviterKeys.seal(await introduce("inviter"), key)),
  ]);
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
