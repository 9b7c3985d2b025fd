import assert from "node:assert/strict";
import { acceptAll, prepare } from "../../../lib/relay/door/listener.ts";
import { ACCEPT_RECOVERY_MS, ACCEPT_RETRY_MS } from "../../../lib/relay/limits.ts";
import type { RelayEvent } from "../../../lib/relay/watch/events.ts";
import { testNeeding } from "../../support/needs.ts";

/** Accepts on a real listener that fails as often as it is told before. */
async function accept(errors: Error[], fn: (event: () => Promise<void>) => Promise<void>) {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const accept = listener.accept.bind(listener);
  listener.accept = () => errors.length > 0 ? Promise.reject(errors.shift()!) : accept();
  const events: RelayEvent[] = [];
  const stop = new AbortController();
  const conns = acceptAll(listener, stop.signal, (event) => events.push(event));
  const next = async () => {
    using _client = await Deno.connect({ hostname: "127.0.0.1", port: listener.addr.port });
    const { value } = await conns.next();
    assert.ok(value);
    prepare(value);
    value.close();
  };
  await fn(next);
  stop.abort();
  assert.equal((await conns.next()).done, true);
  return events;
}

testNeeding(["net"], "acceptAll() goes on at once after a client that was gone", async () => {
  const { NotConnected, ConnectionReset, ConnectionAborted } = Deno.errors;
  const start = performance.now();
  const errors = [new NotConnected(), new ConnectionReset(), new ConnectionAborted()];
  assert.deepEqual(await accept(errors, (next) => next()), []);
  assert.ok(performance.now() - start < 3 * ACCEPT_RETRY_MS);
});

testNeeding(["net"], "acceptAll() waits after a failure, and tells of several once", async () => {
  const start = performance.now();
  const errors = [new Error("too many"), new Error("again")];
  const events = await accept(errors, (next) => next());
  assert.ok(performance.now() - start >= 2 * ACCEPT_RETRY_MS - 2);
  assert.deepEqual(events, [{ kind: "accept failed", message: "too many" }]);
});

testNeeding(["net"], "acceptAll() tells that accepting works again, once", async () => {
  const events = await accept([new Error("too many")], async (next) => {
    await next();
    await new Promise((resolve) => setTimeout(resolve, ACCEPT_RECOVERY_MS + 50));
    await next();
    await next();
  });
  assert.deepEqual(events.map(({ kind }) => kind), ["accept failed", "accepting again"]);
});
