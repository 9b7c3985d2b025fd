import assert from "node:assert/strict";
import { Link, type LinkEvent } from "../../lib/client/link.ts";
import { LineTooLongError } from "../../lib/errors.ts";
import { MAX_LINE_BYTES } from "../../lib/protocol/limits.ts";
import { FakeRelay, type RelayEnd } from "../support/fake_relay.ts";
import { encode, ROOM } from "../support/fixed_members.ts";
import { testNeeding } from "../support/needs.ts";
import { fakeToken } from "../support/raw_client.ts";

/** Registers a test with a link that is admitted and a relay that sends what the test wants. */
function linkTest(name: string, fn: (link: Link, end: RelayEnd) => Promise<void>): void {
  testNeeding(["net"], name, async () => {
    using relay = new FakeRelay();
    const options = { hostname: "127.0.0.1", port: relay.port, room: ROOM, backlog: 0 };
    const [link, end] = await Promise.all([Link.connect(options), relay.admit()]);
    using _link = link;
    await fn(link, end);
  });
}

function token(label: string): LinkEvent {
  return { kind: "token", token: fakeToken(label) };
}

async function readAll(link: Link): Promise<LinkEvent[]> {
  return (await Array.fromAsync(link.events())).flat();
}

const START: LinkEvent[] = [
  { kind: "control", control: { verb: "BACKLOG", count: 0 } },
  { kind: "control", control: { verb: "LIVE" } },
];

linkTest("Link.events() gives tokens, control lines and noise, in order", async (link, end) => {
  const lines = [fakeToken("a"), "!GONE 3", "hello", fakeToken("b"), "!LATER 1", "", "!PING 5"];
  await end.send(...lines);
  await end.conn.closeWrite();
  assert.deepEqual(await readAll(link), [
    ...START,
    token("a"),
    { kind: "control", control: { verb: "GONE", cid: 3 } },
    { kind: "noise" },
    token("b"),
    { kind: "noise" },
    { kind: "control", control: { verb: "PING", n: 5 } },
  ]);
});

linkTest("Link.events() puts lines together from any cuts", async (link, end) => {
  const bytes = encode(`${fakeToken("a")}\r\n!JOINED 8\n${fakeToken("b")}\n!ERR 503 full\n`);
  const reading = readAll(link);
  for (const byte of bytes) await end.conn.write(new Uint8Array([byte]));
  await end.conn.closeWrite();
  const error = { code: 503, reason: "full" };
  assert.deepEqual(await reading, [
    ...START,
    token("a"),
    { kind: "control", control: { verb: "JOINED", cid: 8 } },
    token("b"),
    { kind: "control", control: { verb: "ERR", error } },
  ]);
});

linkTest("Link.events() drops a last line without LF", async (link, end) => {
  await end.conn.write(encode(`${fakeToken("a")}\n${fakeToken("b")}`));
  await end.conn.closeWrite();
  assert.deepEqual(await readAll(link), [...START, token("a")]);
});

linkTest("Link.events() throws when a line is too long", async (link, end) => {
  const long = end.send("x".repeat(MAX_LINE_BYTES + 1)).catch(() => {});
  await assert.rejects(readAll(link), (error: Error) => {
    assert.equal(error.message, "Cannot read from the server: it sent a line that is too long");
    assert.ok(error.cause instanceof LineTooLongError);
    return true;
  });
  await long;
});

linkTest("Link.events() takes a line of 65,536 bytes", async (link, end) => {
  const sending = end.send("x".repeat(MAX_LINE_BYTES)).then(() => end.conn.closeWrite());
  assert.deepEqual(await readAll(link), [...START, { kind: "noise" }]);
  await sending;
});

linkTest("Link.write() keeps the order of calls that overlap", async (link, end) => {
  const labels = Array.from({ length: 50 }, (_, i) => String(i).padStart(2, "0"));
  const sizes = labels.map((_, i) => i % 7 === 0 ? 60_000 : 140);
  await Promise.all(
    labels.map((label, i) => link.write(encode(`${fakeToken(label, sizes[i])}\n`))),
  );
  const tokens = await end.waitForTokens(50);
  assert.deepEqual(tokens.map((each) => each.slice(6, 8)), labels);
  assert.deepEqual(tokens.map(({ length }) => length), sizes);
});

linkTest(
  "Link.finish() ends the output after what was written, and goes on reading",
  async (link, end) => {
    const writing = link.write(encode(`${fakeToken("a", 60_000)}\n`));
    await link.finish();
    await writing;
    await end.waitForEnd();
    assert.equal(end.tokens.length, 1);
    await end.send(fakeToken("late"));
    await end.conn.closeWrite();
    assert.deepEqual(await readAll(link), [...START, token("late")]);
  },
);

linkTest("Link.write() and say() reject once the link is disposed of", async (link) => {
  const reading = readAll(link);
  link[Symbol.dispose]();
  link[Symbol.dispose]();
  await reading;
  await assert.rejects(link.say({ verb: "PING", n: 1 }), { name: "BadResource" });
  await assert.rejects(link.write(encode("x\n")), { name: "BadResource" });
});
