import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { KEEP_MACS_MS, MAX_CACHED_KEYS, MAX_MACS } from "../../lib/client/limits.ts";
import { Reader } from "../../lib/client/reader.ts";
import { encrypt, generateKey, importKey } from "../../lib/fernet.ts";
import { sealText } from "../../lib/protocol/direct_message.ts";
import { formatHeader, type HeaderFields } from "../../lib/protocol/header.ts";
import {
  ALICE,
  BOB,
  encode,
  EVE,
  fieldsOf,
  KEY,
  type Member,
  OTHER_ROOM_ID,
  type Parts,
  ROOM,
  sealByHand,
  TIME,
} from "../support/fixed_members.ts";
import { ringOf } from "../support/one_key.ts";
import { pureTest } from "../support/pure.ts";

/** Reads as bob. */
function readerOf(member: Member = BOB, monotonic = () => 0): Reader {
  const { privateKey } = member.agreement;
  return new Reader({
    keys: ringOf(KEY),
    roomId: ROOM.roomId,
    id: member.id,
    agreement: { privateKeys: [privateKey], refresh: () => Promise.resolve(false) },
    monotonic,
  });
}

function rejected(reason: string) {
  return { kind: "rejected", reason };
}

async function tokenOf(changes: Partial<HeaderFields> = {}, parts: Parts = {}): Promise<string> {
  const plaintext = await sealByHand(formatHeader(fieldsOf(changes)), parts);
  return await encrypt(KEY, plaintext, { now: TIME + 5 });
}

async function bodyOf(body: Uint8Array): Promise<string> {
  const bodyHash = new Uint8Array(createHash("sha256").update(body).digest());
  return await tokenOf({ text: undefined, bodyLength: body.length, bodyHash }, { body });
}

pureTest("Reader.open() gives what a member signed", async () => {
  const opened = await readerOf().open(await tokenOf());
  assert.ok(opened.kind === "signed");
  assert.deepEqual([opened.text, opened.isForMe, opened.issuedAt], ["hello", false, TIME + 5]);
  assert.deepEqual([opened.header.nickname, opened.header.id], ["alice", ALICE.id]);
});

pureTest("Reader.open() gives what a simple client wrote", async () => {
  const plain = async (bytes: Uint8Array) =>
    await readerOf().open(await encrypt(KEY, bytes, { now: 7 }));
  assert.deepEqual(await plain(encode("<py> hi")), { kind: "plain", text: "<py> hi", issuedAt: 7 });
  const { text } = await plain(new Uint8Array([0x61, 0xff])) as { text: string };
  assert.equal(text, "a\ufffd");
});

pureTest("Reader.open() takes a text from the body, if it is UTF-8", async () => {
  const opened = await readerOf().open(await bodyOf(encode("\ufefflong é")));
  assert.ok(opened.kind === "signed");
  assert.equal(opened.text, "\ufefflong é");
  const broken = await readerOf().open(await bodyOf(new Uint8Array([0xff])));
  assert.ok(broken.kind === "signed");
  assert.equal(broken.text, undefined);
});

pureTest("Reader.open() rejects what was not written with this key", async () => {
  const reader = readerOf();
  const stranger = await encrypt(await importKey(generateKey()), encode("hi"));
  const token = await tokenOf();
  for (const bad of [stranger, token.replace(/..$/, "=="), `${token} `, token.slice(4), "", "hi"]) {
    assert.deepEqual(await reader.open(bad), rejected("unreadable"));
  }
  assert.equal((await reader.open(token)).kind, "signed");
});

pureTest("Reader.open() takes a token once, however often and at once it comes", async () => {
  for (const token of [await tokenOf(), await encrypt(KEY, encode("<py> hi"))]) {
    const reader = readerOf();
    const opened = await Promise.all(Array.from({ length: 100 }, () => reader.open(token)));
    assert.deepEqual(opened.filter(({ kind }) => kind === "rejected").length, 99);
    assert.deepEqual(await reader.open(token), rejected("replayed"));
  }
});

pureTest("Reader.open() rejects a token spelled otherwise", async () => {
  const reader = readerOf();
  const token = await encrypt(KEY, encode("x".repeat(8)));
  assert.ok(token.endsWith("=="));
  await reader.open(token);
  const spellings = [
    token.replace(/==$/, ""),
    token.replace(/==$/, "="),
    `${token}\n`,
    `${token.slice(0, 50)} ${token.slice(50)}`,
    ...Array.from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef", (last) => token.replace(/.==$/, `${last}==`)),
  ];
  for (const spelled of spellings) {
    const opened = await reader.open(spelled);
    assert.deepEqual(opened, rejected(spelled === token ? "replayed" : "unreadable"));
  }
});

