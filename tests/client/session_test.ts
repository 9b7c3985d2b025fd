import assert from "node:assert/strict";
import type { Session, SessionEvent } from "../../lib/client/session.ts";
import { ChatError, LineTooLongError } from "../../lib/errors.ts";
import { decrypt, encrypt, generateKey, importKey } from "../../lib/fernet.ts";
import { MAX_LINE_BYTES } from "../../lib/limits.ts";
import { RELAY_ERRORS } from "../../lib/wire.ts";
import { writeAll } from "../../lib/write_all.ts";
import { readAll, sessionTest } from "../support/session_pair.ts";

const encoder = new TextEncoder();
const UNREADABLE: SessionEvent = { kind: "unreadable" };

function message(text: string): SessionEvent {
  return { kind: "message", text };
}

/** Texts that take very different times to encrypt, the slowest first. */
function unevenTexts(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${i} ${"x".repeat(i % 7 === 0 ? 40_000 : i)}`);
}

/** What the session makes of `bytes`, followed by the end of the connection. */
async function eventsOf(session: Session, relay: Deno.TcpConn, bytes: string | Uint8Array) {
  const writing = (async () => {
    await writeAll(relay, typeof bytes === "string" ? encoder.encode(bytes) : bytes);
    await relay.closeWrite();
  })();
  const events = (await Array.fromAsync(session.events())).flat();
  await writing;
  return events;
}

sessionTest("Session.send() writes a token a line, in order", async ({ session, relay, key }) => {
  const texts = unevenTexts(60);
  const sending = Promise.all([
    session.send(texts.slice(0, 20)),
    session.send([]),
    session.send(texts.slice(20, 21)),
    session.send(texts.slice(21)),
    session.finish(),
  ]);
  const received = await readAll(relay);
  await sending;
  assert.match(received, /^(?:gAAAAA[\w-]+={0,2}\n){60}$/);
  const tokens = received.trimEnd().split("\n");
  const opened = await Promise.all(tokens.map((token) => decrypt(key, token)));
  assert.deepEqual(opened.map(({ plaintext }) => new TextDecoder().decode(plaintext)), texts);
});

sessionTest("Session.finish() ends the output only", async ({ session, relay, seal }) => {
  assert.equal(session.isFinished, false);
  const sending = session.send(["a"]);
  const finishing = session.finish();
  assert.equal(session.isFinished, true);
  assert.match(await readAll(relay), /^gAAAAA\S+\n$/);
  await Promise.all([sending, finishing]);
  const events = await eventsOf(session, relay, await seal("still here") + "\n");
  assert.deepEqual(events, [message("still here")]);
});

sessionTest("Session.events() keeps the order of the lines", async ({ session, relay, seal }) => {
  const texts = unevenTexts(100);
  const lines = await Promise.all(texts.map(async (text) => await seal(text) + "\n"));
  const events = await eventsOf(session, relay, lines.join(""));
  assert.deepEqual(events, texts.map(message));
});

sessionTest(
  "Session.events() puts lines together from any cuts",
  async ({ session, relay, seal }) => {
    const line = encoder.encode(`${await seal("one")}\r\n${await seal("two")}\n!ERR 503 full\n`);
    const writing = (async () => {
      for (let i = 0; i < line.length; i++) await relay.write(line.subarray(i, i + 1));
      await relay.closeWrite();
    })();
    const events = (await Array.fromAsync(session.events())).flat();
    await writing;
    const refusal: SessionEvent = { kind: "refused", error: RELAY_ERRORS.full };
    assert.deepEqual(events, [message("one"), message("two"), refusal]);
  },
);

sessionTest(
  "Session.events() yields a message before the next arrives",
  async ({ session, relay, seal }) => {
    const events = session.events();
    for (const text of ["one", "two", "three"]) {
      await writeAll(relay, encoder.encode(await seal(text) + "\n"));
      assert.deepEqual((await events.next()).value, [message(text)]);
    }
  },
);

sessionTest("Session.events() tells why the relay closes", async ({ session, relay, seal }) => {
  const text = `!PING 7\n${await seal("a")}\n!LATER verb\n!ERR\n!ERR 413 too long\n`;
  const refusal: SessionEvent = { kind: "refused", error: RELAY_ERRORS.tooLong };
  assert.deepEqual(await eventsOf(session, relay, text), [message("a"), refusal]);
});

sessionTest(
  "Session.events() marks what it cannot read, in place",
  async ({ session, relay, seal }) => {
    const stranger = await importKey(generateKey());
    const sealed = await seal("a");
    const bad = [await encrypt(stranger, encoder.encode("b")), "", "hello", sealed.slice(4), "g"];
    bad.push(sealed.replace(/.(?=={0,2}$)/, "~"), sealed.slice(0, 60) + "AAAA" + sealed.slice(64));
    const text = bad.map((line) => `${line}\n${sealed}\n`).join("");
    const events = await eventsOf(session, relay, text);
    assert.deepEqual(events, bad.flatMap(() => [UNREADABLE, message("a")]));
  },
);

sessionTest(
  "Session.events() passes text on as it was written",
  async ({ session, relay, key, seal }) => {
    const texts = ["", "\ufeff\x1b[2J\r\n\0", "é😀", "<eve> !ERR 503 full"];
    const invalid = await encrypt(key, new Uint8Array([0x61, 0xff, 0x62]));
    const tokens = [...await Promise.all(texts.map(seal)), invalid];
    const events = await eventsOf(session, relay, tokens.join("\n") + "\n");
    assert.deepEqual(events, [...texts, "a\ufffdb"].map(message));
  },
);

sessionTest("Session.events() drops a last line without LF", async ({ session, relay, seal }) => {
  const sealed = await seal("a");
  assert.deepEqual(await eventsOf(session, relay, `${sealed}\n${sealed}`), [message("a")]);
});

sessionTest("Session.events() takes a line of MAX_LINE_BYTES", async ({ session, relay }) => {
  const line = "x".repeat(MAX_LINE_BYTES);
  const events = await eventsOf(session, relay, `${line}\n${line}\r\n`);
  assert.deepEqual(events, [UNREADABLE, UNREADABLE]);
});

sessionTest(
  "Session.events() refuses a longer line, after what came before",
  async ({ session, relay, seal }) => {
    const writing = writeAll(
      relay,
      encoder.encode(`${await seal("a")}\n${"x".repeat(MAX_LINE_BYTES + 1)}\n`),
    );
    const events: SessionEvent[] = [];
    await assert.rejects(async () => {
      for await (const batch of session.events()) events.push(...batch);
    }, (error: unknown) => {
      assert.ok(error instanceof ChatError);
      assert.equal(error.message, "Cannot read from the server: it sent a line that is too long");
      assert.equal(error.hint, "Is there a chat server at this address?");
      assert.ok(error.cause instanceof LineTooLongError);
      return true;
    });
    assert.deepEqual(events, [message("a")]);
    await writing;
  },
);
