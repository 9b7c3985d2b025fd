import assert from "node:assert/strict";
import {
  BUSY_BYTES_PER_SECOND,
  CONGESTED_BYTES_PER_PEER,
  FULL_LOG_WAIT_MS,
  GUEST_FULL_LOG_WAIT_MS,
  MAX_SEGMENT_BYTES,
  SLOW_READER_LAG_BYTES,
  TURN_BYTES,
} from "../../lib/limits.ts";
import { Gate } from "../../lib/relay/gate.ts";
import type { PeerClass } from "../../lib/relay/events.ts";
import { BroadcastLog } from "../../lib/relay/log.ts";
import type { Peer } from "../../lib/relay/peer.ts";

/** A log of 4 MiB at most, a gate, and peers of which only the first sends. */
function createRoom(count: number, peerClass: PeerClass = "guest") {
  const log = new BroadcastLog();
  const peers = Array.from({ length: count }, () => {
    const fake = {
      peerClass,
      cursor: log.openCursor(),
      isStalled: false,
      recentBytes: 0,
      get isBusy(): boolean {
        return fake.recentBytes > BUSY_BYTES_PER_SECOND;
      },
    };
    return fake as unknown as Peer;
  });
  const cut: number[] = [];
  const gate = new Gate(log, new Set(peers), {
    maxLogBytes: 4 * MAX_SEGMENT_BYTES,
    cut(peer) {
      cut.push(peers.indexOf(peer));
      peer.cursor.close();
    },
  });
  return { log, peers, gate, cut };
}

function test(name: string, fn: () => void | Promise<void>): void {
  Deno.test({ name, permissions: "none", fn });
}

test("isClosedTo() is false while nothing is queued", () => {
  const { gate, peers } = createRoom(3);
  peers[0]!.recentBytes = Infinity;
  gate.measure();
  assert.equal(gate.isClosedTo(peers[0]!), false);
});

const PATIENCE = [["guest", GUEST_FULL_LOG_WAIT_MS], ["member", FULL_LOG_WAIT_MS]] as const;
for (const [peerClass, ms] of PATIENCE) {
  test(`a full log holds everyone back, and a ${peerClass} who keeps it so is cut after ${ms} ms`, async () => {
    const { log, gate, peers, cut } = createRoom(3, peerClass);
    log.append(new Uint8Array(5 * MAX_SEGMENT_BYTES));
    for (const peer of peers.slice(0, 2)) {
      peer.cursor.advance(5 * MAX_SEGMENT_BYTES);
      peer.cursor.peek();
    }
    assert.equal(gate.isClosedTo(peers[0]!), true);
    const start = performance.now();
    while (gate.isClosedTo(peers[0]!)) await gate.wait(peers[0]!);
    const waited = performance.now() - start;
    assert.ok(waited >= ms - 1 && waited < 3 * ms, `${waited} ms`);
    assert.deepEqual(cut, [2]);
  });
}

test("a log that stays full cuts nobody who goes on from segment to segment", async () => {
  const { log, gate, peers, cut } = createRoom(1);
  const [{ cursor }] = peers as [Peer];
  log.append(new Uint8Array(8 * MAX_SEGMENT_BYTES));
  const start = performance.now();
  let nextAt = start;
  while (performance.now() - start < 3 * GUEST_FULL_LOG_WAIT_MS) {
    await gate.wait(peers[0]!);
    if (performance.now() < nextAt) continue;
    nextAt += GUEST_FULL_LOG_WAIT_MS / 5;
    log.append(new Uint8Array(MAX_SEGMENT_BYTES));
    cursor.advance(MAX_SEGMENT_BYTES);
    cursor.peek();
  }
  assert.deepEqual(cut, []);
});

test("a full log opens as soon as there is room", async () => {
  const { log, gate, peers, cut } = createRoom(2);
  log.append(new Uint8Array(5 * MAX_SEGMENT_BYTES));
  const waiting = gate.wait(peers[0]!);
  for (const peer of peers) {
    peer.cursor.advance(5 * MAX_SEGMENT_BYTES);
    peer.cursor.peek();
  }
  await waiting;
  assert.equal(gate.isClosedTo(peers[0]!), false);
  assert.deepEqual(cut, []);
});

test("much that is queued holds busy senders back, and nobody else", () => {
  const { log, gate, peers } = createRoom(2);
  const [busy, quiet] = peers as [Peer, Peer];
  busy.recentBytes = BUSY_BYTES_PER_SECOND + 1;
  quiet.recentBytes = BUSY_BYTES_PER_SECOND;
  log.append(new Uint8Array(CONGESTED_BYTES_PER_PEER));
  gate.measure();
  assert.equal(gate.isClosedTo(busy), false);
  log.append(new Uint8Array(1));
  gate.measure();
  assert.equal(gate.isClosedTo(busy), true);
  assert.equal(gate.isClosedTo(quiet), false);
});

test("those who do not read hold nobody back", () => {
  const { log, gate, peers } = createRoom(10);
  const [busy, ...others] = peers as [Peer, ...Peer[]];
  busy.recentBytes = Infinity;
  log.append(new Uint8Array(2 * SLOW_READER_LAG_BYTES));
  for (const peer of [busy, ...others.slice(0, 4)]) peer.cursor.advance(log.end);
  for (const peer of others.slice(4)) peer.isStalled = true;
  gate.measure();
  assert.equal(gate.isClosedTo(busy), false);
});

test("a turn takes so much from busy senders, and who sent least goes first after it", async () => {
  const { gate, peers } = createRoom(3);
  const [most, more, quiet] = peers as [Peer, Peer, Peer];
  most.recentBytes = 3 * BUSY_BYTES_PER_SECOND;
  more.recentBytes = 2 * BUSY_BYTES_PER_SECOND;
  gate.note(TURN_BYTES);
  assert.deepEqual(peers.map((peer) => gate.isClosedTo(peer)), [true, true, false]);
  const order: Peer[] = [];
  const waits = [most, more].map((peer) => gate.wait(peer).then(() => order.push(peer)));
  await Promise.all(waits);
  assert.deepEqual(order.map((peer) => peers.indexOf(peer)), [1, 0]);
  assert.equal(gate.isClosedTo(quiet), false);
  assert.equal(gate.isClosedTo(most), false);
});
