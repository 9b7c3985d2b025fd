import assert from "node:assert/strict";
import type { RelayEvent } from "../../../lib/relay/watch/events.ts";
import { type HttpOptions, serveHttp } from "../../../lib/relay/watch/http_server.ts";
import { testNeeding } from "../../support/needs.ts";
import { within } from "../../support/within.ts";

const ASK = "GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n";
const ANSWER: HttpOptions["answer"] = ({ path }) => Promise.resolve({ status: 200, body: path });

/** Serves while a test runs, and sees that it ends when it is told to. */
async function serving(
  options: Partial<HttpOptions>,
  test: (connect: () => Promise<Deno.TcpConn>) => Promise<void>,
  listener = Deno.listen({ hostname: "127.0.0.1", port: 0 }),
): Promise<void> {
  const stop = new AbortController();
  const all = { answer: ANSWER, report: () => assert.fail(), ...options };
  const served = serveHttp(listener, all, stop.signal);
  const { port } = listener.addr;
  const conns: Deno.TcpConn[] = [];
  try {
    await test(async () => {
      const conn = await Deno.connect({ port });
      conns.push(conn);
      return conn;
    });
  } finally {
    stop.abort();
    await within(30, () => "the end", served);
    for (const conn of conns) conn.close();
  }
}

async function send(conn: Deno.Conn, text: string): Promise<void> {
  await conn.write(new TextEncoder().encode(text));
}

/** What comes until the end; nothing more if that is a reset. */
async function readAll(conn: Deno.Conn): Promise<string> {
  let text = "";
  const buffer = new Uint8Array(1000);
  const read = async () => {
    try {
      for (let bytes; (bytes = await conn.read(buffer)) !== null;) {
        text += new TextDecoder().decode(buffer.subarray(0, bytes));
      }
    } catch {
      // A reset is an end, too.
    }
  };
  await within(30, () => "the end of a connection", read());
  return text;
}

testNeeding(["net"], "serveHttp() answers wherever a request is cut, and ends", async () => {
  await serving({}, async (connect) => {
    for (const text of [ASK, ASK.replaceAll("\r", ""), `\r\n${ASK}`, `${ASK}more`]) {
      const conn = await connect();
      for (const letter of text) await send(conn, letter);
      assert.match(await readAll(conn), /^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\n\/a$/);
    }
    const head = await connect();
    await send(head, ASK.replace("GET", "HEAD"));
    assert.match(await readAll(head), /^HTTP\/1\.1 200 OK\r\n[^]*length: 2\r\n[^]*\r\n\r\n$/);
  });
});

testNeeding(["net"], "serveHttp() refuses what is too long, malformed or fails", async () => {
  const answer = () => Promise.reject(new Error("no"));
  await serving({ answer }, async (connect) => {
    const first = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
    const fill = (bytes: number) => first + "x".repeat(bytes - first.length - 4) + "\r\n\r\n";
    const cases = [
      [fill(8192), 500],
      [fill(8192 + 1), 431],
      ["x".repeat(8192), 431],
      ["GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400],
    ] as const;
    for (const [text, status] of cases) {
      const conn = await connect();
      await send(conn, text);
      assert.match(await readAll(conn), new RegExp(`^HTTP/1\\.1 ${status} `));
    }
  });
});

testNeeding(["net"], "serveHttp() ends who does not ask in time, or never reads", async () => {
  await serving({ maxMs: 50 }, async (connect) => {
    const unfinished = await connect();
    await send(unfinished, "GET /");
    assert.equal(await readAll(await connect()), "");
    assert.equal(await readAll(unfinished), "");
  });
  const answer: HttpOptions["answer"] = () =>
    Promise.resolve({ status: 200, body: "x".repeat(50_000_000) });
  await serving({ answer, maxMs: 50 }, async (connect) => {
    const conn = await connect();
    await send(conn, ASK);
    assert.ok((await readAll(conn)).length < 50_000_000);
  });
});

testNeeding(["net"], "serveHttp() gives the place of the oldest to one more", async () => {
  await serving({ maxMs: 60_000 }, async (connect) => {
    const silent = [];
    for (let i = 0; i < 16; i++) {
      const conn = await connect();
      await send(conn, "GET /");
      silent.push(conn);
    }
    const asking = await connect();
    await send(asking, ASK);
    assert.match(await readAll(asking), / 200 OK/);
    assert.equal(await readAll(silent[0]!), "");
    await send(silent[1]!, ASK.slice("GET /".length));
    assert.match(await readAll(silent[1]!), / 200 OK/);
  });
});

testNeeding(["net"], "serveHttp() goes on after it could not accept", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const accept = listener.accept.bind(listener);
  const errors = [new Error("too many"), new Error("too many")];
  listener.accept = () => errors.length > 0 ? Promise.reject(errors.shift()) : accept();
  const events: RelayEvent[] = [];
  await serving({ report: (event) => events.push(event) }, async (connect) => {
    const conn = await connect();
    await send(conn, ASK);
    assert.match(await readAll(conn), / 200 OK/);
  }, listener);
  assert.deepEqual(events, [{ kind: "accept failed", message: "too many" }]);
});
