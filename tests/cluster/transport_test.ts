import assert from "node:assert/strict";
import { DenoTransport } from "../../lib/cluster/transport.ts";
import { testNeeding } from "../support/needs.ts";

const INFO = 'INFO {"server_id":"x","max_payload":1048576}\r\n';
const NEEDS = ["net"] as const;
type Server = Parameters<DenoTransport["connect"]>[0];

/** Has a transport connect to somebody who says something. */
async function meet(
  says: readonly string[],
  fn: (transport: DenoTransport, other: Deno.Conn) => Promise<void>,
  options: Parameters<DenoTransport["connect"]>[1] = {},
): Promise<void> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const transport = new DenoTransport();
  const accepting = listener.accept();
  const { hostname, port } = listener.addr as Deno.NetAddr;
  const connecting = transport.connect({ hostname, port } as Server, options);
  connecting.catch(() => {});
  using other = await accepting;
  for (const text of says) {
    await other.write(new TextEncoder().encode(text));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  if (says.length === 0) other.close();
  try {
    await connecting;
    await fn(transport, other);
  } finally {
    await transport.close();
  }
}

testNeeding(
  NEEDS,
  "DenoTransport hands on all that the server says, from its first line",
  async () => {
    await meet([INFO.slice(0, 9), INFO.slice(9)], async (transport, other) => {
      const decoder = new TextDecoder();
      const got: string[] = [];
      const reading = (async () => {
        for await (const bytes of transport) got.push(decoder.decode(bytes));
      })();
      await other.write(new TextEncoder().encode("PING\r\n"));
      transport.send(new TextEncoder().encode("CONNECT {}\r\n"));
      transport.send(new TextEncoder().encode("PING\r\n"));
      const buffer = new Uint8Array(100);
      let sent = "";
      while (sent.length < 18) {
        sent += decoder.decode(buffer.subarray(0, (await other.read(buffer))!));
      }
      assert.equal(sent, "CONNECT {}\r\nPING\r\n");
      await other.closeWrite();
      await reading;
      assert.equal(got.join(""), `${INFO}PING\r\n`);
      assert.equal(transport.isClosed, true);
      assert.equal(transport.isEncrypted(), false);
      assert.equal(await transport.closed(), undefined);
      transport.send(new TextEncoder().encode("too late"));
    });
  },
);

testNeeding(NEEDS, "DenoTransport refuses what is no server of NATS", async () => {
  const never = () => Promise.reject(new Error("it was taken for one"));
  await assert.rejects(meet(["HTTP/1.1 400\n"], never), /what answers is no server of NATS/);
  await assert.rejects(meet(["INFO {x}\r\n"], never), /what answers is no server of NATS/);
  await assert.rejects(meet(["x".repeat(32 * 1024)], never), /what answers is no server of NATS/);
  await assert.rejects(meet([], never), /the connection was closed/);
  await assert.rejects(meet([INFO], never, { tls: {} }), /the server offers no TLS/);
});

testNeeding(NEEDS, "DenoTransport reports a broken connection once", async () => {
  await meet([INFO], async (transport, other) => {
    const iterator = transport[Symbol.asyncIterator]();
    await iterator.next();
    transport.disconnect();
    transport.discard();
    assert.equal((await iterator.next()).done, true);
    assert.equal(transport.isClosed, true);
    const buffer = new Uint8Array(10);
    assert.equal(await other.read(buffer), null);
  });
});