pureTest("Reader.open() rejects what begins as a message and is none", async () => {
  const headers = ["", "{}", '{"v":2}', "[]"];
  const plaintexts = [
    new Uint8Array([0x1e]),
    ...await Promise.all(headers.map((j) => sealByHand(j))),
  ];
  for (const plaintext of plaintexts) {
    const token = await encrypt(KEY, plaintext);
    assert.deepEqual(await readerOf().open(token), rejected("malformed"));
  }
});

pureTest("Reader.open() rejects forged signatures", async () => {
  const tokens = await Promise.all([
    tokenOf({}, { signer: EVE }),
    tokenOf({ id: EVE.id }),
    tokenOf({}, { roomId: OTHER_ROOM_ID }),
    tokenOf({}, { label: "encrypted-chatroom/v1 admit" }),
  ]);
  for (const token of tokens) assert.deepEqual(await readerOf().open(token), rejected("forged"));
});

pureTest("Reader.open() rejects a sender with a key of small order", async () => {
  // Under the neutral point, R = identity and s = 0 sign every message.
  const signature = new Uint8Array(64).with(0, 1).toBase64({
    alphabet: "base64url",
    omitPadding: true,
  });
  const neutral = new Uint8Array(32).with(0, 1);
  for (const key of [neutral, new Uint8Array(32), neutral.with(31, 0x80)]) {
    const id = key.toBase64({ alphabet: "base64url", omitPadding: true });
    const j = new TextDecoder().decode(formatHeader(fieldsOf({ id })));
    const plaintext = encode(`\x1e${j}\n${signature}\n`.padEnd(511, " "));
    assert.deepEqual(await readerOf().open(await encrypt(KEY, plaintext)), rejected("forged"));
  }
});

pureTest("Reader.open() opens a private message for its recipient alone", async () => {
  const between = { sender: ALICE.signing.publicKey, recipient: BOB.signing.publicKey };
  const { token: text, ephemeralKey } = await sealText("psst", BOB.agreement.publicKey, between);
  const agreementKey = ephemeralKey.toBase64({ alphabet: "base64url", omitPadding: true });
  const dm = { kind: "dm", recipient: BOB.id, agreementKey, text } as const;
  const open = async (changes: Partial<HeaderFields>, member = BOB) => {
    const opened = await readerOf(member).open(await tokenOf({ ...dm, ...changes }));
    assert.ok(opened.kind === "signed");
    return [opened.isForMe, opened.text];
  };
  assert.deepEqual(await open({}), [true, "psst"]);
  assert.deepEqual(await open({}, EVE), [false, text]);
  assert.deepEqual(await open({ recipient: EVE.id }), [false, text]);
  assert.deepEqual(await open({ recipient: undefined }), [false, text]);
  const zero = "A".repeat(43);
  for (const bad of [{ agreementKey: zero }, { agreementKey: undefined }, { text: undefined }]) {
    assert.deepEqual(await open(bad), [true, undefined]);
  }
  assert.deepEqual(await open({ text: "not a token" }), [true, undefined]);
  assert.deepEqual(await open({ kind: "chat" }), [false, text]);
});

pureTest("Reader.open() goes on with more senders than it keeps keys of", async () => {
  const reader = readerOf();
  for (let i = 0; i < MAX_CACHED_KEYS + 10; i++) {
    const id = Uint8Array.from({ length: 32 }, (_, j) => j < 2 ? i >> 8 * j : 9)
      .toBase64({ alphabet: "base64url", omitPadding: true });
    const opened = await reader.open(await tokenOf({ id }));
    assert.deepEqual(opened, rejected("forged"));
  }
  assert.equal((await reader.open(await tokenOf())).kind, "signed");
});

