import fc from "fast-check";
import assert from "node:assert/strict";
import {
  MAX_SEGMENT_BYTES,
  MAX_SPARE_SEGMENTS,
  MIN_SEGMENT_BYTES,
} from "../../../lib/relay/limits.ts";
import { Cursor } from "../../../lib/relay/log/cursor.ts";
import { BroadcastLog } from "../../../lib/relay/log/log.ts";
import { pureTest } from "../../support/pure.ts";

/** Reads all that a cursor has, `step` bytes at a time. */
function readAll(cursor: Cursor, step = Infinity): string {
  const decoder = new TextDecoder();
  let text = "";
  for (let bytes = cursor.peek(); bytes; bytes = cursor.peek()) {
    const part = bytes.subarray(0, step);
    text += decoder.decode(part, { stream: true });
    cursor.advance(part.length);
  }
  return text;
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

pureTest("a cursor sees what is appended later, and nothing earlier", () => {
  const log = new BroadcastLog();
  log.append(encode("before\n"));
  const cursor = new Cursor(log);
  assert.equal(cursor.peek(), undefined);
  log.append(encode("after\n"));
  assert.equal(readAll(cursor), "after\n");
  assert.equal(cursor.lag, 0);
});

pureTest("peek() returns views into one shared copy", () => {
  const log = new BroadcastLog();
  const [a, b] = [new Cursor(log), new Cursor(log)];
  log.append(encode("shared\n"));
  assert.equal(a.peek()!.buffer, b.peek()!.buffer);
});

pureTest("append() copies: the caller may reuse its bytes", () => {
  const log = new BroadcastLog();
  const cursor = new Cursor(log);
  const bytes = encode("first\n");
  log.append(bytes);
  bytes.fill(0);
  assert.equal(readAll(cursor), "first\n");
});

pureTest("append() keeps bytes in order across segments of every size", () => {
  const log = new BroadcastLog();
  const cursor = new Cursor(log);
  const lengths = [1, MIN_SEGMENT_BYTES - 1, 1, MAX_SEGMENT_BYTES, 3 * MAX_SEGMENT_BYTES + 7, 1];
  const parts = lengths.map((length, i) => String.fromCharCode(97 + i).repeat(length));
  for (const part of parts) log.append(encode(part));
  assert.equal(readAll(cursor), parts.join(""));
  assert.equal(log.end, lengths.reduce((sum, length) => sum + length));
});

pureTest("heldBytes falls as soon as the last cursor leaves a segment", () => {
  const log = new BroadcastLog();
  const [fast, slow] = [new Cursor(log), new Cursor(log)];
  let freed = 0;
  log.onFreed = () => freed++;
  log.append(new Uint8Array(10 * MAX_SEGMENT_BYTES));
  readAll(fast);
  assert.equal(log.heldBytes, 10 * MAX_SEGMENT_BYTES);
  assert.equal(freed, 0);
  slow.close();
  assert.ok(log.heldBytes <= MAX_SEGMENT_BYTES, `${log.heldBytes} bytes are held`);
  assert.equal(freed, 1);
});

pureTest("heldBytes stays small when nobody reads, or nobody is there", () => {
  const log = new BroadcastLog();
  for (let i = 0; i < 100; i++) log.append(new Uint8Array(MAX_SEGMENT_BYTES));
  assert.ok(log.heldBytes <= MAX_SEGMENT_BYTES);
  const cursor = new Cursor(log);
  cursor.close();
  cursor.close();
  assert.equal(cursor.peek(), undefined);
});

/** Fills the log, reads all with the cursor, and returns the different buffers seen on the way. */
function buffersOf(log: BroadcastLog, cursor: Cursor, segments: number): Set<ArrayBufferLike> {
  const buffers = new Set<ArrayBufferLike>();
  log.append(new Uint8Array(segments * MAX_SEGMENT_BYTES));
  for (let bytes = cursor.peek(); bytes; bytes = cursor.peek()) {
    buffers.add(bytes.buffer);
    cursor.advance(bytes.length);
  }
  return buffers;
}

pureTest("append() fills freed segments again, and keeps 8 of them at most", () => {
  const log = new BroadcastLog();
  const cursor = new Cursor(log);
  const before = buffersOf(log, cursor, 20);
  const after = buffersOf(log, cursor, 20);
  // One more: the newest one of before was not full.
  assert.equal(before.intersection(after).size, MAX_SPARE_SEGMENTS + 1);
  assert.equal(buffersOf(log, cursor, 1).difference(after).size, 0);
});

pureTest("bytes under way when a cursor is closed are never written over", () => {
  const log = new BroadcastLog();
  const [reader, stuck] = [new Cursor(log), new Cursor(log)];
  buffersOf(log, reader, 4);
  stuck.advance(log.end - 2 * MAX_SEGMENT_BYTES);
  const bytes = stuck.peek()!;
  stuck.close();
  // Nobody reads it: every segment that was kept is taken.
  log.append(new Uint8Array(3 * MAX_SPARE_SEGMENTS * MAX_SEGMENT_BYTES).fill(1));
  assert.ok(bytes.length > 0 && bytes.every((byte) => byte === 0), "written over");
});

pureTest("stop() ends reading at the present end", () => {
  const log = new BroadcastLog();
  const cursor = new Cursor(log);
  log.append(encode("in\n"));
  cursor.stop();
  log.append(encode("out\n"));
  cursor.stop();
  assert.equal(readAll(cursor), "in\n");
  assert.equal(cursor.lag, 0);
});

pureTest("every cursor reads what all others wrote, in order, whatever the timing", () => {
  const peers = 3;
  const write = fc.record({
    by: fc.nat(peers - 1),
    bytes: fc.integer({ min: 1, max: 90_000 }),
    reader: fc.nat(peers - 1),
    step: fc.integer({ min: 1, max: 70_000 }),
  });
  fc.assert(
    fc.property(fc.array(write, { maxLength: 40 }), (writes) => {
      const log = new BroadcastLog();
      const cursors = Array.from({ length: peers }, () => new Cursor(log));
      const received = cursors.map(() => "");
      const expected = cursors.map(() => "");
      for (const { by, bytes, reader, step } of writes) {
        const text = String.fromCharCode(65 + by).repeat(bytes - 1) + "\n";
        log.append(encode(text));
        cursors[by]!.skipTo(log.end, bytes);
        for (let i = 0; i < peers; i++) if (i !== by) expected[i] += text;
        const part = cursors[reader]!.peek()?.subarray(0, step);
        if (!part) continue;
        received[reader] += new TextDecoder().decode(part);
        cursors[reader]!.advance(part.length);
      }
      for (const [i, cursor] of cursors.entries()) received[i] += readAll(cursor, 50_000);
      for (let i = 0; i < peers; i++) assert.ok(received[i] === expected[i], `cursor ${i}`);
      assert.ok(log.heldBytes <= MAX_SEGMENT_BYTES);
    }),
    { numRuns: 200 },
  );
});
