import assert from "node:assert/strict";
import {
  LINGER_MS,
  MAX_LINGER_BYTES,
  MAX_LINGERING,
  STOP_LINGER_MS,
} from "../../../lib/relay/limits.ts";
import { closeGently, closeQuietly, Departures } from "../../../lib/relay/peer/departure.ts";
import type { CloseReason } from "../../../lib/relay/watch/events.ts";
import { fakeConn } from "../../support/fake_conn.ts";
import { pureTest } from "../../support/pure.ts";
import { within } from "../../support/within.ts";

/** A connection that notes what is done, and ends its input after some reads. */
function createConn(reads = 0, bytesPerRead = 1) {
  const done: string[] = [];
  const conn = fakeConn({
    write(bytes) {
      done.push(new TextDecoder().decode(bytes));
      return Promise.resolve(bytes.length);
    },
    closeWrite: () => Promise.resolve(void done.push("closeWrite")),
    read() {
      done.push("read");
      return Promise.resolve(reads-- > 0 ? bytesPerRead : null);
    },
    close: () => void done.push("close"),
  });
  return { conn, done };
}

/** A peer with such a connection. */
function createPeer({ isAtLineEnd = true, isTalking = false }) {
  const { conn, done } = createConn();
  const writer = { isAtLineEnd, drain: (ms: number) => Promise.resolve(void done.push(`${ms}`)) };
  const release = () => {
    // The writer's line is over once it has left the log.
    writer.isAtLineEnd = false;
    return conn;
  };
  return { peer: { writer, isTalking, release }, done };
}

pureTest("closeGently() writes, ends the output, reads to the end, and closes", async () => {
  const { conn, done } = createConn(2);
  await closeGently(conn, new TextEncoder().encode("!ERR\n"));
  assert.deepEqual(done, ["!ERR\n", "closeWrite", "read", "read", "read", "close"]);
});

pureTest("closeGently() drops 1 MiB and no more", async () => {
  const { conn, done } = createConn(Infinity, 16 * 1024);
  await closeGently(conn);
  assert.equal(done.filter((each) => each === "read").length, MAX_LINGER_BYTES / (16 * 1024));
  assert.equal(done.at(-1), "close");
});

pureTest("closeGently() closes when time is up, and when the other side was faster", async () => {
  const { promise, reject } = Promise.withResolvers<number>();
  let closed = 0;
  const close = () => {
    closed++;
    reject(new Deno.errors.BadResource());
  };
  const closeWrite = () => Promise.resolve();
  await closeGently(fakeConn({ closeWrite, read: () => promise, close }), undefined, 10);
  assert.equal(closed, 2);
  const reset = () => Promise.reject(new Deno.errors.ConnectionReset());
  await closeGently(fakeConn({ closeWrite: reset, close: () => void closed++ }));
  assert.equal(closed, 3);
});

pureTest("closeQuietly() throws nothing but what is unexpected", () => {
  const fail = (error: Error) => () => {
    throw error;
  };
  closeQuietly({ close: fail(new Deno.errors.BadResource()) });
  assert.throws(() => closeQuietly({ close: fail(new TypeError("x")) }), TypeError);
});

pureTest("dismiss() says why a peer goes where there is something to say", async () => {
  const lines: Partial<Record<CloseReason, RegExp>> = {
    "bad line": /^!ERR 400 bad line\n$/,
    "too slow": /^!ERR 429 too slow\n$/,
    "full": /^!ERR 503 full\n$/,
    "no proxy header": /^!ERR 400 bad line\n$/,
    "http": /^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\n$/,
    "auth": /^!ERR 401 auth\n$/,
  };
  for (const [reason, line] of Object.entries(lines)) {
    const { conn, done } = createConn();
    await new Departures().dismiss(conn, reason as CloseReason);
    assert.match(done[0]!, line);
    assert.equal(done.at(-1), "close");
  }
  for (const reason of ["end", "reset", "stopped", "probe"] as const) {
    const { conn, done } = createConn();
    await new Departures().dismiss(conn, reason);
    assert.deepEqual(done, ["close"]);
  }
});

pureTest("dismiss() says it to 32 connections at once, and again when one has gone", async () => {
  const departures = new Departures();
  const { promise, resolve } = Promise.withResolvers<number | null>();
  const [write, closeWrite] = [
    (b: Uint8Array) => Promise.resolve(b.length),
    () => Promise.resolve(),
  ];
  const slow = fakeConn({ write, closeWrite, read: () => promise, close() {} });
  const all = Array.from({ length: MAX_LINGERING - 1 }, () => departures.dismiss(slow, "full"));
  const last = createConn();
  await departures.dismiss(last.conn, "full");
  assert.ok(last.done.includes("closeWrite"));
  all.push(departures.dismiss(slow, "full"));
  const further = createConn();
  await departures.dismiss(further.conn, "full");
  assert.deepEqual(further.done, ["close"]);
  const monitor = createConn();
  await departures.dismiss(monitor.conn, "http");
  assert.match(monitor.done[0]!, /^HTTP\/1\.1 200 OK\r\n/);
  assert.equal(monitor.done.at(-1), "close");
  resolve(null);
  await Promise.all(all);
  const later = createConn();
  await departures.dismiss(later.conn, "full");
  assert.ok(later.done.includes("closeWrite"));
});

pureTest("close() says nothing in the middle of a line", async () => {
  for (const isAtLineEnd of [true, false]) {
    const { peer, done } = createPeer({ isAtLineEnd });
    await new Departures().close(peer, "full");
    assert.equal(done.length > 1, isAtLineEnd);
    assert.equal(done.at(-1), "close");
  }
});

pureTest("close() tells of the relay's stop those who are sending, at a line's end", async () => {
  for (const isAtLineEnd of [true, false]) {
    for (const isTalking of [true, false]) {
      const { peer, done } = createPeer({ isAtLineEnd, isTalking });
      await new Departures().close(peer, "stopped");
      assert.equal(done[0]!.startsWith("!ERR "), isAtLineEnd && isTalking);
      assert.equal(done.at(-1), "close");
    }
  }
});

pureTest("close() waits a second for the other side, a quarter where the relay stops", async () => {
  assert.deepEqual([LINGER_MS, STOP_LINGER_MS], [1000, 250]);
  const setTimer = globalThis.setTimeout;
  const waits: number[] = [];
  const speedUp = (callback: () => void, ms = 0) => {
    waits.push(ms);
    return setTimer(callback, ms === LINGER_MS || ms === STOP_LINGER_MS ? 10 : ms);
  };
  for (const [reason, ms] of [["full", LINGER_MS], ["stopped", STOP_LINGER_MS]] as const) {
    const { promise, resolve } = Promise.withResolvers<null>();
    const closeWrite = () => Promise.resolve();
    const write = (bytes: Uint8Array) => Promise.resolve(bytes.length);
    const conn = fakeConn({ write, closeWrite, read: () => promise, close: () => resolve(null) });
    const { peer } = createPeer({ isTalking: true });
    globalThis.setTimeout = speedUp as typeof setTimeout;
    const closing = new Departures().close({ ...peer, release: () => conn }, reason);
    globalThis.setTimeout = setTimer;
    await within(5, () => "it still waits", closing);
    assert.deepEqual(waits.splice(0), [ms]);
  }
});

pureTest("drain() writes no more to those who do not read", async () => {
  const cases = [["end", ["2000"]], ["full", ["2000"]], ["reset", []], ["too slow", []]] as const;
  for (const [reason, expected] of cases) {
    const { peer, done } = createPeer({});
    await new Departures().drain(peer, reason);
    assert.deepEqual(done, expected);
  }
});
