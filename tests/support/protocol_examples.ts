/**
 * What each kind of example in docs/PROTOCOL.md claims, checked against the code.
 *
 * @module
 */

import assert from "node:assert/strict";
import { formatBase64Url, parseBase64Url } from "../../lib/bytes/base64url.ts";
import { concat } from "../../lib/bytes/concat.ts";
import { Asking } from "../../lib/client/asking.ts";
import { Ordering } from "../../lib/client/ordering.ts";
import { hasSmallOrder, importPublicKey, importSigningKey } from "../../lib/crypto/ed25519.ts";
import { formatSafetyNumber } from "../../lib/crypto/fingerprint.ts";
import { parseKey } from "../../lib/crypto/key.ts";
import {
  deriveTlsSeed,
  makeRoomCertificate,
  nameRoomHost,
} from "../../lib/crypto/room_certificate.ts";
import { deriveRoomKey } from "../../lib/crypto/room_key.ts";
import { label } from "../../lib/crypto/signed_bytes.ts";
import { agree, importAgreementKey, importAgreementPair } from "../../lib/crypto/x25519.ts";
import { decrypt, encrypt, generateKey, importKey } from "../../lib/fernet.ts";
import { formatAdmission, signAdmission } from "../../lib/protocol/admission.ts";
import { formatKeylessRoom } from "../../lib/protocol/admission_file.ts";
import {
  formatControl,
  parseClientControl,
  parseRelayControl,
} from "../../lib/protocol/control.ts";
import { openText } from "../../lib/protocol/direct_message.ts";
import {
  paddedLength,
  parseEnvelope,
  sealEnvelope,
  verifyEnvelope,
} from "../../lib/protocol/envelope.ts";
import { FrameCipher } from "../../lib/protocol/file_frames.ts";
import {
  formatFileMessage,
  formatOffer,
  parseFileMessage,
  parseOffer,
} from "../../lib/protocol/file_messages.ts";
import { formatHeader, type HeaderFields, parseHeader } from "../../lib/protocol/header.ts";
import { formatKnock, parseKnock } from "../../lib/protocol/knock.ts";
import { formatRekey, parseRekey } from "../../lib/protocol/rekey.ts";
import { foldNickname } from "../../lib/protocol/nickname.ts";
import { formatResendRequest } from "../../lib/protocol/resend_request.ts";
import type { Example } from "./documents.ts";
import { readLimits } from "./limits.ts";
import { CHAIN_FIELDS, checkChain, checkRoomFile } from "./key_examples.ts";
import { checkKnock, checkRekey, KNOCK_FIELDS, REKEY_FIELDS } from "./rotation_examples.ts";
import { checkPairing, PAIRING_FIELDS } from "./pairing_example.ts";

/** Checks one example. */
export interface ExampleCheck {
  /**
   * The fields that it must have; one with `?` may be missing, `#` stands for numbers, and `LIMIT`
   * for names of limits.
   */
  readonly fields: readonly string[];
  readonly check: (example: Example) => void | Promise<void>;
}

