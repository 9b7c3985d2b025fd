import assert from "node:assert/strict";
import { TURN_MS } from "../../../lib/relay/turns/limits.ts";
import { type SentRun, type TurningSender, Turns } from "../../../lib/relay/turns/turns.ts";
import { pureTest } from "../../support/pure.ts";

/** Each byte takes 1 ms. */
class SlowTurns extends Turns<TurningSender> {
  note(sender: TurningSender, { bytes }: SentRun, now: number): void {
    this.noteSent(sender, bytes, now);
  }
}

/** A sender whose last read had that many bytes. */
const sender = (readBytes: number) => ({ pace: { readBytes } });

pureTest("isClosed() is true until as much may be sent again", () => {
  const turns = new SlowTurns();
  const run = { lines: 1, bytes: 500, receivers: 1 };
  assert.equal(turns.isClosed(0), false);
  turns.note(sender(500), run, 0);
  assert.deepEqual([turns.isClosed(499), turns.isClosed(500)], [true, false]);
  turns.note(sender(0), { ...run, bytes: 0 }, 100);
  assert.equal(turns.isClosed(499), true);
});

pureTest("wait() tells those first that have least to send", async () => {
  const turns = new SlowTurns();
  const order: number[] = [];
  const start = performance.now();
  await Promise.all(
    [3, 1, 2].map((bytes) => turns.wait(sender(bytes)).then(() => order.push(bytes))),
  );
  assert.deepEqual(order, [1, 2, 3]);
  // A timer may be early by a fraction of a millisecond.
  assert.ok(performance.now() - start >= TURN_MS - 1);
});

pureTest("wait() gives each sender as much as every other, however it sends it", async () => {
  const turns = new SlowTurns();
  const senders = [sender(100), sender(40), sender(10)];
  const sent = senders.map(() => 0);
  for (let turn = 0; turn < 80; turn++) {
    let next = -1;
    await Promise.all(senders.map(async (each, i) => {
      await turns.wait(each);
      if (next < 0) next = i;
    }));
    sent[next]! += senders[next]!.pace.readBytes;
    turns.note(senders[next]!, { lines: 1, bytes: 0, receivers: 0 }, 0);
  }
  assert.ok(Math.max(...sent) - Math.min(...sent) <= 100, `${sent}`);
  assert.ok(Math.min(...sent) > 0, `${sent}`);
});

pureTest("wait() takes until as much may be sent again", async () => {
  const start = performance.now();
  const turns = new SlowTurns();
  turns.note(sender(100), { lines: 1, bytes: 100, receivers: 1 }, start);
  await turns.wait(sender(1));
  const ms = performance.now() - start;
  assert.ok(ms > 99 && ms < 1000, `${ms} ms`);
});
