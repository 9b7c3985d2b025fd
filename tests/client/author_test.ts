import assert from "node:assert/strict";
import { parseBase64Url } from "../../lib/bytes/base64url.ts";
import { Author, type AuthorParts, type NewMessage } from "../../lib/client/author.ts";
import { Outbox } from "../../lib/client/outbox.ts";
import { importPublicKey } from "../../lib/crypto/ed25519.ts";
import { parseEnvelope, verifyEnvelope } from "../../lib/protocol/envelope.ts";
import { ALICE, BOB, decode, ROOM, TIME } from "../support/fixed_members.ts";
import { pureTest } from "../support/pure.ts";

const NOW = TIME * 1000 + 999;
const KEY = await importPublicKey(ALICE.signing.publicKey);

function setUp(changes: Partial<AuthorParts> = {}) {
  const outbox = new Outbox();
  const author = new Author({
    id: ALICE.id,
    privateKey: ALICE.signing.privateKey,
    roomId: ROOM.roomId,
    nickname: "alice",
    isPlain: false,
    outbox,
    now: () => NOW,
    monotonic: () => 42,
    ...changes,
  });
  return { author, outbox };
}

/** What the outbox holds, each with its header. */
async function readAll(outbox: Outbox) {
  return await Promise.all(
    outbox.nextToSend(10_000, 0).map(async (entry) => {
      const envelope = parseEnvelope(entry.plaintext);
      assert.ok(envelope.kind === "signed");
      assert.equal(await verifyEnvelope(envelope, KEY, ROOM.roomId), true);
      return { ...entry, header: envelope.header };
    }),
  );
}

function chat(text: string): NewMessage {
  return { kind: "chat", text };
}

pureTest("Author.write() numbers, names, dates and signs each message", async () => {
  const { author, outbox } = setUp();
  await author.write([
    chat("a"),
    { kind: "act", text: "b" },
    { kind: "join", agreementKey: BOB.id, cid: 7 },
  ]);
  const entries = await readAll(outbox);
  assert.deepEqual(entries.map(({ sequence }) => sequence), [0, 1, 2]);
  for (const { header, sequence, at, isNumbered } of entries) {
    assert.deepEqual([header.sequence, at, isNumbered], [sequence, 42, true]);
    const { id, nickname, epoch, time } = header;
    assert.deepEqual([id, nickname, epoch, time], [ALICE.id, "alice", author.epoch, TIME]);
  }
  const [first, second, third] = entries.map(({ header }) => header);
  assert.deepEqual([first!.kind, first!.text], ["chat", "a"]);
  assert.deepEqual([second!.kind, second!.text], ["act", "b"]);
  assert.deepEqual([third!.kind, third!.agreementKey, third!.cid], ["join", BOB.id, 7]);
});

pureTest("Author.write() keeps the order of calls that overlap", async () => {
  const { author, outbox } = setUp();
  const expected: string[] = [];
  await Promise.all(
    Array.from({ length: 60 }, (_, call) => {
      const messages = Array.from({ length: call % 5 }, (_, i) => {
        // Some take much longer to seal than those after them.
        const text = `${call}.${i} ${"x".repeat(call % 7 === 0 ? 39_000 : 0)}`;
        expected.push(text);
        return chat(text);
      });
      return author.write(messages);
    }),
  );
  const entries = await readAll(outbox);
  assert.deepEqual(entries.map(({ sequence }) => sequence), expected.map((_, i) => i));
  assert.deepEqual(entries.map(({ header }) => header.sequence), expected.map((_, i) => i));
  assert.deepEqual(entries.map(({ header }) => header.text), expected);
});

pureTest("Author.write() takes the nickname that it has when it is called", async () => {
  const { author, outbox } = setUp();
  const first = author.write([chat("a")]);
  author.nickname = "alicia";
  await Promise.all([first, author.write([{ kind: "nick" }])]);
  const names = (await readAll(outbox)).map(({ header }) => header.nickname);
  assert.deepEqual(names, ["alice", "alicia"]);
});

