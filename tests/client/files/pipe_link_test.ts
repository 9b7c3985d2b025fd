import assert from "node:assert/strict";
import { NoPipesError, PipeLink } from "../../../lib/client/files/pipe_link.ts";
import { RefusedError } from "../../../lib/errors.ts";
import { FakeRelay } from "../../support/fake_relay.ts";
import { ROOM } from "../../support/member_client.ts";
import { testNeeding } from "../../support/needs.ts";
import { withRelay } from "../../support/relay.ts";

const NAME = new Uint8Array(16).fill(0x33);

function open(port: number, signal = new AbortController().signal): Promise<PipeLink> {
  return PipeLink.open({ hostname: "127.0.0.1", port, room: ROOM, name: NAME, signal });
}

testNeeding(["net"], "open() joins two ends, and what follows is the other one's", async () => {
  await withRelay({ mode: "members" }, async (port) => {
    const [a, b] = await Promise.all([open(port), open(port)]);
    using _a = a;
    using _b = b;
    await a.write(new Uint8Array([1, 2, 3]));
    const into = new Uint8Array(3);
    assert.equal(await b.fill(into), 3);
    assert.deepEqual(into, new Uint8Array([1, 2, 3]));
    await a.finish();
    assert.equal(await b.fill(into), 0);
  });
});

testNeeding(["net"], "open() says that the relay has no pipe, and that it ended", async () => {
  await withRelay({ maxPipes: 0 }, async (port) => {
    await assert.rejects(
      open(port),
      (error) => error instanceof RefusedError && error.code === 503,
    );
    const stop = new AbortController();
    stop.abort();
    await assert.rejects(open(port, stop.signal), { name: "ChatError" });
  });
});

testNeeding(["net"], "open() leaves a relay at once that knows no pipes", async () => {
  using relay = new FakeRelay();
  const opening = open(relay.port);
  const admitting = relay.admit();
  await assert.rejects(opening, NoPipesError);
  await (await admitting).waitForEnd();
});

testNeeding(["net"], "open() ends with its signal while nobody comes", async () => {
  await withRelay({}, async (port, relay) => {
    const stop = new AbortController();
    const opening = open(port, stop.signal);
    while (relay.stats.pipes === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    stop.abort();
    await assert.rejects(opening, { message: "the connection for the file was lost" });
    while (relay.stats.pipes > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  });
});
