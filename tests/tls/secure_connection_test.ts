import assert from "node:assert/strict";
import {
  CLOSE_NOTIFY_MS,
  MAX_TLS_UNREAD_BYTES,
  MAX_TLS_WRITE_BYTES,
} from "../../lib/tls/limits.ts";
import { writeAll } from "../../lib/bytes/write_all.ts";
import { MIB } from "../../lib/bytes/units.ts";
import { testNeeding } from "../support/needs.ts";
import { openPair, readText, roomTls } from "../support/secure_pair.ts";
import { secureClient } from "../../lib/tls/client.ts";
import { RawClient } from "../support/raw_client.ts";
import { within } from "../support/within.ts";

const encode = (text: string) => new TextEncoder().encode(text);

testNeeding(["net"], "bytes come as they were written, both ways", async () => {
  using pair = await openPair();
  const { server, client } = pair;
  const bytes = new Uint8Array(5 * 65_536);
  for (let from = 0; from < bytes.length; from += 65_536) {
    crypto.getRandomValues(bytes.subarray(from, from + 65_536));
  }
  for (const [from, to] of [[server, client], [client, server]] as const) {
    const got = new Uint8Array(bytes.length);
    const reading = (async () => {
      for (let count = 0; count < got.length;) count += (await to.read(got.subarray(count)))!;
    })();
    await writeAll(from, bytes);
    await within(20, () => "not all came", reading);
    assert.deepEqual(got, bytes);
  }
});

testNeeding(["net"], "write() takes 64 KiB at most", async () => {
  using pair = await openPair();
  const { server, client } = pair;
  const reading = readText(client);
  assert.equal(await server.write(new Uint8Array(1_000_000)), MAX_TLS_WRITE_BYTES);
  assert.equal(await server.write(new Uint8Array(1)), 1);
  await reading;
});

testNeeding(["net"], "closeWrite() ends one direction alone", async () => {
  using pair = await openPair();
  const { server, client } = pair;
  await client.write(encode("last"));
  await client.closeWrite();
  assert.equal(await readText(server), "last");
  assert.equal(await server.read(new Uint8Array(1)), null);
  await server.write(encode("answer"));
  assert.equal(await readText(client), "answer");
  await server.closeWrite();
  assert.equal(await client.read(new Uint8Array(1)), null);
});

testNeeding(
  ["net"],
  "close() lets what was written arrive, and tells that this is all",
  async () => {
    using pair = await openPair();
    const { server, client } = pair;
    await server.write(encode("bye"));
    server.close();
    server.close();
    assert.equal(await readText(client), "bye");
    assert.equal(await client.read(new Uint8Array(1)), null);
    await assert.rejects(server.read(new Uint8Array(1)), { name: "Interrupted" });
  },
);

testNeeding(["net"], "close() closes at once where nobody has shaken hands", async () => {
  const { secure } = await roomTls();
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using silent = await RawClient.connect(listener.addr.port);
  const server = secure(await listener.accept());
  const shaking = assert.rejects(server.handshake(), { name: "Interrupted" });
  const since = performance.now();
  server.close();
  await shaking;
  await silent.waitForEnd();
  assert.ok(performance.now() - since < CLOSE_NOTIFY_MS);
});

testNeeding(["net"], "close() closes at once where nobody reads", async () => {
  using pair = await openPair();
  const { server, client } = pair;
  let written = 0;
  const stuck = (async () => {
    for (;;) written += await server.write(new Uint8Array(MAX_TLS_WRITE_BYTES));
  })();
  const ended = assert.rejects(stuck);
  await isStill(() => written);
  server.close();
  await within(1, () => "the write goes on", ended);
  // What the system had taken arrives, and then the end.
  const buffer = new Uint8Array(MAX_TLS_WRITE_BYTES);
  const drained = (async () => {
    try {
      while (await client.read(buffer) !== null);
    } catch {
      // The end came in the middle of a record.
    }
  })();
  await within(10, () => "the connection is still open", drained);
});

testNeeding(["net"], "close() waits a moment for its last record, and no longer", async () => {
  const { secure, trust } = await roomTls();
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { hostname, port } = listener.addr;
  const [accepted, conn] = await Promise.all([listener.accept(), Deno.connect({ hostname, port })]);
  let isStuck = false;
  const server = secure({
    remoteAddr: accepted.remoteAddr,
    read: (buffer) => accepted.read(buffer),
    write: (bytes) => isStuck ? new Promise(() => {}) : accepted.write(bytes),
    closeWrite: () => accepted.closeWrite(),
    close: () => accepted.close(),
  });
  const [client] = await Promise.all([secureClient(conn, trust), server.handshake()]);
  isStuck = true;
  const since = performance.now();
  server.close();
  assert.equal(await within(5, () => "it is open", client.read(new Uint8Array(1))), null);
  assert.ok(performance.now() - since > CLOSE_NOTIFY_MS - 10);
  client.close();
});

testNeeding(["net"], "what nobody reads is not taken from the other side", async () => {
  using pair = await openPair();
  const { server, client } = pair;
  let sent = 0;
  const flood = (async () => {
    // More than all that the system keeps.
    while (sent < 64 * MIB) sent += await client.write(new Uint8Array(MAX_TLS_WRITE_BYTES));
  })();
  const ended = assert.rejects(flood);
  await isStill(() => sent);
  // One read of what is encrypted comes on top.
  assert.ok(server.unreadBytes <= 3 * MAX_TLS_UNREAD_BYTES, `${server.unreadBytes}`);
  const before = sent;
  const buffer = new Uint8Array(MAX_TLS_WRITE_BYTES);
  for (let got = 0; got < before;) got += (await server.read(buffer))!;
  await isStill(() => sent);
  assert.ok(sent > before, "nothing was taken after it was read");
  client.close();
  await ended;
});

testNeeding(["net"], "handshake() fails for what is no TLS, and for who leaves", async () => {
  const { secure } = await roomTls();
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  for (const text of ["!HELLO 1 EREREREREREREREREREREQ backlog=0\n", "", "\x16\x03\x01\x00\x01"]) {
    using client = await RawClient.connect(port);
    const server = secure(await listener.accept());
    if (text !== "") await client.send(text);
    await client.closeWrite();
    await within(5, () => text, assert.rejects(server.handshake()));
    server.close();
    await client.waitForEnd();
  }
});

testNeeding(["net"], "an end that the other side does not announce is an end", async () => {
  const { secure, trust } = await roomTls();
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { hostname, port } = listener.addr;
  const conn = await Deno.connect({ hostname, port });
  const server = secure(await listener.accept());
  const [client] = await Promise.all([secureClient(conn, trust), server.handshake()]);
  await client.write(encode("line\n"));
  await conn.closeWrite();
  assert.equal(await readText(server), "line\n");
  assert.equal(await server.read(new Uint8Array(1)), null);
  client.close();
  server.close();
});

/** Waits until a number has not changed for a while. */
async function isStill(read: () => number): Promise<void> {
  for (let before = -1, same = 0; same < 5; before = read()) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    same = read() === before ? same + 1 : 0;
  }
}
