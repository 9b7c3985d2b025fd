import assert from "node:assert/strict";
import { Session } from "../../lib/client/session.ts";
import { ChatError } from "../../lib/errors.ts";
import { generateKey, importKey } from "../../lib/fernet.ts";
import { writeAll } from "../../lib/write_all.ts";
import { testNeeding } from "../support/permissions.ts";
import { sessionTest } from "../support/session_pair.ts";

const encoder = new TextEncoder();

testNeeding(["net"], "Session.connect() tells where nobody answers, and what to do", async () => {
  const key = await importKey(generateKey());
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  for (const [hostname, host] of [["127.0.0.1", "127.0.0.1"], ["::1", "[::1]"]] as const) {
    await assert.rejects(() => Session.connect({ hostname, port, key }), (error: unknown) => {
      assert.ok(error instanceof ChatError);
      assert.equal(error.message, `Cannot connect: no server answers at ${host}:${port}`);
      assert.equal(error.hint, "Check the address and the port, and that the server is running.");
      assert.ok(error.cause instanceof Error);
      return true;
    });
  }
});

sessionTest("Session.events() ends with the connection", async ({ session, relay }) => {
  relay.close();
  assert.deepEqual(await Array.fromAsync(session.events()), []);
});

sessionTest("Session.events() takes a reset for an end", async ({ session, relay, seal }) => {
  await session.send(["unread when the relay closes, which makes it a reset"]);
  // Waits for it to arrive, and leaves some of it unread.
  await relay.read(new Uint8Array(1));
  await writeAll(relay, encoder.encode(await seal("last words") + "\n"));
  const events = session.events();
  assert.deepEqual((await events.next()).value, [{ kind: "message", text: "last words" }]);
  relay.close();
  assert.deepEqual(await Array.fromAsync(events), []);
});

sessionTest("Session.send() rejects when the connection is gone", async ({ session, relay }) => {
  await session.send(["unread"]);
  await relay.read(new Uint8Array(1));
  relay.close();
  await Array.fromAsync(session.events());
  for (let i = 0; i < 3; i++) {
    await assert.rejects(
      () => session.send(["a"]),
      /^(?:BrokenPipe|ConnectionReset|ConnectionAborted): /,
    );
  }
});

sessionTest("Session.send() rejects for the call that fails, and no other", async (pair) => {
  const { session, relay } = pair;
  await session.send(["taken"]);
  await relay.read(new Uint8Array(1));
  relay.close();
  await Array.fromAsync(session.events());
  const results = await Promise.allSettled([session.send(["a"]), session.send([])]);
  assert.deepEqual(results.map(({ status }) => status), ["rejected", "fulfilled"]);
});

sessionTest("Session.finish() rejects when the connection is gone", async ({ session }) => {
  session[Symbol.dispose]();
  await assert.rejects(() => session.finish(), { name: "BadResource" });
});

sessionTest("Session[Symbol.dispose]() ends events(), even while it waits", async (pair) => {
  const waiting = pair.session.events().next();
  pair.session[Symbol.dispose]();
  assert.deepEqual(await waiting, { done: true, value: undefined });
  assert.equal(await pair.relay.read(new Uint8Array(1)), null);
});

sessionTest("Session[Symbol.dispose]() may be called again", ({ session }) => {
  session[Symbol.dispose]();
  session[Symbol.dispose]();
  return Promise.resolve();
});