/** The checks, by kind of example. */
export const EXAMPLE_CHECKS: Readonly<Record<string, ExampleCheck>> = {
  token: { fields: ["key", "time", "iv", "plaintext", "token"], check: checkToken },
  certificate: {
    fields: ["key", "tls-seed", "host", "certificate", "sha256", "admission"],
    check: checkCertificate,
  },
  room: {
    fields: ["key", "room-id", "room-id-hex", "admission-key", "admission", "fingerprint"],
    check: checkRoom,
  },
  chain: { fields: CHAIN_FIELDS, check: checkChain },
  "room-file": { fields: ["line", "fingerprint", "handover"], check: checkRoomFile },
  proof: { fields: ["key", "client", "relay"], check: checkProof },
  plaintexts: { fields: ["plain", "malformed"], check: checkPlaintexts },
  "refused-headers": { fields: ["J"], check: checkRefusedHeaders },
  padding: { fields: ["#"], check: checkPadding },
  "token-lengths": { fields: ["token"], check: checkTokenLengths },
  message: {
    fields: ["key", "seed", "J", "S", "body?", "body-hex?", "bytes", "sha256"],
    check: checkMessage,
  },
  dm: {
    fields: [
      ...["sender-seed", "recipient-seed", "recipient-private", "recipient-public"],
      ...[
        "ephemeral-private",
        "ephemeral-public",
        "secret",
        "inner-key",
        "time",
        "iv",
        "text",
        "b",
      ],
      ...["other-private", "other-public", "other-key", "other-iv", "m"],
    ],
    check: checkDirectMessage,
  },
  "file-messages": { fields: ["text"], check: checkFileMessages },
  rekey: { fields: REKEY_FIELDS, check: checkRekey },
  knock: { fields: KNOCK_FIELDS, check: checkKnock },
  frames: { fields: ["key", "bytes", "frame", "answer"], check: checkFrames },
  "small-order-keys": { fields: ["key"], check: checkSmallOrderKeys },
  order: { fields: ["came", "shown"], check: checkOrder },
  "safety-number": { fields: ["id", "number"], check: checkSafetyNumber },
  nicknames: { fields: ["folded", "refused"], check: checkNicknames },
  pairing: { fields: PAIRING_FIELDS, check: checkPairing },
  limits: { fields: ["LIMIT"], check: checkLimits },
};

async function checkToken(example: Example): Promise<void> {
  const key = await importKey(example.one("key"));
  const plaintext = encode(JSON.parse(example.one("plaintext")));
  const options = { now: Number(example.one("time")), iv: example.hex("iv") };
  assert.equal(await encrypt(key, plaintext, options), example.one("token"));
}

async function checkCertificate(example: Example): Promise<void> {
  const key = example.one("key");
  const { roomId, admission: { publicKey } } = await deriveRoomKey(key);
  const tlsSeed = await deriveTlsSeed(parseKey(key));
  const certificate = await makeRoomCertificate(tlsSeed, roomId);
  assert.equal(tlsSeed.toHex(), example.one("tls-seed"));
  assert.equal(nameRoomHost(roomId), example.one("host"));
  assert.equal(certificate.toHex(), example.one("certificate"));
  const digest = await crypto.subtle.digest("SHA-256", certificate);
  assert.equal(new Uint8Array(digest).toHex(), example.one("sha256"));
  const lines = formatKeylessRoom({ admission: { roomId, publicKey }, tlsSeed });
  assert.equal(lines, example.all("admission").join("\n"));
}

async function checkRoom(example: Example): Promise<void> {
  const { roomId, admission, fingerprint } = await deriveRoomKey(example.one("key"));
  assert.equal(example.one("room-id"), formatBase64Url(roomId));
  assert.equal(example.one("room-id-hex"), roomId.toHex());
  assert.equal(example.one("admission-key"), formatBase64Url(admission.publicKey));
  const { publicKey } = admission;
  assert.equal(example.one("admission"), formatAdmission({ roomId, publicKey }));
  assert.equal(example.one("fingerprint"), fingerprint);
}

async function checkProof(example: Example): Promise<void> {
  const { roomId, admission } = await deriveRoomKey(example.one("key"));
  const [hello, auth] = example.all("client").map((line) => parseClientControl(encode(line)));
  const challenge = parseRelayControl(encode(example.one("relay")));
  assert.ok(hello?.verb === "HELLO" && challenge?.verb === "CHAL" && auth?.verb === "AUTH");
  const nonces = { server: challenge.nonce, client: hello.nonce };
  const signature = await signAdmission(admission.privateKey, roomId, nonces);
  const line = formatControl({ verb: "AUTH", signature });
  assert.deepEqual(line, encode(`${example.all("client")[1]}\n`));
}

function checkPlaintexts(example: Example): void {
  for (const kind of ["plain", "malformed"]) {
    for (const text of example.all(kind)) {
      const envelope = parseEnvelope(encode(JSON.parse(text)));
      assert.equal(envelope.kind, kind, text);
      if (envelope.kind === "plain") assert.equal(envelope.text, JSON.parse(text));
    }
  }
}

function checkRefusedHeaders(example: Example): void {
  for (const text of example.all("J")) assert.equal(parseHeader(encode(text)), undefined, text);
}

