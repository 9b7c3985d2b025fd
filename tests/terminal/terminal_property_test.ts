import assert from "node:assert/strict";
import fc from "fast-check";
import { pureTest } from "../support/pure.ts";
import type { Widths } from "../support/unicode_widths.ts";
import { KEYS, messageOf, VirtualClient } from "../support/virtual_client.ts";

/**
 * The same cases each time: where a terminal disagrees about the width of what is at a row's end, it
 * keeps a row of the old prompt in one of a thousand resizes, and nothing tells which.
 */
const SEED = 1;

/** Keys whose effect depends on neither time nor size. */
const key = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom("a", "b ", "漢", "👨‍👩‍👧", "e\u0301", "🇫🇷", "1️⃣", "👍🏽", "word "),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ...[KEYS.left, KEYS.left, KEYS.right, KEYS.home, KEYS.end, KEYS.backspace, KEYS.delete],
      ...[KEYS.up, KEYS.down, KEYS.altEnter, KEYS.paste("one\ntwo"), KEYS.alt("b"), KEYS.alt("f")],
      ...["w", "u", "k", "y", "t", "_", "a", "e"].map(KEYS.ctrl),
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom(KEYS.enter, KEYS.ctrl("r"), KEYS.ctrl("g"), KEYS.tab) },
);
const size = fc.record({ columns: fc.integer({ min: 24, max: 120 }), rows: fc.constant(16) });
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ keys: fc.array(key, { minLength: 1, maxLength: 6 }) }) },
  { weight: 3, arbitrary: fc.record({ messages: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 2, arbitrary: fc.record({ sizes: fc.array(size, { minLength: 1, maxLength: 3 }) }) },
);
/** A draft that may be wrapped, and a place in it. */
const start = fc.record({ words: fc.nat(14), back: fc.nat(14) }).map(({ words, back }) => ({
  keys: ["漢字 👍🏽 words ".repeat(words), KEYS.alt("b").repeat(back)],
}));
type Step = { keys?: string[]; messages?: number; sizes?: { columns: number; rows: number }[] };

/** Rows that say something, and where the cursor is among all rows. */
function look({ terminal }: VirtualClient): { rows: string[]; column: number } {
  return { rows: terminal.all().filter((row) => row !== ""), column: terminal.cursor()[0] };
}

async function check(steps: readonly Step[], widths: Widths): Promise<void> {
  let [columns, rows] = [80, 16];
  const typed: string[] = [];
  const expected: string[] = [];
  await using virtual = await VirtualClient.open({ columns, rows, widths });
  for (const { keys, messages, sizes } of steps) {
    for (const keystroke of keys ?? []) {
      if (keystroke === "") continue;
      typed.push(keystroke);
      await virtual.type(keystroke);
    }
    for (let i = 0; i < (messages ?? 0); i++) {
      expected.push(`bob  m${expected.length};`);
      await virtual.show(messageOf(`m${expected.length - 1};`));
    }
    for (const size of sizes ?? []) {
      ({ columns, rows } = size);
      await virtual.resize(columns, rows);
    }
    await virtual.settle();
    await using fresh = await VirtualClient.open({ columns, rows, widths });
    await fresh.type(...typed);
    const prompt = look(fresh);
    const all = look(virtual);
    assert.deepEqual(all.rows, [...expected, ...prompt.rows]);
    assert.equal(all.column, prompt.column);
    assert.deepEqual(virtual.entered, fresh.entered);
  }
}

for (const widths of ["clusters", "6", "wide", "cjk"] as const) {
  pureTest(`Terminal loses, doubles and leaves nothing, whatever happens: ${widths}`, async () => {
    await fc.assert(
      fc.asyncProperty(start, fc.array(step, { maxLength: 8 }), (start, steps) => {
        return check([start, ...steps], widths);
      }),
      { numRuns: 40, seed: SEED },
    );
  });
}
