import assert from "node:assert/strict";
import { Gate, type GatePeer } from "../../lib/relay/gate.ts";
import {
  BUSY_BYTES_PER_SECOND,
  CONGESTED_BYTES,
  CONGESTED_BYTES_PER_PEER,
  FULL_LOG_WAIT_MS,
  GUEST_FULL_LOG_WAIT_MS,
  MAX_LIGHT_TURN_MS,
  MAX_SEGMENT_BYTES,
  SLOW_READER_LAG_BYTES,
  TURN_BYTES,
} from "../../lib/relay/limits.ts";
import { Cursor } from "../../lib/relay/log/cursor.ts";
import { BroadcastLog } from "../../lib/relay/log/log.ts";
import {
  GUESTS_BYTES_PER_SECOND,
  MEMBER_RESERVE,
  MEMBERS_RATE,
} from "../../lib/relay/turns/limits.ts";
import { openTurns, type RoomTurns } from "../../lib/relay/turns/room_turns.ts";
import type { PeerClass } from "../../lib/relay/watch/events.ts";

/** A peer of which a test says what it does. */
interface Peer extends GatePeer {
  peerClass: PeerClass;
  readonly cursor: Cursor;
  isStalled: boolean;
  readonly pace: { recentBytes: number; readBytes: number; readonly isBusy: boolean };
}