function checkPadding(example: Example): void {
  for (const name of example.names) {
    assert.equal(paddedLength(Number(name)), Number(example.one(name)), name);
  }
}

async function checkTokenLengths(example: Example): Promise<void> {
  const { privateKey, publicKey } = await importSigningKey(new Uint8Array(32));
  const signer = { privateKey, roomId: new Uint8Array(16) };
  const key = await importKey(generateKey());
  for (const row of example.all("token")) {
    const [nicknameBytes, textBytes, sequence, chars] = row.split(" ").map(Number);
    const plaintext = await sealEnvelope({
      ...{ kind: "chat", id: formatBase64Url(publicKey), nickname: "n".repeat(nicknameBytes!) },
      ...{ epoch: "AZ-8VkwAAAE", sequence: sequence!, time: 1785571200 },
      text: "x".repeat(textBytes!),
    }, signer);
    assert.equal((await encrypt(key, plaintext)).length, chars, row);
  }
}

async function checkMessage(example: Example): Promise<void> {
  const { roomId } = await deriveRoomKey(example.one("key"));
  const { privateKey, publicKey } = await importSigningKey(example.hex("seed"));
  const [headerBytes, signature] = [encode(example.one("J")), encode(example.one("S"))];
  const hasBytes = example.all("body-hex").length > 0;
  const body = hasBytes ? example.hex("body-hex") : encode(example.all("body")[0] ?? "");
  const lf = new Uint8Array([0x0a]);
  const content = concat(new Uint8Array([0x1e]), headerBytes, lf, signature, lf, body);
  const plaintext = new Uint8Array(paddedLength(content.length)).fill(0x20);
  plaintext.set(content);
  assert.equal(example.one("bytes"), `${content.length} of ${plaintext.length}`);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", plaintext));
  assert.equal(example.one("sha256"), digest.toHex());

  const envelope = parseEnvelope(plaintext);
  assert.ok(envelope.kind === "signed");
  const { header } = envelope;
  assert.equal(header.id, formatBase64Url(publicKey));
  assert.ok(await verifyEnvelope(envelope, await importPublicKey(publicKey), roomId));
  const fields = header as HeaderFields;
  assert.deepEqual(formatHeader(fields), headerBytes);
  // A body is written only where a header would be too long.
  if (body.length > 0) assert.deepEqual(envelope.body, body);
  else assert.deepEqual(await sealEnvelope(fields, { privateKey, roomId }), plaintext);
  if (header.kind === "again") checkAsk(header.text!);
  if (header.kind === "rekey") {
    const rekey = parseRekey(header.text!, envelope.body);
    assert.ok(rekey && formatRekey(rekey).text === header.text, header.text);
  }
  if (header.kind === "knock" && header.recipient === undefined) {
    const known = parseKnock(header.text!);
    assert.ok(known && formatKnock(known) === header.text, header.text);
  }
  if (header.offer !== undefined) {
    const offer = parseOffer(header.offer);
    assert.ok(offer && formatOffer(offer) === header.offer, header.offer);
  }
}

function checkAsk(text: string): void {
  const { id, e: epoch, from, to } = JSON.parse(text);
  assert.equal(formatResendRequest({ id, epoch, range: [from, to] }), text);
}

