import assert from "node:assert/strict";
import type { Attendance, Carrier, CarrierSink } from "../../lib/relay/carrier.ts";
import { Handshake } from "../../lib/relay/peer/handshake.ts";
import { Peer } from "../../lib/relay/peer/peer.ts";
import { Room } from "../../lib/relay/room.ts";
import { createStats } from "../../lib/relay/watch/stats.ts";
import { fakeConn } from "../support/fake_conn.ts";
import { pureTest } from "../support/pure.ts";
import { fakeToken } from "../support/raw_client.ts";

const LINE = new TextEncoder().encode(`${fakeToken("x")}\n`);
const NOW = { isKept: true, ageMs: 0 };

/** A room whose lines a test brings back, and what it was handed. */
function open() {
  const handed: unknown[] = [];
  let sink!: CarrierSink;
  const carrier = {
    ...{ isFull: false, others: 40 },
    attach: (each: CarrierSink) => void (sink = each),
    publish: ({ cid }: { cid: number }, run: Uint8Array, lines: number, isFirst: boolean) => {
      handed.push([cid, run.length, lines, isFirst]);
    },
    announce: (attendance: Attendance, cid: number) => handed.push([attendance, cid]),
    taken: () => undefined,
    close: () => Promise.resolve(void handed.push("close")),
  } as unknown as Carrier;
  const stats = createStats();
  const room = new Room({ backlogLines: 200, rateLimit: false, stats, carrier });
  const host = {
    arrivals: { settled: () => Promise.resolve() },
    ...{ room, controlLines: { take() {}, refuse() {} }, stats },
  };
  const enter = (cid: number, isMember: boolean) => {
    let text = "";
    const write = (bytes: Uint8Array) => {
      text += new TextDecoder().decode(bytes);
      return Promise.resolve(bytes.length);
    };
    const parts = { conn: fakeConn({ write }), cursor: room.openCursor(), host };
    const peer = new Peer({ cid, ...parts, allowance: undefined, deadline: undefined });
    peer.writer.release();
    room.enter(peer);
    const nonces = { server: new Uint8Array(32), client: new Uint8Array(16) };
    const seen = peer.writer.cursor.position;
    const parted = { nonces, backlog: 10, seen: { from: seen, to: seen }, dueAt: 0 };
    if (isMember) room.welcome(peer, new Handshake(parted));
    return { peer, text: () => text };
  };
  return { room, sink, stats, handed, enter };
}

async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await undefined;
}

pureTest(
  "Room hands lines to its carrier, and writes what comes back to all but the sender",
  async () => {
    const { room, sink, stats, handed, enter } = open();
    const [sender, other] = [enter(1, false), enter(2, false)];
    sender.peer.isNextFleeting = true;
    room.publish(sender.peer, LINE, 1);
    await settle();
    assert.deepEqual(handed, [[1, LINE.length, 1, true]]);
    assert.deepEqual([sender.text(), other.text()], ["", ""]);
    sink.append({ cid: 1, peerClass: "guest" }, LINE, 1, NOW);
    sink.append({ cid: 99, peerClass: "guest" }, LINE, 1, NOW);
    await settle();
    const line = new TextDecoder().decode(LINE);
    assert.deepEqual([sender.text(), other.text()], [line, line + line]);
    assert.deepEqual([stats.linesIn, stats.deliveries], [1, 3]);
    await room.close();
    assert.equal(handed.at(-1), "close");
  },
);

pureTest(
  "Room tells members what comes back of others, and counts those at other relays",
  async () => {
    const { room, sink, handed, enter } = open();
    const member = enter(1, true);
    await settle();
    assert.match(member.text(), /^!WELCOME 1 cid=1 .* peers=41\n!BACKLOG 0\n!LIVE\n$/);
    assert.deepEqual(handed, [["JOINED", 1]]);
    for (const cid of [1, 2]) sink.tell("JOINED", cid);
    sink.append({ cid: 2, peerClass: "member" }, LINE, 1, NOW);
    sink.tell("GONE", 2);
    await settle();
    const line = new TextDecoder().decode(LINE);
    assert.equal(member.text().split("!LIVE\n")[1], `!JOINED 2\n${line}!GONE 2\n`);
    assert.deepEqual([room.has(1), room.has(2)], [true, false]);
    room.leave(member.peer);
    assert.deepEqual(handed.at(-1), ["GONE", 1]);
    assert.equal(room.has(1), false);
  },
);

pureTest(
  "Room keeps for its backlog what is kept, as old as it is, and not one's own",
  async () => {
    const { sink, enter } = open();
    const day = 86_400_000;
    sink.append({ cid: 9, peerClass: "member" }, LINE, 1, { isKept: true, ageMs: day + 1000 });
    sink.append({ cid: 9, peerClass: "member" }, LINE, 1, { isKept: false, ageMs: 0 });
    sink.append({ cid: 9, peerClass: "member" }, LINE, 1, { isKept: true, ageMs: 1000 });
    sink.append({ cid: 7, peerClass: "member" }, LINE, 1, NOW);
    const member = enter(7, true);
    await settle();
    assert.match(member.text(), /^!BACKLOG 1$/m);
  },
);