/** A log of 4 MiB at most, a gate, and peers of which only the first sends. */
function createRoom(count: number, peerClass: PeerClass = "member", turns?: RoomTurns<Peer>) {
  const log = new BroadcastLog();
  const peers = Array.from({ length: count }, () => {
    const pace = {
      recentBytes: 0,
      readBytes: 0,
      get isBusy(): boolean {
        return pace.recentBytes > BUSY_BYTES_PER_SECOND;
      },
    };
    const peer: Peer = { peerClass, cursor: new Cursor(log), isStalled: false, pace };
    return peer;
  });
  const cut: number[] = [];
  const gate = new Gate(log, new Set(peers), {
    turns,
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
  peers[0]!.pace.recentBytes = Infinity;
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
  const { log, gate, peers, cut } = createRoom(1, "guest");
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

test("guests who keep the log full are cut as soon as a member sends", () => {
  const { log, gate, peers, cut } = createRoom(4);
  for (const guest of peers.slice(1, 3)) guest.peerClass = "guest";
  log.append(new Uint8Array(2 * MAX_SEGMENT_BYTES));
  peers[2]!.cursor.advance(2 * MAX_SEGMENT_BYTES);
  peers[2]!.cursor.peek();
  log.append(new Uint8Array(3 * MAX_SEGMENT_BYTES));
  for (const member of [peers[0]!, peers[3]!]) {
    member.cursor.advance(5 * MAX_SEGMENT_BYTES);
    member.cursor.peek();
  }
  assert.equal(gate.isClosedTo(peers[2]!), true);
  assert.deepEqual(cut, []);
  assert.equal(gate.isClosedTo(peers[0]!), false);
  assert.deepEqual(cut, [1]);
});

test("a full log that a member keeps full loses its guests, and still holds everyone back", () => {
  const { log, gate, peers, cut } = createRoom(3);
  peers[1]!.peerClass = "guest";
  log.append(new Uint8Array(5 * MAX_SEGMENT_BYTES));
  assert.equal(gate.isClosedTo(peers[0]!), true);
  assert.deepEqual(cut, [1]);
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
  busy.pace.recentBytes = BUSY_BYTES_PER_SECOND + 1;
  quiet.pace.recentBytes = BUSY_BYTES_PER_SECOND;
  log.append(new Uint8Array(CONGESTED_BYTES_PER_PEER));
  gate.measure();
  assert.equal(gate.isClosedTo(busy), false);
  log.append(new Uint8Array(1));
  gate.measure();
  assert.equal(gate.isClosedTo(busy), true);
  assert.equal(gate.isClosedTo(quiet), false);
});

test("64 MiB that are queued for all together are much, however many there are", () => {
  assert.equal(CONGESTED_BYTES, 64 * 1024 * 1024);
  const { log, gate, peers } = createRoom(256);
  const [busy] = peers as [Peer];
  busy.pace.recentBytes = Infinity;
  log.append(new Uint8Array(CONGESTED_BYTES / peers.length));
  gate.measure();
  assert.equal(gate.isClosedTo(busy), false);
  log.append(new Uint8Array(1));
  gate.measure();
  assert.equal(gate.isClosedTo(busy), true);
});

test("check() finds out that little by little too much was queued", () => {
  const { log, gate, peers } = createRoom(3);
  const [busy] = peers as [Peer];
  busy.pace.recentBytes = Infinity;
  const step = CONGESTED_BYTES_PER_PEER / 64;
  for (let queued = step; !gate.isClosedTo(busy); queued += step) {
    log.append(new Uint8Array(step));
    // Each step is a turn of its own.
    gate.note(peers[0]!, 1, step, queued);
    gate.check();
    assert.ok(queued <= CONGESTED_BYTES_PER_PEER * 9 / 8 + step, `${queued} bytes for each`);
  }
  assert.ok(log.end > CONGESTED_BYTES_PER_PEER);
});

test("check() takes no look at the peers while little was appended", () => {
  const { log, gate, peers } = createRoom(100);
  let looks = 0;
  for (const { cursor } of peers) {
    Object.defineProperty(cursor, "lag", { get: () => looks++ });
  }
  for (let line = 1; line <= 10; line++) {
    log.append(new Uint8Array(141));
    gate.note(peers[0]!, 1, 141, 10 * line);
    gate.check();
  }
  assert.equal(looks, 0);
});

test("those who do not read hold nobody back", () => {
  const { log, gate, peers } = createRoom(10);
  const [busy, ...others] = peers as [Peer, ...Peer[]];
  busy.pace.recentBytes = Infinity;
  log.append(new Uint8Array(2 * SLOW_READER_LAG_BYTES));
  for (const peer of [busy, ...others.slice(0, 4)]) peer.cursor.advance(log.end);
  for (const peer of others.slice(4)) peer.isStalled = true;
  gate.measure();
  assert.equal(gate.isClosedTo(busy), false);
});

test("a turn takes so much from busy senders, and who sent least goes first after it", async () => {
  const { gate, peers } = createRoom(3);
  const [most, more, quiet] = peers as [Peer, Peer, Peer];
  most.pace.recentBytes = 3 * BUSY_BYTES_PER_SECOND;
  more.pace.recentBytes = 2 * BUSY_BYTES_PER_SECOND;
  gate.note(peers[0]!, 1, TURN_BYTES, 0);
  assert.deepEqual(peers.map((peer) => gate.isClosedTo(peer)), [true, true, false]);
  const order: Peer[] = [];
  const waits = [most, more].map((peer) => gate.wait(peer).then(() => order.push(peer)));
  await Promise.all(waits);
  assert.deepEqual(order.map((peer) => peers.indexOf(peer)), [1, 0]);
  assert.equal(gate.isClosedTo(quiet), false);
  assert.equal(gate.isClosedTo(most), false);
});

test("what was appended long ago is not of this turn, unless the turn is known to go on", async () => {
  const { gate, peers } = createRoom(3);
  const [busy] = peers as [Peer];
  busy.pace.recentBytes = Infinity;
  gate.note(peers[0]!, 1, TURN_BYTES, 0);
  gate.note(peers[0]!, 1, 1, MAX_LIGHT_TURN_MS);
  assert.equal(gate.isClosedTo(busy), true);
  gate.note(peers[0]!, 1, 1, MAX_LIGHT_TURN_MS + 1);
  assert.equal(gate.isClosedTo(busy), false);
  gate.note(peers[0]!, 1, TURN_BYTES, MAX_LIGHT_TURN_MS + 2);
  gate.check();
  gate.note(peers[0]!, 1, 1, 3 * MAX_LIGHT_TURN_MS);
  assert.equal(gate.isClosedTo(busy), true);
  await gate.wait(busy);
  assert.equal(gate.isClosedTo(busy), false);
});

test("guests that cost too much wait, however little each sends, and members do not", async () => {
  const { gate, peers } = createRoom(2, "guest", openTurns(performance.now()));
  const [guest, member] = peers as [Peer, Peer];
  member.peerClass = "member";
  gate.note(member, 1, 1, performance.now());
  assert.equal(gate.isClosedTo(guest), false);
  // 50 ms over what they may cost in the second that comes at once.
  gate.note(guest, 1, 1.05 * GUESTS_BYTES_PER_SECOND / peers.length, performance.now());
  assert.deepEqual(peers.map((peer) => gate.isClosedTo(peer)), [true, false]);
  const start = performance.now();
  while (gate.isClosedTo(guest)) await gate.wait(guest);
  assert.ok(performance.now() - start > 40);
});

test("members that send too much together wait, whoever sends it, and guests do not", async () => {
  const { gate, peers } = createRoom(3, "member", openTurns(performance.now()));
  const [flooder, another, guest] = peers as [Peer, Peer, Peer];
  guest.peerClass = "guest";
  for (const peer of peers) peer.pace.readBytes = 2 * MEMBER_RESERVE.burst;
  // 50 ms over what they may send at once.
  const lines = MEMBERS_RATE.linesBurst + MEMBERS_RATE.linesPerSecond / 20;
  gate.note(flooder, lines, 1, performance.now());
  assert.deepEqual(peers.map((peer) => gate.isClosedTo(peer)), [true, true, false]);
  const start = performance.now();
  while (gate.isClosedTo(another)) await gate.wait(another);
  assert.ok(performance.now() - start > 40);
});

test("isClosedTo() holds everyone while a carrier is full, and wait() asks the carrier", async () => {
  const log = new BroadcastLog();
  const pace = { recentBytes: 0, readBytes: 0, isBusy: false };
  const peer: Peer = { peerClass: "member", cursor: new Cursor(log), isStalled: false, pace };
  const room = Promise.withResolvers<void>();
  const carrier = { isFull: true, untilRoom: () => room.promise };
  const gate = new Gate(log, new Set([peer]), { maxLogBytes: 1, cut: () => {}, carrier });
  assert.equal(gate.isClosedTo(peer), true);
  let isOver = false;
  const waiting = gate.wait(peer).then(() => isOver = true);
  await undefined;
  assert.equal(isOver, false);
  carrier.isFull = false;
  room.resolve();
  await waiting;
  assert.equal(gate.isClosedTo(peer), false);
});

test("untilRoom() waits until the log has room, and cuts who keeps it full", async () => {
  const { log, peers, gate, cut } = createRoom(2, "guest");
  for (let i = 0; i < 6; i++) log.append(new Uint8Array(MAX_SEGMENT_BYTES));
  assert.equal(gate.isFull, true);
  await gate.untilRoom();
  assert.equal(gate.isFull, false);
  assert.deepEqual(cut, [0, 1]);
  gate.noteOthers(1);
  assert.ok(peers.every(({ cursor }) => cursor.isParked));
});
