import assert from "node:assert/strict";
import { Cursor } from "../../../lib/relay/log/cursor.ts";
import { BroadcastLog } from "../../../lib/relay/log/log.ts";
import { Allowance, GuestAllowances } from "../../../lib/relay/peer/allowance.ts";
import { Peer } from "../../../lib/relay/peer/peer.ts";
import { createStats } from "../../../lib/relay/watch/stats.ts";
import { fakeConn } from "../../support/fake_conn.ts";
import { fakeToken } from "../../support/raw_client.ts";

const LINE = new TextEncoder().encode(fakeToken("-line-") + "\n");

/** A peer that sends so many lines and ends, one a read, at a rate; nobody else is there. */
function createPeer(
  lines: number,
  linesPerSecond: number,
  more: { now?: () => number; allowances?: GuestAllowances } = {},
  readChunk?: (target: Uint8Array) => number | null,
) {
  const stats = createStats();
  const seen = {
    published: 0,
    controls: 0,
    get throttled() {
      return stats.throttled;
    },
  };
  const gate = {
    isClosed: false,
    isClosedTo: () => gate.isClosed,
    wait: () => new Promise<void>((resolve) => setTimeout(resolve, 0)),
  };
  const host = {
    arrivals: { settled: () => Promise.resolve() },
    room: { gate, publish: () => void seen.published++, count() {} },
    controlLines: {
      take: () => {
        assert.ok(readChunk, "there was a control line");
        seen.controls++;
      },
      refuse: () => assert.fail("the peer is in the room"),
    },
    stats,
  };
  const read = (target: Uint8Array) => {
    if (readChunk) return Promise.resolve(readChunk(target));
    if (lines-- === 0) return Promise.resolve(null);
    target.set(LINE);
    return Promise.resolve(LINE.length);
  };
  const { allowances } = more;
  const rate = { linesPerSecond, linesBurst: 0, bytesPerSecond: 1e9, bytesBurst: 1e9 };
  const peer = new Peer({
    cid: 1,
    conn: fakeConn({ read }),
    now: more.now,
    cursor: new Cursor(new BroadcastLog()),
    allowance: (now) => allowances?.open("a", now) ?? new Allowance(rate, now),
    deadline: undefined,
    host,
  });
  peer.hasPlace = true;
  return { peer, seen, gate };
}

/** Lets the peer read until it is held back. */
async function untilThrottled(seen: { readonly throttled: number }): Promise<void> {
  for (let turns = 0; seen.throttled === 0; turns++) {
    assert.ok(turns < 10_000, "it was not held back");
    await Promise.resolve();
  }
}

function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, permissions: "none", fn });
}

test("a peer that is over its rate for ever adds nothing to what waits for its end", async () => {
  const { peer, seen } = createPeer(50, 1000);
  let waiting = 0;
  const { expelled } = peer;
  expelled.then = (...args) => {
    waiting++;
    return Promise.prototype.then.apply(expelled, args) as never;
  };
  assert.equal(await Promise.race([peer.read(), expelled]), "end");
  assert.deepEqual(seen, { published: 50, controls: 0, throttled: 50 });
  assert.equal(waiting, 1);
});

test("a peer that had to wait for more than a second is not busy any more", async () => {
  const clock = { now: 5000 };
  const { peer } = createPeer(200, 1e9, { now: () => clock.now });
  await peer.read();
  assert.equal(peer.pace.recentBytes, 200 * LINE.length);
  assert.equal(peer.pace.isBusy, true);
  clock.now += 1000;
  assert.equal(peer.pace.isBusy, true);
  clock.now += 1;
  assert.equal(peer.pace.recentBytes, 0);
  assert.equal(peer.pace.isBusy, false);
});

test("expel() ends the wait of a peer that is held back, and nothing is taken after it", async () => {
  const { peer, seen, gate } = createPeer(3, 1e9);
  gate.isClosed = true;
  const reading = peer.read();
  await new Promise((resolve) => setTimeout(resolve, 10));
  assert.equal(peer.isTalking, true);
  peer.expel("stopped");
  assert.equal(await reading, "reset");
  assert.equal(seen.published, 0);
});

test("expel() ends the pause of a peer that is over its rate, and nothing is taken after it", async () => {
  const { peer, seen } = createPeer(3, 0.001);
  const reading = peer.read();
  // The first read and its line are over after a few promise jobs.
  await untilThrottled(seen);
  peer.expel("stopped");
  assert.equal(await peer.expelled, "stopped");
  assert.equal(await reading, "reset");
  assert.equal(seen.published, 1);
});

test("a deadline is put off by the time that a peer is held back", async () => {
  const { peer, gate } = createPeer(1, 1e9);
  peer.deadline = { at: 1000, reason: "auth" };
  gate.isClosed = true;
  const reading = peer.read();
  await new Promise((resolve) => setTimeout(resolve, 30));
  gate.isClosed = false;
  assert.equal(await reading, "end");
  assert.ok(peer.deadline.at >= 1028 && peer.deadline.at < 6000, `${peer.deadline.at}`);
});

test("a peer gets what the others get once its first line has ended, and not before", async () => {
  const chunks = ["!HEL", "LO", ...[LINE].map((line) => `\n${new TextDecoder().decode(line)}`)];
  const log: string[] = [];
  const { peer } = createPeer(chunks.length, 1e9, {}, (target) => {
    const chunk = chunks.shift();
    log.push(chunk ?? "end");
    return chunk === undefined ? null : new TextEncoder().encodeInto(chunk, target).written;
  });
  peer.writer.release = () => void log.push("release");
  await peer.read();
  assert.deepEqual(log.slice(0, 2), ["!HEL", "LO"]);
  assert.deepEqual(log.slice(3), ["release", "end"]);
});

/** A peer of a network that owes some seconds, which says something in each read and then ends. */
function createDebtor(chunks: string[]) {
  const allowances = new GuestAllowances();
  allowances.open("a", performance.now()).spend(2800, 0, performance.now());
  return createPeer(0, 1e9, { allowances }, (target) => {
    const chunk = chunks.shift();
    return chunk === undefined ? null : new TextEncoder().encodeInto(chunk, target).written;
  });
}

test("a guest whose network has sent too much says hello and proves the key at once", async () => {
  const { peer, seen, gate } = createDebtor(["!HELLO\n", "!AUTH\n"]);
  gate.isClosed = true;
  const start = performance.now();
  assert.equal(await peer.read(), "end");
  assert.ok(performance.now() - start < 500);
  assert.deepEqual([seen.controls, seen.throttled], [2, 0]);
});

test("a guest whose network has sent too much waits before its first token is taken", async () => {
  const line = new TextDecoder().decode(LINE);
  for (const chunks of [[line], [`!HELLO\n${line}`], ["!A\n", "!B\n", "!C\n", "!D\n"]]) {
    const { peer, seen } = createDebtor(chunks);
    const wanted = chunks.length - 1;
    const reading = peer.read();
    await untilThrottled(seen);
    assert.deepEqual([seen.published, seen.controls], [0, wanted]);
    peer.expel("stopped");
    await reading;
    assert.equal(seen.published, 0);
  }
});
