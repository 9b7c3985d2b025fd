import assert from "node:assert/strict";
import { MAX_SEGMENT_BYTES, MAX_UNFILED_BYTES } from "../../lib/relay/limits.ts";
import { concat } from "../../lib/bytes/concat.ts";
import { Handshake } from "../../lib/relay/peer/handshake.ts";
import { Peer } from "../../lib/relay/peer/peer.ts";
import { Room } from "../../lib/relay/room.ts";
import type { RelayEvent } from "../../lib/relay/watch/events.ts";
import { createStats } from "../../lib/relay/watch/stats.ts";
import { fakeConn } from "../support/fake_conn.ts";
import { fakeToken } from "../support/raw_client.ts";

/** The line of a given number. */
function lineOf(number: number): Uint8Array {
  return new TextEncoder().encode(fakeToken(`-${number}-`) + "\n");
}

/** A room, and peers in it that take everything at once. */
function createRoom(
  rateLimit = false,
  now?: () => number,
  report: (event: RelayEvent) => void = () => {},
) {
  const stats = createStats();
  const room = new Room({ backlogLines: 200, rateLimit, stats, now, report });
  const arrivals = { settled: () => Promise.resolve() };
  const controlLines = { take() {}, refuse() {} };
  let connections = 0;
  const createPeer = () => {
    let text = "";
    const write = (bytes: Uint8Array) => {
      text += new TextDecoder().decode(bytes);
      return Promise.resolve(bytes.length);
    };
    const peer = new Peer({
      cid: ++connections,
      conn: fakeConn({ write }),
      cursor: room.openCursor(),
      allowance: undefined,
      deadline: undefined,
      host: { arrivals, room, controlLines, stats },
    });
    peer.writer.release();
    return { peer, text: () => text };
  };
  return { room, createPeer, stats };
}

/** Waits for what happens without the event loop. */
async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await undefined;
}

function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, permissions: "none", fn });
}

test("publish() writes to all but the sender, without the event loop", async () => {
  const { room, createPeer } = createRoom();
  const all = Array.from({ length: 4 }, createPeer);
  for (const { peer } of all) room.enter(peer);
  room.publish(all[1]!.peer, lineOf(1), 1);
  await settle();
  const line = new TextDecoder().decode(lineOf(1));
  assert.deepEqual(all.map(({ text }) => text()), [line, "", line, line]);
});

test("leave() ends what is written to one, and to nobody else", async () => {
  const { room, createPeer } = createRoom();
  const all = Array.from({ length: 4 }, createPeer);
  for (const { peer } of all) room.enter(peer);
  // The second time it is not there.
  for (let i = 0; i < 2; i++) room.leave(all[1]!.peer);
  room.publish(all[0]!.peer, lineOf(1), 1);
  await settle();
  const line = new TextDecoder().decode(lineOf(1));
  assert.deepEqual(all.map(({ text }) => text()), ["", "", line, line]);
});

test("welcome() gives a member the last lines, to the very last", async () => {
  const { room, createPeer } = createRoom();
  const { peer: sender } = createPeer();
  room.enter(sender);
  sender.promote(undefined);
  for (let number = 1; number <= 500; number++) {
    room.publish(sender, lineOf(number), 1);
    await settle();
    // Each time, another part of them has been kept already.
    if (number % 17 !== 0) continue;
    const { peer, text } = createPeer();
    const nonces = { server: new Uint8Array(32), client: new Uint8Array(16) };
    const seen = { from: 0, to: 0 };
    room.welcome(peer, new Handshake({ nonces, backlog: 30, seen, dueAt: 0 }));
    await settle();
    const numbers = [...text().matchAll(/gAAAAA-(\d+)-/g)].map((match) => Number(match[1]));
    const count = Math.min(number, 30);
    assert.deepEqual(numbers, Array.from({ length: count }, (_, i) => number - count + 1 + i));
    room.leave(peer);
    peer.release();
  }
});

test("welcome() leaves out the line after FLEETING, and that line alone", async () => {
  // Where the lines are cut into runs, and which run follows the word.
  const cases: [runs: number[][], fleetingRun: number, kept: number[]][] = [
    [[[1], [2], [3]], 1, [1, 3]],
    [[[1, 2, 3]], 0, [2, 3]],
    [[[1], [2, 3, 4], [5]], 1, [1, 3, 4, 5]],
    [[[1]], 0, []],
    [[[1, 2], [3]], 1, [1, 2]],
  ];
  for (const [runs, fleetingRun, kept] of cases) {
    const { room, createPeer } = createRoom();
    const [sender, other] = [createPeer(), createPeer()];
    for (const { peer } of [sender, other]) room.enter(peer);
    for (const [i, numbers] of runs.entries()) {
      sender.peer.isNextFleeting = i === fleetingRun;
      const run = concat(...numbers.map(lineOf));
      room.publish(sender.peer, run, numbers.length);
      assert.equal(sender.peer.isNextFleeting, false);
      if (i === 0) await settle();
    }
    const newcomer = createPeer();
    const nonces = { server: new Uint8Array(32), client: new Uint8Array(16) };
    const seen = { from: 0, to: 0 };
    room.welcome(newcomer.peer, new Handshake({ nonces, backlog: 30, seen, dueAt: 0 }));
    await settle();
    const numbersIn = (text: string) => {
      return [...text.matchAll(/gAAAAA-(\d+)-/g)].map((match) => Number(match[1]));
    };
    assert.deepEqual(numbersIn(newcomer.text()), kept, JSON.stringify(runs));
    assert.match(newcomer.text(), RegExp(`^!BACKLOG ${kept.length}$`, "m"));
    // Whoever is there gets all of them.
    assert.deepEqual(numbersIn(other.text()), runs.flat());
  }
});

