import assert from "node:assert/strict";
import { formatBase64Url } from "../../lib/bytes/base64url.ts";
import { deriveRoomKey } from "../../lib/crypto/room_key.ts";
import { encrypt, type FernetKey, generateKey, importKey } from "../../lib/fernet.ts";
import { sealEnvelope } from "../../lib/protocol/envelope.ts";
import { createIdentity, type Identity } from "../../lib/storage/identity.ts";
import { Member } from "../support/member.ts";
import { RawClient } from "../support/raw_client.ts";
import { roomTest } from "../support/room.ts";

const EPOCH = "AZ-8VkwAAAE";
/** All points whose order divides 8, little-endian, in hexadecimal. */
const SMALL_ORDER = [
  `01${"00".repeat(31)}`,
  `ec${"ff".repeat(30)}7f`,
  "00".repeat(32),
  `${"00".repeat(31)}80`,
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
];

/** A member of the room who plays false, without chat-client. */
class Forger {
  readonly #raw: RawClient;
  readonly #key: FernetKey;

  constructor(raw: RawClient, key: FernetKey) {
    this.#raw = raw;
    this.#key = key;
  }

  async send(plaintext: Uint8Array): Promise<void> {
    await this.#raw.send(`${await encrypt(this.#key, plaintext)}\n`);
  }
}

function fieldsOf({ id }: Identity, text: string, sequence = 0) {
  const time = Math.floor(Date.now() / 1000);
  return { kind: "chat", id, nickname: "mallory", epoch: EPOCH, sequence, time, text } as const;
}

/** J with one field replaced, signed by whoever it says it is. */
async function signHeader(
  json: Record<string, unknown>,
  { signing }: Identity,
  roomId: Uint8Array,
): Promise<Uint8Array> {
  const header = new TextEncoder().encode(JSON.stringify(json));
  const label = new TextEncoder().encode("encrypted-chatroom/v1 message\0");
  const signed = new Uint8Array([...label, ...roomId, ...header]);
  const signature = new Uint8Array(
    await crypto.subtle.sign("Ed25519", signing.privateKey, signed),
  );
  const text = `\x1e${JSON.stringify(json)}\n${formatBase64Url(signature)}\n`;
  return new TextEncoder().encode(text.padEnd(511, " "));
}

function replaceBytes(bytes: Uint8Array, from: string, to: string): Uint8Array {
  return new TextEncoder().encode(new TextDecoder().decode(bytes).replace(from, to));
}

roomTest("nothing forged is shown as verified", async ({ keyText, port }) => {
  const { roomId } = await deriveRoomKey(keyText);
  const elsewhere = await deriveRoomKey(generateKey());
  await using reader = await Member.enter({ keyText, port: port, nickname: "reader" });
  await using alice = await Member.enter({ keyText, port: port, nickname: "alice" });
  await alice.say("I am alice");
  await reader.waitForText("I am alice");
  using raw = await RawClient.connect(port);
  const forger = new Forger(raw, await importKey(keyText));
  const mallory = await createIdentity();
  const { privateKey } = mallory.signing;
  const signer = { privateKey, roomId };

  // A good one first: what follows differs from it in one thing each.
  await forger.send(await sealEnvelope(fieldsOf(mallory, "honest"), signer));
  await reader.waitForText("honest");

  const genuine = await sealEnvelope(fieldsOf(mallory, "I owe you 1", 1), signer);
  await forger.send(replaceBytes(genuine, "I owe you 1", "I owe you 9"));
  await forger.send(
    await sealEnvelope(fieldsOf(mallory, "elsewhere", 2), { privateKey, ...elsewhere }),
  );
  // Alice's key, mallory's signature. Alice knows mallory once that message has come to her, too.
  await alice.waitForText("honest");
  const { id } = alice.entered.roster.list().find(({ nickname }) => nickname === "mallory")!;
  assert.equal(id, mallory.id);
  const alices = reader.entered.roster.list().find(({ nickname }) => nickname === "alice")!;
  const asAlice = { ...fieldsOf(mallory, "forged", 3), id: alices.id, nickname: "alice" };
  await forger.send(await sealEnvelope(asAlice, signer));

  for (const hex of SMALL_ORDER) {
    // With R and S zero, such a key verifies in many an implementation.
    const key = formatBase64Url(Uint8Array.fromHex(hex));
    const json = JSON.stringify({
      ...{ v: 1, k: "chat", id: key, n: "small", e: EPOCH, q: 0 },
      ...{ t: Math.floor(Date.now() / 1000), b: "small order" },
    });
    const zero = formatBase64Url(new Uint8Array(64));
    await forger.send(new TextEncoder().encode(`\x1e${json}\n${zero}\n`.padEnd(511, " ")));
    const identity = formatBase64Url(new Uint8Array([1, ...new Uint8Array(63)]));
    await forger.send(new TextEncoder().encode(`\x1e${json}\n${identity}\n`.padEnd(511, " ")));
  }

  const json = {
    ...{ v: 1, k: "chat", id: mallory.id, n: "mallory", e: EPOCH, q: 9 },
    ...{ t: Math.floor(Date.now() / 1000), b: "wrong type" },
  };
  const wrong: Record<string, unknown>[] = [
    { v: 2 },
    { v: "1" },
    { k: 7 },
    { k: "x".repeat(17) },
    { id: mallory.id.slice(1) },
    { id: 5 },
    { n: "" },
    { n: "a b" },
    { n: "x".repeat(33) },
    { n: ["mallory"] },
    { e: "short" },
    { q: -1 },
    { q: 1.5 },
    { q: "9" },
    { q: 2 ** 53 },
    { t: null },
    { b: 7 },
    { b: "x".repeat(40_001) },
    { x: "not a key" },
    { cid: "7" },
    { to: 1 },
    { bl: 1 },
    { bh: formatBase64Url(new Uint8Array(32)) },
    { bl: -1, bh: formatBase64Url(new Uint8Array(32)) },
  ];
  for (const field of wrong) {
    await forger.send(await signHeader({ ...json, ...field }, mallory, roomId));
  }

  // A stolen nickname is shown, and marked in every line.
  const thief = await createIdentity();
  const stolen = { ...fieldsOf(thief, "lend me your key", 0), nickname: "alice" };
  const thiefSigner = { privateKey: thief.signing.privateKey, roomId };
  await forger.send(await sealEnvelope(stolen, thiefSigner));
  await forger.send(await sealEnvelope({ ...stolen, sequence: 1, text: "again" }, thiefSigner));
  await reader.waitForText("again");

  assert.deepEqual(reader.messages, [
    "<alice> I am alice",
    "<mallory> honest",
    "(NOT the known alice!) <alice> lend me your key",
    "(NOT the known alice!) <alice> again",
  ]);
  const warnings = reader.notices.filter((notice) => notice.startsWith("WARNING"));
  assert.equal(warnings.length, 1);
  const { rejected } = reader.entered.session;
  assert.equal(rejected.get("forged"), 3 + 2 * SMALL_ORDER.length);
  assert.equal(rejected.get("malformed"), wrong.length);

  // The owner of the name is told too; and a new key is accepted when the user says so.
  const { numbers } = reader.members;
  await numbers.verify("alice");
  assert.match((await numbers.trust("alice")).join(), /accepted/);
  const after = { ...stolen, sequence: 2, text: "with your trust" };
  await forger.send(await sealEnvelope(after, thiefSigner));
  await reader.waitForText("with your trust");
  assert.equal(reader.messages.at(-1), "<alice> with your trust");
});