pureTest(
  "Reader.openAll() takes the first of several copies, whichever is decrypted first",
  async () => {
    const reader = readerOf();
    // A long one is decrypted later than the short ones behind it.
    const long = await tokenOf({ text: "x".repeat(30_000) });
    const short = await tokenOf({ sequence: 1 });
    const opened = await reader.openAll([long, short, ...Array(14).fill(long), short]);
    assert.deepEqual(opened.map(({ kind }) => kind), [
      ...["signed", "signed"],
      ...Array(15).fill("rejected"),
    ]);
    assert.ok(
      opened.slice(2).every((each) => each.kind === "rejected" && each.reason === "replayed"),
    );
  },
);

pureTest("Reader.open() knows the last 65,536 tokens again", async () => {
  assert.equal(MAX_MACS, 65_536);
  const reader = readerOf();
  const [first, second] = [await tokenOf(), await tokenOf({ sequence: 1 })];
  for (const token of [first, second]) await reader.open(token);
  const mac = new Uint32Array(8);
  for (mac[0] = 0; mac[0] < MAX_MACS - 1; mac[0]++) {
    reader.noteOwn(new Uint8Array(mac.buffer).toBase64({ alphabet: "base64url" }));
  }
  assert.deepEqual(await reader.open(second), rejected("replayed"));
  assert.equal((await reader.open(first)).kind, "signed");
});

pureTest("Reader.open() knows a token again for a day and a minute", async () => {
  let now = 0;
  const reader = readerOf(BOB, () => now);
  const token = await tokenOf();
  await reader.open(token);
  now = 86_460_000;
  assert.equal(now, KEEP_MACS_MS);
  assert.deepEqual(await reader.open(token), rejected("replayed"));
  now++;
  assert.equal((await reader.open(token)).kind, "signed");
});

pureTest("Reader.open() keeps the keys of the last 1,024 senders", async () => {
  assert.equal(MAX_CACHED_KEYS, 1024);
  const { importKey } = crypto.subtle;
  let imports = 0;
  crypto.subtle.importKey = ((...args: Parameters<typeof importKey>) => {
    imports++;
    return importKey.apply(crypto.subtle, args);
  }) as typeof importKey;
  try {
    const reader = readerOf();
    const open = async (number: number) => {
      const id = Uint8Array.from({ length: 32 }, (_, j) => j < 2 ? number >> 8 * j : 9)
        .toBase64({ alphabet: "base64url", omitPadding: true });
      // It is another token each time: its initialization vector is random.
      const token = await encrypt(KEY, await sealByHand(formatHeader(fieldsOf({ id }))));
      imports = 0;
      await reader.open(token);
      return imports;
    };
    for (let i = 0; i < MAX_CACHED_KEYS; i++) assert.equal(await open(i), 1);
    assert.equal(await open(0), 0);
    assert.equal(await open(MAX_CACHED_KEYS), 1);
    assert.equal(await open(0), 1);
  } finally {
    crypto.subtle.importKey = importKey;
  }
});

pureTest("Reader.open() tells which key a token is under, once there are several", async () => {
  const [old, other] = [await importKey(generateKey()), await importKey(generateKey())];
  const generation = (number: number) => ({ number, mark: new Uint8Array(32).fill(number) });
  const asked: number[] = [];
  const keys = {
    isFirstForm: false,
    candidates: (seconds: number) => {
      asked.push(seconds);
      if (seconds < TIME) return [];
      return [
        { key: other, generation: generation(2), day: 20 },
        { key: old, generation: generation(1), day: 21 },
      ];
    },
  };
  const agreement = { privateKeys: [], refresh: () => Promise.resolve(false) };
  const { roomId } = ROOM;
  const reader = new Reader({ keys, roomId, id: BOB.id, agreement, monotonic: () => 0 });
  const plaintext = await sealByHand(formatHeader(fieldsOf()), {});
  const signed = await reader.open(await encrypt(other, plaintext, { now: TIME }));
  assert.ok(signed.kind === "signed");
  assert.deepEqual(signed.under, { generation: generation(2), day: 20 });
  const plain = await reader.open(await encrypt(old, encode("<py> hi"), { now: TIME + 1 }));
  assert.ok(plain.kind === "plain");
  assert.deepEqual(plain.under, { generation: generation(1), day: 21 });
  // None of the keys, or no key of that time.
  const unreadable = rejected("unreadable");
  assert.deepEqual(await reader.open(await encrypt(KEY, plaintext, { now: TIME })), unreadable);
  assert.deepEqual(await reader.open(await encrypt(other, plaintext, { now: 5 })), unreadable);
  assert.deepEqual(asked, [TIME, TIME + 1, TIME, 5]);
});