test("count() makes a peer a client once, and only while it is in the room", async () => {
  const events: RelayEvent[] = [];
  const { room, createPeer, stats } = createRoom(false, undefined, (event) => events.push(event));
  const [guest, other] = [createPeer(), createPeer()];
  room.count(guest.peer);
  room.enter(guest.peer);
  assert.deepEqual([stats.clients, events], [{ guest: 0, member: 0 }, []]);
  room.leave(guest.peer);
  room.enter(guest.peer);
  for (let i = 0; i < 2; i++) room.count(guest.peer);
  assert.deepEqual(stats.clients, { guest: 1, member: 0 });
  const address = "192.0.2.1:5050";
  assert.deepEqual(events, [{ kind: "joined", cid: 1, peerClass: "guest", address }]);
  const nonces = { server: new Uint8Array(32), client: new Uint8Array(16) };
  for (const { peer } of [guest, other]) {
    const seen = { from: 0, to: 0 };
    room.welcome(peer, new Handshake({ nonces, backlog: 0, seen, dueAt: 0 }));
  }
  await settle();
  assert.deepEqual(stats.clients, { guest: 0, member: 2 });
  assert.match(other.text(), / peers=2\n/);
  for (const { peer } of [guest, other]) room.leave(peer);
  room.leave(guest.peer);
  assert.deepEqual(stats.clients, { guest: 0, member: 0 });
});

test("welcome() gives a member 2,500 lines and 3 MiB at once, then 400 and 512 KiB a second", async () => {
  const { room, createPeer } = createRoom(true);
  const welcome = () => {
    const { peer } = createPeer();
    const nonces = { server: new Uint8Array(32), client: new Uint8Array(16) };
    const seen = { from: 0, to: 0 };
    room.welcome(peer, new Handshake({ nonces, backlog: 0, seen, dueAt: 0 }));
    return peer.pace;
  };
  const MIB = 1024 * 1024;
  const lines = welcome();
  assert.deepEqual([lines.spend(2500, 0, 0), lines.spend(400, 0, 0)], [0, 1000]);
  const bytes = welcome();
  assert.deepEqual([bytes.spend(0, 3 * MIB, 0), bytes.spend(0, MIB / 2, 0)], [0, 1000]);
  await settle();
});

test("lines that are still to be kept hold little of the log", async () => {
  const { room, createPeer } = createRoom();
  const { peer } = createPeer();
  room.enter(peer);
  const run = new Uint8Array(MAX_UNFILED_BYTES - 1).fill("A".charCodeAt(0));
  run[run.length - 1] = "\n".charCodeAt(0);
  for (let i = 0; i < 500; i++) {
    room.publish(peer, run, 1);
    await settle();
    // Its own lines are behind the sender at once.
    peer.cursor.peek();
    assert.ok(room.logBytes <= MAX_SEGMENT_BYTES + 2 * MAX_UNFILED_BYTES, `${room.logBytes}`);
  }
});

test("welcome() gives the past whatever the wall clock is set to, for a day", async () => {
  const DAY_MS = 86_400_000;
  let elapsed = 0;
  const { room, createPeer } = createRoom(false, () => elapsed);
  const sender = createPeer();
  room.enter(sender.peer);
  const recall = async () => {
    const { peer, text } = createPeer();
    const nonces = { server: new Uint8Array(32), client: new Uint8Array(16) };
    const seen = { from: 0, to: 0 };
    room.welcome(peer, new Handshake({ nonces, backlog: 30, seen, dueAt: 0 }));
    await settle();
    return Number(/^!BACKLOG (\d+)$/m.exec(text())![1]);
  };
  const { now } = Date;
  try {
    room.publish(sender.peer, lineOf(1), 1);
    Date.now = () => now() + 2 * DAY_MS;
    room.publish(sender.peer, lineOf(2), 1);
    for (const days of [2, -2, 365, -365, 0]) {
      Date.now = () => now() + days * DAY_MS;
      room.expire();
      assert.equal(await recall(), 2, `${days} days`);
    }
    elapsed = DAY_MS;
    room.expire();
    assert.equal(await recall(), 2);
    elapsed = DAY_MS + 1;
    assert.equal(await recall(), 0);
    room.expire();
    elapsed = 0;
    assert.equal(await recall(), 0);
  } finally {
    Date.now = now;
  }
});
