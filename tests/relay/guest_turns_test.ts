import assert from "node:assert/strict";
import { GuestTurns } from "../../lib/relay/guest_turns.ts";
import {
  GUEST_TURN_MS,
  GUESTS_BYTES_PER_SECOND,
  GUESTS_WRITE_BYTES,
} from "../../lib/relay/limits.ts";
import { pureTest } from "../support/pure.ts";

/** A guest that waits with so many bytes. */
const guest = (readBytes: number) => ({ pace: { readBytes } });
const ANYBODY = guest(0);

pureTest("isClosed() lets guests cost a second's bytes at once, and as many in a second", () => {
  const turns = new GuestTurns(0);
  turns.note(ANYBODY, GUESTS_BYTES_PER_SECOND - GUESTS_WRITE_BYTES, 1, 0);
  assert.equal(turns.isClosed(0), false);
  turns.note(ANYBODY, GUESTS_BYTES_PER_SECOND / 2, 1, 0);
  assert.deepEqual([turns.isClosed(499), turns.isClosed(500)], [true, false]);
});

pureTest("note() counts lines for each receiver", () => {
  const turns = new GuestTurns(0);
  turns.note(ANYBODY, GUESTS_BYTES_PER_SECOND / 100, 101, 0);
  assert.equal(turns.isClosed(0), true);
});

pureTest("note() counts a write for each receiver once until it has begun", () => {
  const turns = new GuestTurns(0);
  const receivers = GUESTS_BYTES_PER_SECOND / GUESTS_WRITE_BYTES;
  for (let i = 0; i < 100; i++) turns.note(ANYBODY, 0, receivers, 0);
  assert.equal(turns.isClosed(0), false);
  turns.noteWrite();
  turns.note(ANYBODY, 0, receivers, 0);
  assert.equal(turns.isClosed(999), true);
});

pureTest("wait() tells those first that have least to send", async () => {
  const turns = new GuestTurns(0);
  const order: number[] = [];
  const start = performance.now();
  await Promise.all(
    [3, 1, 2].map((bytes) => turns.wait(guest(bytes)).then(() => order.push(bytes))),
  );
  assert.deepEqual(order, [1, 2, 3]);
  // A timer may be early by a fraction of a millisecond.
  assert.ok(performance.now() - start >= GUEST_TURN_MS - 1);
});

pureTest("wait() gives each guest as much as every other, however it sends it", async () => {
  const turns = new GuestTurns(0);
  const guests = [guest(100), guest(40), guest(10)];
  const sent = guests.map(() => 0);
  for (let turn = 0; turn < 80; turn++) {
    let next = -1;
    await Promise.all(guests.map(async (each, i) => {
      await turns.wait(each);
      if (next < 0) next = i;
    }));
    sent[next]! += guests[next]!.pace.readBytes;
    turns.note(guests[next]!, 0, 0, 0);
  }
  assert.ok(Math.max(...sent) - Math.min(...sent) <= 100, `${sent}`);
  assert.ok(Math.min(...sent) > 0, `${sent}`);
});

pureTest("wait() takes as long as guests have used up what they may", async () => {
  const start = performance.now();
  const turns = new GuestTurns(start);
  turns.note(ANYBODY, 1.1 * GUESTS_BYTES_PER_SECOND, 1, start);
  await turns.wait(guest(1));
  const ms = performance.now() - start;
  assert.ok(ms > 99 && ms < 1000, `${ms} ms`);
});