pureTest("Author.write() of nothing adds nothing", async () => {
  const { author, outbox } = setUp();
  await author.write([]);
  assert.deepEqual(outbox.nextToSend(1, 0), []);
});

pureTest("Author.write() rejects what no token can hold", async () => {
  const { author } = setUp();
  await assert.rejects(author.write([chat("x".repeat(60_000))]), {
    name: "ChatError",
    message: /^Cannot seal message: \d+ bytes, 45055 at most$/,
  });
});

pureTest("Author.write() writes plain lines in a room of simple clients", async () => {
  const { author, outbox } = setUp({ isPlain: true });
  assert.equal(author.isPlain, true);
  await author.write([chat("hello"), { kind: "act", text: "waves" }, chat("é <b>")]);
  const entries = outbox.nextToSend(10, 0);
  assert.deepEqual(entries.map(({ plaintext }) => decode(plaintext)), [
    "<alice> hello",
    "* alice waves",
    "<alice> é <b>",
  ]);
  assert.deepEqual(entries.map(({ isNumbered }) => isNumbered), [false, false, false]);
  assert.deepEqual(entries.map(({ sequence }) => sequence), [0, 1, 2]);
});

pureTest("Author.epoch begins with the time in ms, and ends in two random bytes", () => {
  const times = [0, 1, NOW, 2 ** 32 - 1, 2 ** 32, 2 ** 48 - 1];
  for (const now of times) {
    const bytes = parseBase64Url(setUp({ now: () => now }).author.epoch, 8);
    assert.ok(bytes);
    const view = new DataView(bytes.buffer);
    assert.equal(view.getUint16(0) * 2 ** 32 + view.getUint32(2), now);
  }
  const ends = new Set(Array.from({ length: 100 }, () => setUp().author.epoch.slice(-3)));
  assert.ok(ends.size > 90);
});

pureTest(
  "Author.write() marks what is fleeting, and counts it in the message after it",
  async () => {
    const { author, outbox } = setUp();
    const kinds = ["join", "chat", "here", "again", "act", "nick", "here", "leave"] as const;
    await author.write(kinds.slice(0, 4).map((kind) => ({ kind, text: "x" })));
    await author.write(kinds.slice(4).map((kind) => ({ kind, text: "x" })));
    const entries = await readAll(outbox);
    assert.deepEqual(entries.map(({ header }) => header.kind), kinds);
    const fleeting = entries.map(({ isFleeting }) => isFleeting);
    assert.deepEqual(fleeting, [true, false, true, true, false, false, true, true]);
    const before = entries.map(({ header }) => header.fleetingBefore);
    const [none] = [undefined];
    assert.deepEqual(before, [none, 1, none, 1, 2, none, none, 1]);
  },
);

pureTest("Author.write() keeps what is fleeting else, if it is told to", async () => {
  const { author, outbox } = setUp({ monotonic: () => 7 });
  await author.write([{ kind: "here" }]);
  await author.write([{ kind: "file", text: "x" }], true);
  await author.write([{ kind: "file", text: "x" }]);
  const entries = await readAll(outbox);
  assert.deepEqual(entries.map(({ isFleeting }) => isFleeting), [true, false, true]);
  assert.deepEqual(entries.map(({ header }) => header.fleetingBefore), [undefined, 1, undefined]);
  assert.equal(author.wroteAt, 7);
});

pureTest("Author.wroteAt is when something was written that is not fleeting", async () => {
  let now = 1;
  const { author } = setUp({ monotonic: () => now });
  await author.write([{ kind: "join" }]);
  assert.equal(author.wroteAt, -Infinity);
  now = 2;
  await author.write([chat("a"), { kind: "here" }]);
  now = 3;
  await author.write([{ kind: "here" }]);
  assert.equal(author.wroteAt, 2);
});
