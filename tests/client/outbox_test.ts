import assert from "node:assert/strict";
import {
  MAX_OUTBOX_MESSAGES,
  MAX_UNTAKEN_BYTES,
  MAX_UNTAKEN_MESSAGES,
  RECENT_COPY_MS,
  RESEND_MS,
} from "../../lib/client/limits.ts";
import { Outbox } from "../../lib/client/outbox.ts";
import { pureTest } from "../support/pure.ts";

const SMALL = new Uint8Array(511);
/** When no copy is on its way any more. */
const LATER = RECENT_COPY_MS + 1;

/** An outbox with messages from 0 on, one a second. */
function filled(count: number, options: { plaintext?: Uint8Array; isNumbered?: boolean } = {}) {
  const { plaintext = SMALL, isNumbered = true } = options;
  const outbox = new Outbox();
  for (let sequence = 0; sequence < count; sequence++) {
    outbox.add({ sequence, plaintext, at: 1000 * sequence, isNumbered });
  }
  return outbox;
}

function send(outbox: Outbox, count = 1e6, now = 0): number[] {
  return outbox.nextToSend(count, now).map(({ sequence }) => sequence);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

pureTest("Outbox.nextToSend() gives each message once, in order, so many at most", () => {
  const outbox = filled(5);
  assert.deepEqual([send(outbox, 2), send(outbox, 2), send(outbox, 2), send(outbox, 2)], [
    [0, 1],
    [2, 3],
    [4],
    [],
  ]);
  assert.equal(outbox.untaken, 5);
});

pureTest("Outbox.nextToSend() gives so many bytes at once, or one message", () => {
  const some = (outbox: Outbox, maxBytes: number) =>
    outbox.nextToSend(16, 0, maxBytes).map(({ sequence }) => sequence);
  const large = filled(4);
  assert.deepEqual([some(large, SMALL.length - 1), some(large, 0)], [[0], [1]]);
  const outbox = filled(9);
  const two = 2 * SMALL.length;
  assert.deepEqual([some(outbox, two), some(outbox, two)], [[0, 1], [2, 3]]);
  outbox.take(2, LATER);
  outbox.reconnect(LATER);
  // What is sent again comes first, and what follows it fills up.
  const [first, second, third] = [some(outbox, two), some(outbox, two), some(outbox, two)];
  assert.deepEqual([first, second, third], [[0, 1], [2, 3], [4, 5]]);
});

pureTest("Outbox goes on behind a number that is missing", () => {
  const outbox = filled(3);
  send(outbox);
  for (const sequence of [4, 5, 7]) {
    outbox.add({ sequence, plaintext: SMALL, at: 0, isNumbered: true });
    assert.deepEqual(send(outbox), [sequence]);
  }
  outbox.take(4);
  outbox.reconnect(1e6);
  assert.deepEqual(send(outbox), [5, 7]);
  assert.equal(outbox.resend(3, 6, LATER).length, 2);
  assert.deepEqual(send(outbox), [4, 5]);
  outbox.take(7);
  assert.equal(outbox.untaken, 0);
});

pureTest("Outbox.take() counts what the relay has not, and never back", () => {
  const outbox = filled(5);
  send(outbox);
  const counts = [1, 0, 3, 3, 4].map((sequence) => {
    outbox.take(sequence);
    return outbox.untaken;
  });
  assert.deepEqual(counts, [3, 3, 1, 1, 0]);
});

pureTest("Outbox.reconnect() sends what was not taken again, in order", () => {
  const outbox = filled(6);
  send(outbox, 4);
  outbox.reconnect(1_000_000);
  assert.deepEqual(send(outbox), [0, 1, 2, 3, 4, 5]);
  outbox.take(2);
  outbox.reconnect(1_000_000);
  assert.deepEqual(send(outbox), [3, 4, 5]);
  assert.deepEqual(send(outbox), []);
});

pureTest("Outbox.reconnect() sends what was taken in the last 60 s again, first", () => {
  const outbox = filled(100);
  send(outbox);
  outbox.take(89);
  const now = 99_000;
  outbox.reconnect(now);
  const first = (now - RESEND_MS) / 1000;
  assert.deepEqual([...send(outbox, 7), ...send(outbox)], range(first, 99));
  outbox.take(99);
  outbox.reconnect(now + RESEND_MS);
  assert.deepEqual(send(outbox), [99]);
  outbox.reconnect(now + RESEND_MS + 1);
  assert.deepEqual(send(outbox), []);
});

pureTest(
  "Outbox.reconnect() counts from when the relay took a message, not from its writing",
  () => {
    const outbox = new Outbox();
    outbox.add({ sequence: 0, plaintext: SMALL, at: 0, isNumbered: true });
    outbox.nextToSend(1, 0);
    outbox.take(0, 50_000);
    outbox.reconnect(50_000 + RESEND_MS);
    assert.deepEqual(outbox.nextToSend(1, 0).map(({ sequence }) => sequence), [0]);
    outbox.reconnect(50_001 + RESEND_MS);
    assert.deepEqual(outbox.nextToSend(1, 0), []);
  },
);

pureTest("Outbox.reconnect() sends plain messages again only if they were not taken", () => {
  const outbox = filled(5, { isNumbered: false });
  send(outbox);
  outbox.take(2);
  outbox.reconnect(5000);
  assert.deepEqual(send(outbox), [3, 4]);
  assert.equal(outbox.resend(0, 4, LATER).length, 0);
});

pureTest("Outbox.reconnect() gives the same entries, with the same bytes", () => {
  const outbox = filled(3);
  const before = outbox.nextToSend(3, 0);
  before[0]!.token = "gAAAAA";
  outbox.take(0);
  outbox.reconnect(0);
  assert.ok(outbox.nextToSend(3, 0).every((entry, i) => entry === before[i]));
});

pureTest("Outbox.resend() gives what was sent and is still here, once", () => {
  const outbox = filled(10);
  send(outbox, 8);
  outbox.take(5);
  assert.equal(outbox.resend(4, 100, LATER).length, 4);
  assert.equal(outbox.resend(6, 7, LATER).length, 0, "they wait already");
  assert.deepEqual(send(outbox), [4, 5, 6, 7, 8, 9]);
  assert.equal(outbox.resend(10, 20, LATER).length, 0);
  assert.equal(outbox.resend(5, 4, LATER).length, 0);
  assert.deepEqual(send(outbox), []);
});

pureTest("Outbox.resend() gives nothing that was sent in the last second", () => {
  const outbox = filled(4);
  send(outbox, 2, 1000);
  send(outbox, 2, 1500);
  assert.equal(outbox.resend(0, 3, 1000 + RECENT_COPY_MS).length, 0);
  assert.equal(outbox.resend(0, 3, 1001 + RECENT_COPY_MS).length, 2);
  assert.deepEqual(send(outbox, 9, 3000), [0, 1]);
  assert.equal(outbox.resend(0, 3, 3001).length, 2);
  assert.deepEqual(send(outbox, 9, 3001), [2, 3]);
});

pureTest("Outbox drops the oldest of more than 2,000 messages, or of more than 8 MiB", () => {
  for (const [plaintext, kept] of [[SMALL, 2000], [new Uint8Array(45_055), 186]] as const) {
    const outbox = new Outbox();
    for (let sequence = 0; sequence < 3000; sequence++) {
      outbox.add({ sequence, plaintext, at: 0, isNumbered: true });
      send(outbox);
      outbox.take(sequence);
    }
    assert.equal(outbox.resend(0, 5000, LATER).length, kept);
    assert.deepEqual(send(outbox), range(3000 - kept, 2999));
  }
});

pureTest("Outbox drops nothing that was not taken", () => {
  const count = MAX_OUTBOX_MESSAGES + 500;
  const outbox = filled(count);
  assert.equal(outbox.untaken, count);
  outbox.take(99);
  assert.equal(outbox.untaken, count - 100);
  outbox.reconnect(1e9);
  assert.deepEqual(send(outbox), range(100, count - 1));
});

pureTest("Outbox.isFull tells when 1,000 messages or 4 MiB were not taken", () => {
  const outbox = filled(MAX_UNTAKEN_MESSAGES - 1);
  assert.equal(outbox.isFull, false);
  const sequence = MAX_UNTAKEN_MESSAGES - 1;
  outbox.add({ sequence, plaintext: SMALL, at: 0, isNumbered: true });
  assert.equal(outbox.isFull, true);
  outbox.take(0);
  assert.equal(outbox.isFull, false);

  const plaintext = new Uint8Array(MAX_UNTAKEN_BYTES / 4);
  const large = filled(3, { plaintext });
  large.add({ sequence: 3, plaintext: plaintext.subarray(1), at: 0, isNumbered: true });
  assert.equal(large.isFull, false);
  large.add({ sequence: 4, plaintext: new Uint8Array(1), at: 0, isNumbered: true });
  assert.equal(large.isFull, true);
  large.take(4);
  assert.deepEqual([large.isFull, large.untaken], [false, 0]);
});
