import assert from "node:assert/strict";
import { MAX_PROXY_HEADERS, Proxies, PROXY_HEADER_MS } from "../../../lib/relay/door/proxies.ts";
import type { PeerConn } from "../../../lib/relay/peer/parts.ts";
import { fakeConn } from "../../support/fake_conn.ts";
import { binaryHeader, ipv4Block } from "../../support/proxy_headers.ts";
import { pureTest } from "../../support/pure.ts";
import { within } from "../../support/within.ts";

const encoder = new TextEncoder();
const NEVER = new AbortController().signal;
const PROXY = { hostname: "192.0.2.1", bits: 32 };
const HEADER = "PROXY TCP4 203.0.113.9 192.0.2.1 50312 5050\r\n";

function tcp(hostname: string): Deno.Addr {
  return { transport: "tcp", hostname, port: 1 };
}

/** A connection on which these pieces come, and then the end; or nothing more, if it stays open. */
function pieces(all: readonly (string | Uint8Array)[], staysOpen = false): PeerConn {
  const rest = all.map((piece) => typeof piece === "string" ? encoder.encode(piece) : piece);
  return fakeConn({
    read(target) {
      const [piece] = rest;
      if (!piece) return staysOpen ? new Promise(() => {}) : Promise.resolve(null);
      const bytes = Math.min(piece.length, target.length);
      target.set(piece.subarray(0, bytes));
      if (bytes === piece.length) rest.shift();
      else rest[0] = piece.subarray(bytes);
      return Promise.resolve(bytes);
    },
  });
}

async function readAll(conn: PeerConn): Promise<string> {
  const target = new Uint8Array(3);
  let text = "";
  for (let bytes; (bytes = await conn.read(target)) !== null;) {
    text += new TextDecoder().decode(target.subarray(0, bytes));
  }
  return text;
}

pureTest("isNamed() knows addresses and networks of both families", () => {
  const proxies = new Proxies([
    { hostname: "10.1.2.3", bits: 8 },
    { hostname: "2001:DB8::", bits: 33 },
    { hostname: "::1", bits: 128 },
  ]);
  for (const named of ["10.255.0.1", "::ffff:10.0.0.1", "2001:db8:7fff::1", "::1"]) {
    assert.equal(proxies.isNamed(tcp(named)), true, named);
  }
  for (const other of ["11.0.0.1", "::ffff:11.0.0.1", "2001:db8:8000::1", "::2", "fe80::1%lo"]) {
    assert.equal(proxies.isNamed(tcp(other)), false, other);
  }
  assert.equal(proxies.isNamed({ transport: "unix", path: "/x" }), false);
  const every = new Proxies([{ hostname: "0.0.0.0", bits: 0 }]);
  assert.equal(every.isNamed(tcp("203.0.113.9")), true);
});

pureTest("introduce() tells the client's address and keeps what follows the header", async () => {
  const binary = binaryHeader(0x21, 0x11, ipv4Block("203.0.113.9", 50_312));
  for (const header of [encoder.encode(HEADER), binary]) {
    const bytes = new Uint8Array([...header, ...encoder.encode("!PING 1\nmore")]);
    for (let cut = 0; cut <= bytes.length; cut++) {
      const sent = [bytes.subarray(0, cut), bytes.subarray(cut)].filter(({ length }) => length > 0);
      const { result, conn } = await new Proxies([PROXY]).introduce(pieces(sent), NEVER);
      assert.equal(result, "client");
      const address = { transport: "tcp", hostname: "203.0.113.9", port: 50_312 };
      assert.deepEqual(conn!.remoteAddr, address);
      assert.equal(await readAll(conn!), "!PING 1\nmore");
    }
  }
});

pureTest("introduce() leaves the proxy's own connections their address", async () => {
  for (const header of ["PROXY UNKNOWN\r\n", binaryHeader(0x20, 0, new Uint8Array())]) {
    const { result, conn } = await new Proxies([PROXY]).introduce(pieces([header]), NEVER);
    assert.equal(result, "own");
    assert.deepEqual(conn!.remoteAddr, fakeConn().remoteAddr);
  }
});

pureTest("introduce() hands the rest of the connection on", async () => {
  const seen: string[] = [];
  const conn = {
    ...pieces([HEADER]),
    write: (bytes: Uint8Array) => Promise.resolve(bytes.length),
    closeWrite: () => Promise.resolve(void seen.push("closeWrite")),
    close: () => void seen.push("close"),
  };
  const { conn: told } = await new Proxies([PROXY]).introduce(conn, NEVER);
  assert.equal(await told!.write(new Uint8Array(7)), 7);
  await told!.closeWrite();
  told!.close();
  assert.deepEqual(seen, ["closeWrite", "close"]);
});

pureTest("introduce() tells checks of the port from what is no header", async () => {
  const cases: [readonly string[], string][] = [
    [[], "none"],
    [["GET / HTTP/1.1\r\nHost: a\r\n\r\n"], "http"],
    [["HEAD / HTTP/1.0\n\n"], "http"],
    [["G", "ET / HTTP/1.1\r\n"], "bad"],
    [["hello\n"], "bad"],
    [["PROXY TCP4"], "bad"],
    [["PROXY TCP5 1 2 3 4\r\n"], "bad"],
  ];
  for (const [sent, expected] of cases) {
    const introduced = await new Proxies([PROXY]).introduce(pieces(sent), NEVER);
    assert.deepEqual(introduced, { result: expected }, sent.join("|"));
  }
  const broken = fakeConn({ read: () => Promise.reject(new Deno.errors.ConnectionReset()) });
  assert.deepEqual(await new Proxies([PROXY]).introduce(broken, NEVER), { result: "none" });
});

pureTest(
  "introduce() waits for a header as long as it is told, and until it is stopped",
  async () => {
    const proxies = new Proxies([PROXY], 20);
    assert.deepEqual(await proxies.introduce(pieces([], true), NEVER), { result: "none" });
    assert.deepEqual(await proxies.introduce(pieces(["PROXY "], true), NEVER), { result: "bad" });
    const stop = new AbortController();
    const waiting = new Proxies([PROXY]).introduce(pieces([], true), stop.signal);
    stop.abort();
    assert.deepEqual(await within(1, () => "it waits on", waiting), { result: "none" });
  },
);

pureTest("introduce() waits for 3 s unless it is told otherwise", async () => {
  assert.equal(PROXY_HEADER_MS, 3000);
  const start = performance.now();
  const waiting = new Proxies([PROXY]).introduce(pieces([], true), NEVER);
  assert.deepEqual(await within(4, () => "it waits on", waiting), { result: "none" });
  assert.ok(performance.now() - start >= 2999);
});

pureTest("hasRoom is false while 256 headers are waited for", async () => {
  const proxies = new Proxies([PROXY]);
  const stop = new AbortController();
  const wait = () => proxies.introduce(pieces([], true), stop.signal);
  const waiting = Array.from({ length: MAX_PROXY_HEADERS - 1 }, wait);
  assert.deepEqual([proxies.awaited, proxies.hasRoom], [255, true]);
  waiting.push(wait());
  assert.deepEqual([proxies.awaited, proxies.hasRoom], [256, false]);
  stop.abort();
  await Promise.all(waiting);
  assert.deepEqual([proxies.awaited, proxies.hasRoom], [0, true]);
});
