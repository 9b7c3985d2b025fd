import assert from "node:assert/strict";
import { ChatError } from "../../../lib/errors.ts";
import { listen, type Place } from "../../../lib/relay/door/listen.ts";
import { testNeeding } from "../../support/needs.ts";

const ANY = { hostname: "chat.example", port: 0 };

/** Listens where a name has these addresses, and tells where that is. */
async function listenAs(addresses: readonly string[], place: Place = ANY): Promise<Deno.NetAddr[]> {
  const listeners = await listen(place, undefined, () => Promise.resolve(addresses));
  const places = listeners.map(({ addr }) => addr);
  for (const listener of listeners) listener.close();
  return places;
}

testNeeding(["net"], "listen() listens at one port on all addresses of a name", async () => {
  for (const addresses of [["127.0.0.1", "::1"], ["::1", "127.0.0.1"], ["127.0.0.1"]]) {
    const places = await listenAs([...addresses, addresses[0]!]);
    assert.deepEqual(places.map(({ hostname }) => hostname), addresses);
    assert.equal(new Set(places.map(({ port }) => port)).size, 1);
  }
});

testNeeding(["net"], "listen() listens on the addresses that are this machine's", async () => {
  const places = await listenAs(["192.0.2.1", "127.0.0.1", "2001:db8::1", "224.0.0.1"]);
  assert.deepEqual(places.map(({ hostname }) => hostname), ["127.0.0.1"]);
});

/** Has `Deno.listen()` go through a function while a test runs. */
async function withListen(
  replace: (listen: typeof Deno.listen, options: Deno.TcpListenOptions) => Deno.TcpListener,
  fn: () => Promise<void>,
): Promise<void> {
  const listen = Deno.listen;
  Deno.listen = ((options: Deno.TcpListenOptions) => replace(listen, options)) as typeof listen;
  try {
    await fn();
  } finally {
    Deno.listen = listen;
  }
}

testNeeding(["net"], "listen() refuses a port in use at one address of a name", async () => {
  const opened: Deno.TcpListener[] = [];
  const places: string[] = [];
  await withListen((listen, { hostname, port }) => {
    places.push(`${hostname} ${port}`);
    if (hostname === "::1") throw new Deno.errors.AddrInUse();
    // Whether that very port is free now is not the question here.
    opened.push(listen({ hostname: hostname!, port: 0 }));
    Object.defineProperty(opened[0], "addr", { value: { ...opened[0]!.addr, port } });
    return opened[0]!;
  }, async () => {
    await assert.rejects(listenAs(["127.0.0.1", "::1"], { ...ANY, port: 5050 }), {
      name: "ChatError",
      message: "Cannot listen: port 5050 is in use",
    });
  });
  assert.deepEqual(places, ["127.0.0.1 5050", "::1 5050"]);
  await assert.rejects(opened[0]!.accept(), Deno.errors.BadResource);
});

testNeeding(["net"], "listen() takes another port if the second address lacks it", async () => {
  let taken = 3;
  // Somebody takes the port between the two.
  const replace = (listen: typeof Deno.listen, options: Deno.TcpListenOptions) => {
    if (options.port !== 0 && taken-- > 0) throw new Deno.errors.AddrInUse();
    return listen(options);
  };
  await withListen(replace, async () => {
    assert.equal((await listenAs(["127.0.0.1", "::1"])).length, 2);
    taken = 1000;
    await assert.rejects(listenAs(["127.0.0.1", "::1"]), /Cannot listen: port 0 is in use/);
  });
});

testNeeding(["net"], "listen() takes :: for both families", async () => {
  for (const hostname of ["::", "0::0", "0:0:0:0:0:0:0:0"]) {
    const listeners = await listen({ hostname, port: 0 });
    const { port } = listeners[0]!.addr;
    for (const hostname of ["127.0.0.1", "::1"]) (await Deno.connect({ hostname, port })).close();
    for (const listener of listeners) listener.close();
  }
});

testNeeding(["net"], "listen() says why it cannot", async () => {
  const [listener] = await listen({ hostname: "127.0.0.1", port: 0 }) as [Deno.TcpListener];
  using _listener = listener;
  const { port } = listener.addr;
  const elsewhere = "Use 127.0.0.1 for this machine only, or 0.0.0.0 for all of its networks.";
  const inUse = "Another server may be running. Choose another port, or 0 for any free one.";
  const many = "is for many machines: nobody can connect to it";
  const zone = "Write the network interface behind it, as in fe80::9%eth0.";
  const cases: [hostname: string, port: number, reason: string, hint: string | undefined][] = [
    ["127.0.0.1", port, `port ${port} is in use`, inUse],
    ["192.0.2.1", 0, "192.0.2.1 is not an address of this machine", elsewhere],
    ["no-such-host.invalid", 0, "there is no host called no-such-host.invalid", undefined],
    ["224.0.0.1", 0, `224.0.0.1 ${many}`, elsewhere],
    ["239.255.255.255", 0, `239.255.255.255 ${many}`, elsewhere],
    ["255.255.255.255", 0, `255.255.255.255 ${many}`, elsewhere],
    ["ff02::1", 0, `ff02::1 ${many}`, elsewhere],
    ["fe80::9", 0, "fe80::9 does not say on which network", zone],
    ["fe80::9%none", 0, "fe80::9%none is not an address of this machine", elsewhere],
  ];
  for (const [hostname, port, reason, hint] of cases) {
    await assert.rejects(listen({ hostname, port }), (error) => {
      assert.ok(error instanceof ChatError && error.cause instanceof Error);
      assert.deepEqual([error.message, error.hint], [`Cannot listen: ${reason}`, hint]);
      return true;
    });
  }
});