async function checkDirectMessage(example: Example): Promise<void> {
  const [sender, recipient] = await Promise.all(
    ["sender-seed", "recipient-seed"].map(async (name) =>
      (await importSigningKey(example.hex(name))).publicKey
    ),
  ) as [Uint8Array, Uint8Array];
  const [own, ephemeral] = await Promise.all(
    ["recipient", "ephemeral"].map(async (name) => {
      const pair = await importAgreementPair(example.hex(`${name}-private`));
      assert.equal(example.one(`${name}-public`), formatBase64Url(pair.publicKey));
      return pair;
    }),
  );
  const secret = await agree(ephemeral!.privateKey, await importAgreementKey(own!.publicKey));
  assert.equal(example.one("secret"), secret.toHex());
  const info = concat(label("encrypted-chatroom/v1 dm"), sender, recipient);
  const hkdf = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info };
  const imported = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
  const raw = new Uint8Array(await crypto.subtle.deriveBits(hkdf, imported, 256));
  assert.deepEqual(example.bytes("inner-key"), raw);

  const [text, token] = [example.one("text"), example.one("b")];
  const key = await importKey(example.one("inner-key"));
  const options = { now: Number(example.one("time")), iv: example.hex("iv") };
  assert.equal(await encrypt(key, encode(text), options), token);
  assert.deepEqual((await decrypt(key, token)).plaintext, encode(text));
  const sealed = { ephemeralKey: ephemeral!.publicKey, token };
  assert.equal(await openText(sealed, own!.privateKey, { sender, recipient }), text);

  const other = await importAgreementPair(example.hex("other-private"));
  assert.equal(example.one("other-public"), formatBase64Url(other.publicKey));
  const wrapped = await encrypt(await importKey(example.one("other-key")), raw, {
    now: Number(example.one("time")),
    iv: example.hex("other-iv"),
  });
  assert.equal(example.one("m"), wrapped);
  const forOthers = { ...sealed, forOthers: [wrapped] };
  assert.equal(await openText(forOthers, other.privateKey, { sender, recipient }), text);
}

function checkFileMessages(example: Example): void {
  const kinds = example.all("text").map((text) => {
    const message = parseFileMessage(text);
    assert.ok(message, text);
    assert.equal(formatFileMessage(message), text);
    return message.kind;
  });
  assert.deepEqual(kinds, ["offer", "take", "pipe", "no", "stop", "got"]);
}

async function checkFrames(example: Example): Promise<void> {
  const cipher = await FrameCipher.import(example.hex("key"));
  const bytes = example.hex("bytes");
  for (const line of example.all("frame")) {
    const [index, place, sealed] = line.split(" ") as [string, string, string];
    const isLast = place === "last";
    assert.equal((await cipher.seal(Number(index), bytes, isLast)).toHex(), sealed);
    assert.deepEqual(await cipher.open(Number(index), Uint8Array.fromHex(sealed), isLast), bytes);
  }
  assert.equal((await cipher.sealAnswer()).toHex(), example.one("answer"));
}

async function checkSmallOrderKeys(example: Example): Promise<void> {
  const keys = example.all("key").map((key) => Uint8Array.fromHex(key));
  assert.equal(new Set(example.all("key")).size, 8);
  for (const key of keys) {
    assert.ok(hasSmallOrder(key));
    await assert.rejects(importPublicKey(key), RangeError);
  }
}

function checkOrder(example: Example): void {
  const [came, shown] = ["came", "shown"].map((name) => example.one(name).split(" ").map(Number));
  const ordering = new Ordering<number>(new Asking({ random: () => 0, members: () => 0 }));
  const window = { id: "", epoch: "", next: came![0]!, missing: [], seenAt: 0 };
  const ready = came!.flatMap((sequence) => ordering.take(window, sequence, sequence, 0).ready);
  assert.deepEqual(ready.map(({ item }) => item), shown);
}

async function checkSafetyNumber(example: Example): Promise<void> {
  const publicKey = parseBase64Url(example.one("id"), 32)!;
  assert.equal(await formatSafetyNumber(publicKey), example.one("number"));
}

function checkNicknames(example: Example): void {
  const withNickname = (nickname: string) =>
    parseHeader(formatHeader({
      ...{ kind: "chat", id: "A".repeat(43), nickname, epoch: "A".repeat(11) },
      ...{ sequence: 0, time: 0 },
    }));
  for (const pair of example.all("folded")) {
    const [nickname, folded] = JSON.parse(`[${pair.replace('" "', '","')}]`);
    assert.equal(foldNickname(nickname), folded);
    assert.equal(withNickname(nickname)?.nickname, nickname);
  }
  for (const refused of example.all("refused")) {
    assert.equal(withNickname(JSON.parse(refused)), undefined, refused);
  }
}

async function checkLimits(example: Example): Promise<void> {
  const limits = await readLimits();
  for (const name of example.names) {
    // A rate has its parts behind a point.
    const [limit, part] = name.split(".") as [string, string?];
    const value = limits.get(limit)?.value;
    const stated = part === undefined ? value : (value as Record<string, number>)[part];
    assert.equal(Number(example.one(name)), stated, name);
  }
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
