import fc from "fast-check";
import assert from "node:assert/strict";
import {
  MAX_CONTROL_WRITE_BYTES,
  MAX_WAITING_ANSWERS,
  MAX_WAITING_NOTICES,
} from "../../../lib/relay/limits.ts";
import { Cursor } from "../../../lib/relay/log/cursor.ts";
import { BroadcastLog } from "../../../lib/relay/log/log.ts";
import { Writer } from "../../../lib/relay/peer/writer.ts";

/** A writer on a socket that takes a few bytes at a time, when it is asked to. */
function open(log: BroadcastLog, step = () => Infinity) {
  let text = "";
  let gate = Promise.withResolvers<void>();
  let isOpen = true;
  const conn = {
    async write(bytes: Uint8Array): Promise<number> {
      if (!isOpen) await gate.promise;
      const part = bytes.subarray(0, step());
      text += new TextDecoder().decode(part);
      return part.length;
    },
  };
  return {
    writer: new Writer(conn, new Cursor(log)),
    text: () => text,
    shut() {
      isOpen = false;
      gate = Promise.withResolvers();
    },
    async settle() {
      isOpen = true;
      gate.resolve();
      for (let i = 0; i < 500; i++) await Promise.resolve();
    },
  };
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, permissions: "none", fn });
}

test("what is said goes between the lines before and after it, whatever is short", async () => {
  const step = fc.record({ isControl: fc.boolean(), size: fc.integer({ min: 1, max: 300 }) });
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 30 }),
      fc.integer({ min: 1, max: 50 }),
      async (steps, most) => {
        const log = new BroadcastLog();
        const { writer, text, shut, settle } = open(log, () => most);
        writer.release();
        let expected = "";
        for (const [i, { isControl, size }] of steps.entries()) {
          if (i % 5 === 0) shut();
          const line = isControl ? `!${i}\n` : `g${i}-`.padEnd(size, "x") + "\n";
          expected += line;
          if (isControl) writer.say(encode(line));
          else log.append(encode(line));
          writer.pump();
          if (i % 7 === 0) await settle();
        }
        await settle();
        for (let i = 0; i < 20; i++) await settle();
        assert.equal(text(), expected);
        assert.equal(writer.isAtLineEnd, true);
      },
    ),
    { numRuns: 50 },
  );
});

test("hold() before release() writes nothing but what is said, and keeps no memory", async () => {
  const log = new BroadcastLog();
  const { writer, text, settle } = open(log);
  log.append(encode("early\n"));
  writer.pump();
  assert.deepEqual(writer.hold(), { from: 0, to: 0 });
  assert.equal(writer.cursor.isParked, true);
  writer.say(encode("!CHAL\n"));
  log.append(encode("during\n"));
  writer.release();
  writer.pump();
  await settle();
  assert.equal(text(), "!CHAL\n");
  writer.rejoin();
  writer.say(encode("!LIVE\n"));
  log.append(encode("live\n"));
  writer.pump();
  await settle();
  assert.equal(text(), "!CHAL\n!LIVE\nlive\n");
});

test("hold() after release() still writes what came before it", async () => {
  const log = new BroadcastLog();
  const { writer, text, shut, settle } = open(log, () => 3);
  writer.release();
  shut();
  log.append(encode("before\n"));
  writer.pump();
  assert.deepEqual(writer.hold(), { from: 0, to: 7 });
  writer.say(encode("!CHAL\n"));
  log.append(encode("during\n"));
  writer.pump();
  await settle();
  assert.equal(text(), "before\n!CHAL\n");
  assert.equal(writer.cursor.isParked, true);
});

test("notify() leaves out what is too much, and say() tells that it is too much", async () => {
  const log = new BroadcastLog();
  const { writer, text, shut, settle } = open(log);
  shut();
  writer.release();
  log.append(encode("x\n"));
  writer.pump();
  for (let i = 0; i < MAX_WAITING_NOTICES + 10; i++) writer.notify(encode("!JOINED 1\n"));
  for (let i = 0; i < MAX_WAITING_ANSWERS; i++) assert.ok(writer.say(encode("!PONG 1\n")));
  assert.equal(writer.say(encode("!PONG 2\n")), false);
  await settle();
  assert.equal(text().match(/JOINED/g)!.length, MAX_WAITING_NOTICES);
  assert.equal(text().match(/PONG/g)!.length, MAX_WAITING_ANSWERS + 1);
});

test("drain() is the end: nothing that is said after it is kept or written", async () => {
  const { writer, text, shut, settle } = open(new BroadcastLog());
  writer.release();
  shut();
  writer.say(encode("!PONG 1\n"));
  const draining = writer.drain(10_000);
  writer.say(encode("!PONG 2\n"));
  writer.notify(encode("!GONE 3\n"));
  writer.recall(encode("past\n"));
  await settle();
  await draining;
  writer.pump();
  await settle();
  assert.equal(text(), "!PONG 1\n");
});

test("pump() writes 64 KiB at most at once of what was said", async () => {
  assert.equal(MAX_CONTROL_WRITE_BYTES, 64 * 1024);
  const sizes: number[] = [];
  const conn = {
    write(bytes: Uint8Array): Promise<number> {
      sizes.push(bytes.length);
      return Promise.resolve(bytes.length);
    },
  };
  const writer = new Writer(conn, new Cursor(new BroadcastLog()));
  writer.release();
  const line = encode("!PONG 1".padEnd(127, "1") + "\n");
  for (let i = 0; i < 1025; i++) assert.ok(writer.say(line));
  writer.pump();
  await writer.settled();
  assert.deepEqual(sizes, [64 * 1024, 64 * 1024, 128]);
});
