import assert from "node:assert/strict";
import { CONNECT_TIMEOUT_MS, HANDSHAKE_TIMEOUT_MS } from "../../lib/client/limits.ts";
import { Link } from "../../lib/client/link.ts";
import { ChatError, RefusedError } from "../../lib/errors.ts";
import { FakeRelay, type RelayEnd } from "../support/fake_relay.ts";
import { ROOM } from "../support/fixed_members.ts";
import { testNeeding } from "../support/needs.ts";
import { fakeToken } from "../support/raw_client.ts";
import { within } from "../support/within.ts";

const NO_SERVER = {
  name: "ChatError",
  message: "Cannot connect: no chat server answers there",
  hint: "Check the address and the port.",
};

/** Connects to a relay that does `fn` with the connection. */
async function connect(fn: (end: RelayEnd) => Promise<void>, backlog = 50): Promise<Link> {
  using relay = new FakeRelay();
  const serving = relay.accept().then(fn);
  const options = { hostname: "127.0.0.1", port: relay.port, room: ROOM, backlog };
  const [link] = await Promise.allSettled([Link.connect(options), serving]);
  if (link.status === "rejected") throw link.reason;
  await serving;
  return link.value;
}

function linkTest(name: string, fn: () => Promise<void>): void {
  testNeeding(["net"], name, fn);
}

linkTest("Link.connect() proves the key, and tells what the relay said", async () => {
  let backlog = -1;
  using link = await connect(async (end) => {
    backlog = (await end.hear("HELLO")).backlog;
    await end.shakeHands({ cid: 9, time: 1785571200, mode: "members" });
  }, 17);
  assert.equal(backlog, 17);
  assert.deepEqual(link.welcome, { cid: 9, time: 1785571200, peers: 2, mode: "members" });
});

linkTest("Link.connect() uses another nonce each time", async () => {
  const nonces = new Set<string>();
  for (let i = 0; i < 3; i++) {
    using _link = await connect(async (end) => {
      nonces.add((await end.hear("HELLO")).nonce.toHex());
      await end.shakeHands();
    });
  }
  assert.equal(nonces.size, 3);
});

linkTest("Link.connect() passes over what a guest would get before it is a member", async () => {
  using link = await connect(async (end) => {
    await end.send(fakeToken("before"), "!LATER verb", "!CHAL 2 x open", "noise");
    await end.challenge();
    await end.send(fakeToken("between"), "!PING 1");
    await end.say({ verb: "WELCOME", cid: 3, time: 1, maxBytes: 65_536, peers: 1 });
  });
  assert.equal(link.welcome.cid, 3);
});

linkTest("Link.connect() throws what the relay refuses it with, at each step", async () => {
  const steps: ((end: RelayEnd) => Promise<unknown>)[] = [
    () => Promise.resolve(),
    (end) => end.hear("HELLO"),
    (end) => end.challenge(),
  ];
  const refusals = [
    { code: 401, reason: "auth", isFinal: true },
    { code: 503, reason: "full", isFinal: false },
    { code: 400, reason: "bad line", isFinal: true },
  ];
  for (const step of steps) {
    for (const { code, reason, isFinal } of refusals) {
      const refused = connect(async (end) => {
        await step(end);
        await end.say({ verb: "ERR", error: { code, reason } });
        end.conn.closeWrite();
      });
      await assert.rejects(refused, (error: unknown) => {
        assert.ok(error instanceof RefusedError);
        assert.equal(error.message, `Connection closed by the server: ${code} ${reason}`);
        assert.equal(error.isFinal, isFinal);
        return true;
      });
    }
  }
});

linkTest("Link.connect() says that the server is gone if it goes", async () => {
  const ends: ((end: RelayEnd) => Promise<unknown>)[] = [
    (end) => Promise.resolve(end.kill()),
    (end) => end.hear("HELLO").then(() => end.kill()),
    (end) => end.challenge().then(() => end.kill()),
  ];
  for (const end of ends) {
    await assert.rejects(connect(async (conn) => void await end(conn)), {
      name: "ChatError",
      message: "Connection lost: the server is gone",
    });
  }
});

linkTest("Link.connect() gives up when the server is silent for 10 s", async () => {
  const setTimer = globalThis.setTimeout;
  const speedUp = (callback: () => void, ms = 0) =>
    setTimer(callback, ms === HANDSHAKE_TIMEOUT_MS ? 20 : ms);
  globalThis.setTimeout = speedUp as typeof setTimeout;
  try {
    for (const step of [(end: RelayEnd) => end.hear("HELLO"), (end: RelayEnd) => end.challenge()]) {
      const silent = connect(async (end) => {
        await step(end);
        await end.waitForEnd();
      });
      await within(5, () => "it still waits", assert.rejects(silent, NO_SERVER));
    }
  } finally {
    globalThis.setTimeout = setTimer;
  }
});

linkTest("Link.connect() gives up when nobody has answered for 10 s", async () => {
  const { connect } = Deno;
  const { timeout } = AbortSignal;
  AbortSignal.timeout = (ms) => timeout.call(AbortSignal, ms === CONNECT_TIMEOUT_MS ? 20 : ms);
  // As to an address from which nothing comes back.
  Deno.connect = (({ signal }: { signal?: AbortSignal }) => {
    const { promise, reject } = Promise.withResolvers<never>();
    signal?.addEventListener("abort", () => reject(signal.reason));
    return promise;
  }) as typeof Deno.connect;
  try {
    const options = { hostname: "192.0.2.1", port: 5050, room: ROOM, backlog: 0 };
    await within(
      5,
      () => "it still waits",
      assert.rejects(Link.connect(options), {
        name: "ChatError",
        message: "Cannot connect: no server answers at 192.0.2.1:5050",
      }),
    );
  } finally {
    Object.assign(Deno, { connect });
    AbortSignal.timeout = timeout;
  }
});

linkTest("Link.connect() refuses a line that is too long", async () => {
  const long = connect(async (end) => {
    await end.hear("HELLO");
    await end.send("x".repeat(70_000)).catch(() => {});
  });
  await assert.rejects(long, {
    name: "ChatError",
    message: "Cannot read from the server: it sent a line that is too long",
    hint: "Is there a chat server at this address?",
  });
});

linkTest("Link.connect() tells where nobody answers, and what to do", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  for (const [hostname, host] of [["127.0.0.1", "127.0.0.1"], ["::1", "[::1]"]] as const) {
    const options = { hostname, port, room: ROOM, backlog: 0 };
    await assert.rejects(Link.connect(options), (error: unknown) => {
      assert.ok(error instanceof ChatError);
      assert.equal(error.message, `Cannot connect: no server answers at ${host}:${port}`);
      assert.equal(error.hint, "Check the address and the port, and that the server is running.");
      assert.ok(error.cause instanceof Error);
      return true;
    });
  }
});
