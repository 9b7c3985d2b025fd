import fc from "fast-check";
import assert from "node:assert/strict";
import { MAX_OUTBOX_BYTES, MAX_OUTBOX_MESSAGES, RESEND_MS } from "../../lib/client/limits.ts";
import { Outbox } from "../../lib/client/outbox.ts";
import { pureTest } from "../support/pure.ts";

type Step =
  | { readonly do: "write"; readonly count: number; readonly bytes: number }
  | { readonly do: "send"; readonly count: number }
  /** The relay takes so much of what was sent on this connection. */
  | { readonly do: "take"; readonly share: number }
  | { readonly do: "reconnect" }
  | { readonly do: "ask"; readonly from: number; readonly count: number };

const sizes = fc.constantFrom(511, 4095, 45_055);
const steps = fc.array(
  fc.tuple(
    fc.nat(40_000),
    fc.oneof(
      fc.record({ do: fc.constant("write"), count: fc.nat(600), bytes: sizes }),
      fc.record({ do: fc.constant("send"), count: fc.nat(700) }),
      fc.record({ do: fc.constant("take"), share: fc.double({ min: 0, max: 1, noNaN: true }) }),
      fc.record({ do: fc.constant("reconnect") }),
      fc.record({ do: fc.constant("ask"), from: fc.nat(3000), count: fc.nat(50) }),
    ),
  ),
  { minLength: 1, maxLength: 40 },
) as fc.Arbitrary<[number, Step][]>;

pureTest("Outbox loses nothing untaken, whatever happens in whatever order", () => {
  fc.assert(
    fc.property(steps, (steps) => {
      const outbox = new Outbox();
      const written: { at: number; plaintext: Uint8Array }[] = [];
      let [now, taken, sent] = [0, 0, 0];
      const send = (count: number) => {
        const batch = outbox.nextToSend(count, now);
        for (const { sequence, plaintext } of batch) {
          assert.equal(plaintext, written[sequence]!.plaintext, "byte-identical");
          if (sequence >= sent) assert.equal(sequence, sent++, "new ones in order");
        }
        return batch;
      };
      for (const [wait, step] of steps) {
        now += wait;
        if (step.do === "write") {
          for (let i = 0; i < step.count && !outbox.isFull; i++) {
            const plaintext = new Uint8Array(step.bytes);
            outbox.add({ sequence: written.length, plaintext, at: now, isNumbered: true });
            written.push({ at: now, plaintext });
          }
        } else if (step.do === "send") send(step.count);
        else if (step.do === "take") {
          const last = taken + Math.floor(step.share * (sent - taken)) - 1;
          if (last >= taken) outbox.take(last);
          taken = Math.max(taken, last + 1);
        } else if (step.do === "reconnect") {
          outbox.reconnect(now);
          sent = taken;
        } else outbox.resend(step.from, step.from + step.count, now);
        assert.equal(outbox.untaken, written.length - taken);
      }
      outbox.reconnect(now);
      sent = taken;
      const batch = send(1e6).map(({ sequence }) => sequence);
      const again = batch.filter((sequence) => sequence < taken);
      assert.deepEqual(batch, batch.toSorted((a, b) => a - b));
      assert.equal(batch.length - again.length, written.length - taken);
      checkAgain(again, written.slice(0, taken), now);
    }),
    { numRuns: 100 },
  );
});

/** Those of the last 60 s that are within the bounds, and no others. */
function checkAgain(
  again: readonly number[],
  taken: readonly { at: number; plaintext: Uint8Array }[],
  now: number,
): void {
  let bytes = 0;
  for (let sequence = taken.length - 1; sequence >= 0; sequence--) {
    const { at, plaintext } = taken[sequence]!;
    bytes += plaintext.length;
    const isRecent = now - at <= RESEND_MS;
    if (!isRecent) assert.ok(!again.includes(sequence));
    // Half of each bound may be in use for what was not taken.
    const isWithin = taken.length - sequence <= MAX_OUTBOX_MESSAGES / 2 &&
      bytes <= MAX_OUTBOX_BYTES / 2 - 45_055;
    if (isRecent && isWithin) assert.ok(again.includes(sequence));
  }
  assert.ok(again.length <= MAX_OUTBOX_MESSAGES);
}
