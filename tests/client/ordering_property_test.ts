import fc from "fast-check";
import assert from "node:assert/strict";
import { Asking } from "../../lib/client/asking.ts";
import { MAX_GAP_WAIT_MS } from "../../lib/client/limits.ts";
import { type Due, type Gap, Ordering, type Ready } from "../../lib/client/ordering.ts";
import type { SequenceWindow } from "../../lib/protocol/sequence_window.ts";
import { pureTest } from "../support/pure.ts";

/** A message of one of three senders, after so many ms, with or without a tick. */
interface Step {
  readonly sender: number;
  readonly sequence: number;
  readonly wait: number;
  readonly isTicking: boolean;
}

/** What was shown of one sender, and what was reported missing. */
interface Story {
  readonly shown: Ready<number>[];
  readonly missing: Gap[];
  mended: number;
}

const COUNT = 25;
const SENDERS = 3;
const ALL = Array.from({ length: SENDERS * COUNT }, (_, i) => i);

function stepsOf(numbers: fc.Arbitrary<number[]>): fc.Arbitrary<Step[]> {
  const wait = fc.oneof(fc.constant(0), fc.nat(400), fc.nat(6000));
  return fc.tuple(numbers, fc.infiniteStream(wait), fc.infiniteStream(fc.boolean())).map(
    ([order, waits, ticks]) =>
      order.map((number) => ({
        sender: number % SENDERS,
        sequence: Math.floor(number / SENDERS),
        wait: waits.next().value!,
        isTicking: ticks.next().value!,
      })),
  );
}

/** Every message once at least, in any order, some more often. */
const permutations = fc.tuple(
  fc.shuffledSubarray(ALL, { minLength: ALL.length }),
  fc.array(fc.nat(ALL.length - 1), { maxLength: 40 }),
  fc.infiniteStream(fc.nat()),
).map(([order, again, places]) => {
  const numbers = [...order];
  for (const number of again) numbers.splice(places.next().value! % numbers.length, 0, number);
  return numbers;
});

function run(steps: readonly Step[]): { stories: Story[]; ordering: Ordering<number> } {
  const ordering = new Ordering<number>(new Asking({ random: () => 0.5, members: () => 0 }));
  const windows = Array.from({ length: SENDERS }, (_, i): SequenceWindow => {
    return { id: String(i), epoch: "", next: 0, missing: [], seenAt: 0 };
  });
  const stories = windows.map((): Story => ({ shown: [], missing: [], mended: 0 }));
  let now = 0;
  // The senders' numbers tell whose a message is.
  const note = (ready: readonly Ready<number>[]) => {
    for (const each of ready) stories[each.item % SENDERS]!.shown.push(each);
  };
  const noteDue = ({ missing, ready }: Due<number>) => {
    for (const gap of missing) stories[windows.indexOf(gap.window)]!.missing.push(gap);
    note(ready);
  };
  for (const { sender, sequence, wait, isTicking } of steps) {
    now += wait;
    const item = sequence * SENDERS + sender;
    const { ready, mended } = ordering.take(windows[sender]!, sequence, item, now);
    stories[sender]!.mended += mended;
    note(ready);
    if (isTicking) noteDue(ordering.tick(now));
  }
  noteDue(ordering.tick(now + MAX_GAP_WAIT_MS));
  return { stories, ordering };
}

