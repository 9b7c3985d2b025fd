import assert from "node:assert/strict";
import { STEADY_MS } from "../../lib/client/limits.ts";
import { Reconnection } from "../../lib/client/reconnection.ts";
import { RefusedError } from "../../lib/errors.ts";
import { pureTest } from "../support/pure.ts";

const RECONNECT_MS = 60_000;

/** A reconnection at a clock that the test moves; its waits take no time. */
function setUp() {
  const clock = { now: 0 };
  const waits: number[] = [];
  const reconnection = new Reconnection({
    reconnectMs: RECONNECT_MS,
    monotonic: () => clock.now,
    random: () => 1,
  });
  const { signal } = new AbortController();
  const connect = async (attempt = () => Promise.resolve("connected")) => {
    const setTimer = globalThis.setTimeout;
    globalThis.setTimeout = ((callback: () => void, ms: number) => {
      waits.push(ms);
      queueMicrotask(callback);
      return 0;
    }) as unknown as typeof setTimeout;
    try {
      return await reconnection.connect(attempt, signal);
    } finally {
      globalThis.setTimeout = setTimer;
    }
  };
  /** A connection that is live for so long, and then silent for so long. */
  const loseAfter = (liveMs: number, silentMs = 0) => {
    reconnection.noteLive();
    clock.now += liveMs + silentMs;
    reconnection.noteEnd(silentMs);
  };
  return { clock, waits, reconnection, connect, loseAfter };
}

pureTest("Reconnection waits longer after each connection that ends soon", async () => {
  const { waits, connect, loseAfter } = setUp();
  loseAfter(STEADY_MS);
  for (let i = 0; i < 4; i++) {
    await connect();
    loseAfter(STEADY_MS - 1);
  }
  assert.deepEqual(waits, [500, 1000, 2000, 4000]);
});

pureTest("Reconnection begins anew after a connection that was steady", async () => {
  const { waits, connect, loseAfter } = setUp();
  for (const liveMs of [0, 0, STEADY_MS]) {
    loseAfter(liveMs);
    await connect();
  }
  assert.deepEqual(waits, [500, 1000, 500]);
});

pureTest("Reconnection takes silence for no connection", async () => {
  const { waits, connect, loseAfter } = setUp();
  for (let i = 0; i < 3; i++) {
    loseAfter(0, 2 * STEADY_MS);
    await connect();
  }
  assert.deepEqual(waits, [500, 1000, 2000]);
});

pureTest("Reconnection is over when no connection was steady for the whole time", () => {
  const { clock, reconnection, loseAfter } = setUp();
  assert.equal(reconnection.isOver, false);
  loseAfter(0);
  clock.now += RECONNECT_MS - 1;
  assert.equal(reconnection.isOver, false);
  loseAfter(1);
  assert.equal(reconnection.isOver, true);
  loseAfter(STEADY_MS);
  assert.equal(reconnection.isOver, false);
});

pureTest("Reconnection.connect() ends at a refusal for good, and when time is over", async () => {
  const { clock, connect, loseAfter, waits } = setUp();
  loseAfter(STEADY_MS);
  const refusal = new RefusedError({ code: 401, reason: "auth" });
  await assert.rejects(connect(() => Promise.reject(refusal)), RefusedError);
  const attempt = () => {
    clock.now += RECONNECT_MS / 2;
    return Promise.reject(new Error("no"));
  };
  await assert.rejects(connect(attempt), { message: "no" });
  assert.equal(waits.length, 1 + 2);
});
