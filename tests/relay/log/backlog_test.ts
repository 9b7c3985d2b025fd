import fc from "fast-check";
import assert from "node:assert/strict";
import {
  GUEST_BACKLOG_BYTES,
  GUEST_BACKLOG_LINES,
  MAX_BACKLOG_AGE_MS,
  MAX_BACKLOG_BYTES,
} from "../../../lib/relay/limits.ts";
import { Backlog, type Reader } from "../../../lib/relay/log/backlog.ts";
import type { PeerClass } from "../../../lib/relay/watch/events.ts";
import { pureTest } from "../../support/pure.ts";

/** A backlog, and what was written to it. */
class Room {
  readonly backlog: Backlog;
  end = 0;

  constructor(lines: number) {
    this.backlog = new Backlog(lines);
  }

  write(lines: readonly string[], peerClass: PeerClass = "member", cid = 1, time = 0): void {
    const run = new TextEncoder().encode(lines.map((line) => line + "\n").join(""));
    this.end += run.length;
    this.backlog.append(run, lines.length, { cid, peerClass, end: this.end, time });
    run.fill(0);
  }

  recall(lines: number, reader: Partial<Reader> = {}): string[] {
    const seen = { from: this.end, to: this.end };
    const recalled = this.backlog.recall({ cid: 9, seen, lines, now: 0, ...reader });
    const text = recalled.parts.map((part) => new TextDecoder().decode(part)).join("");
    const found = text.split("\n").slice(0, -1);
    assert.equal(found.length, recalled.lines);
    return found;
  }
}

/** `prefix0`, `prefix1` and so on. */
function range(prefix: string, from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, i) => `${prefix}${from + i}`);
}

pureTest("recall() finds the last lines of members, however they came", () => {
  const runs = fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 20 });
  fc.assert(fc.property(runs, fc.nat(40), fc.nat(40), (lengths, kept, asked) => {
    const room = new Room(kept);
    let count = 0;
    for (const length of lengths) room.write(range("n", count, count += length));
    const expected = Math.min(count, kept, asked);
    assert.deepEqual(room.recall(asked), range("n", count - expected, count));
  }));
});

pureTest("recall() finds nothing where nothing is kept", () => {
  const room = new Room(0);
  room.write(["a"]);
  room.write(["b"], "guest");
  assert.deepEqual(room.recall(100), []);
});

pureTest("recall() finds the last 20 lines of guests, who displace few of members", () => {
  const room = new Room(200);
  room.write(range("g", 0, 1000), "guest");
  assert.deepEqual(room.recall(200), range("g", 1000 - GUEST_BACKLOG_LINES, 1000));
  assert.deepEqual(room.recall(5), range("g", 995, 1000));
  room.write(range("m", 0, 300));
  room.write(range("h", 0, 1000), "guest");
  assert.deepEqual(room.recall(200), [...range("m", 120, 300), ...range("h", 980, 1000)]);
  assert.deepEqual(room.recall(10), [...range("m", 291, 300), "h999"]);
  assert.deepEqual(room.recall(9), range("m", 291, 300));
});

pureTest("recall() keeps the order of the log", () => {
  const room = new Room(200);
  const expected = range("n", 0, 30);
  for (const [i, line] of expected.entries()) room.write([line], i % 3 === 0 ? "guest" : "member");
  assert.deepEqual(room.recall(200), expected);
});

pureTest("recall() leaves out the reader's own lines and those it was written", () => {
  const room = new Room(200);
  room.write(["a"]);
  const from = room.end;
  room.write(["b", "c"]);
  const to = room.end;
  room.write(["mine"], "member", 9);
  room.write(["d"]);
  assert.deepEqual(room.recall(200, { seen: { from, to } }), ["a", "d"]);
});

pureTest("recall() finds no more bytes than allowed, in whole lines", () => {
  const line = "x".repeat(65_000);
  const room = new Room(200);
  for (let i = 0; i < 100; i++) room.write([line, line]);
  for (let i = 0; i < 15; i++) room.write([line], "guest");
  const ofMembers = Math.floor((MAX_BACKLOG_BYTES - GUEST_BACKLOG_BYTES) / 65_001);
  const ofGuests = Math.floor(GUEST_BACKLOG_BYTES / 65_001);
  assert.equal(room.recall(200).length, ofMembers + ofGuests);
  assert.ok((ofMembers + ofGuests) * 65_001 <= MAX_BACKLOG_BYTES);
});

pureTest("recall() finds no line older than a day, and expire() forgets it", () => {
  const room = new Room(200);
  room.write(["old"], "member", 1, 0);
  room.write(["new"], "member", 1, 1);
  const now = MAX_BACKLOG_AGE_MS + 1;
  assert.deepEqual(room.recall(200, { now: now - 1 }), ["old", "new"]);
  assert.deepEqual(room.recall(200, { now }), ["new"]);
  room.backlog.expire(now);
  assert.deepEqual(room.recall(200, { now: 0 }), ["new"]);
});