function check({ stories, ordering }: ReturnType<typeof run>, sent: readonly Set<number>[]): void {
  assert.equal(ordering.heldCount, 0);
  for (const [sender, { shown, missing }] of stories.entries()) {
    const numbers = shown.map(({ item }) => Math.floor(item / SENDERS));
    assert.equal(new Set(numbers).size, numbers.length, "each once");
    assert.deepEqual(new Set(numbers), sent[sender], "none is lost");
    const inTime = shown.filter(({ isLate }) => !isLate).map(({ item }) => item);
    assert.deepEqual(inTime, inTime.toSorted((a, b) => a - b), "in order");
    const gone = missing.flatMap(({ range: [from, to] }) =>
      Array.from({ length: to - from + 1 }, (_, i) => from + i)
    );
    assert.equal(new Set(gone).size, gone.length, "reported missing once");
    const late = shown.filter(({ isLate }) => isLate);
    for (const { item } of late) assert.ok(gone.includes(Math.floor(item / SENDERS)));
    const last = Math.max(-1, ...sent[sender]!);
    for (let q = 0; q <= last; q++) {
      const isLate = late.some(({ item }) => item === q * SENDERS + sender);
      const isReported = gone.includes(q);
      assert.equal(isReported, isLate || !sent[sender]!.has(q), `number ${q}`);
    }
  }
}

function sentOf(steps: readonly Step[]): Set<number>[] {
  return Array.from({ length: SENDERS }, (_, sender) => {
    return new Set(steps.filter((step) => step.sender === sender).map(({ sequence }) => sequence));
  });
}

pureTest("Ordering shows each message once and in order, in whatever order they come", () => {
  fc.assert(fc.property(stepsOf(permutations), (steps) => check(run(steps), sentOf(steps))), {
    numRuns: 300,
  });
});

pureTest("Ordering reports what never comes, exactly once", () => {
  const some = fc.array(fc.nat(ALL.length - 1), { maxLength: 80 });
  fc.assert(fc.property(stepsOf(some), (steps) => check(run(steps), sentOf(steps))), {
    numRuns: 500,
  });
});

pureTest("Ordering reports nothing missing of what comes within its patience", () => {
  fc.assert(fc.property(permutations, (numbers) => {
    const steps = numbers.map((number) => ({
      sender: number % SENDERS,
      sequence: Math.floor(number / SENDERS),
      wait: 10,
      isTicking: true,
    }));
    const { stories, ordering } = run(steps);
    for (const { shown, missing } of stories) {
      assert.deepEqual(missing, []);
      assert.ok(shown.every(({ isLate }) => !isLate));
      assert.equal(shown.length, COUNT);
    }
    assert.equal(ordering.heldCount, 0);
  }));
});

pureTest("Ordering shows all that is not fleeting, whatever is lost of the rest", () => {
  const message = fc.record({ isFleeting: fc.boolean(), isLost: fc.boolean() });
  fc.assert(fc.property(fc.array(message, { maxLength: 60 }), fc.nat(20), (messages, swaps) => {
    const ordering = new Ordering<number>(new Asking({ random: () => 0.5, members: () => 0 }));
    const window = { id: "", epoch: "", next: 0, missing: [], seenAt: 0 };
    let fleeting = 0;
    const sent = messages.flatMap(({ isFleeting, isLost }, sequence) => {
      const from = sequence - fleeting;
      fleeting = isFleeting ? fleeting + 1 : 0;
      return isFleeting && isLost ? [] : [{ sequence, from, isFleeting }];
    });
    for (let i = 0; i < swaps; i++) {
      const at = (i * 7) % Math.max(1, sent.length - 1);
      if (sent.length > 1) [sent[at], sent[at + 1]] = [sent[at + 1]!, sent[at]!];
    }
    const ready = sent.flatMap(({ sequence, from }) => {
      return ordering.take(window, sequence, sequence, 0, from).ready;
    });
    const due = ordering.tick(MAX_GAP_WAIT_MS);
    const shown = [...ready, ...due.ready].map(({ item }) => item);
    assert.deepEqual(shown, shown.toSorted((a, b) => a - b));
    const kept = messages.flatMap(({ isFleeting }, sequence) => isFleeting ? [] : [sequence]);
    const isKept = new Set(kept);
    assert.deepEqual(shown.filter((item) => isKept.has(item)), kept);
    const missing = due.missing.flatMap(({ range: [from, to] }) => {
      return Array.from({ length: to - from + 1 }, (_, i) => from + i);
    });
    assert.ok(missing.every((sequence) => !isKept.has(sequence)), `${missing}`);
  }));
});
