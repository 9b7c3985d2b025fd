import assert from "node:assert/strict";
import { CELLS, cellsOf, expectPrompt, SIZES, textOf } from "../support/expected_prompt.ts";
import { pureTest } from "../support/pure.ts";
import { KEYS, messageOf, VirtualClient } from "../support/virtual_client.ts";

for (const [columns, rows] of SIZES) {
  pureTest(`Terminal shows each character that is typed at ${columns}x${rows}`, async () => {
    await using virtual = await VirtualClient.open({ columns, rows });
    const cells = cellsOf(Math.ceil(columns * 1.4));
    for (const [i, [text]] of cells.entries()) {
      await virtual.type(text);
      const expected = expectPrompt(cells.slice(0, i + 1), { columns });
      assert.deepEqual(virtual.terminal.screen(), expected.rows, `after ${i + 1}`);
      assert.deepEqual(virtual.terminal.cursor(), expected.cursor, `after ${i + 1}`);
    }
    await virtual.type(KEYS.enter);
    assert.deepEqual(virtual.entered, [textOf(cells)]);
    assert.deepEqual(virtual.terminal.screen(), ["al>"]);
    assert.deepEqual(virtual.terminal.cursor(), [4, 0]);
  });

  pureTest(`Terminal wraps each kind of character at ${columns}x${rows}`, async () => {
    await using virtual = await VirtualClient.open({ columns, rows });
    for (const cell of CELLS.filter(([text]) => text !== " ")) {
      // The last character ends before the margin, at it, and behind it.
      for (let before = columns - 8; before <= columns - 3; before++) {
        const cells = [...Array.from({ length: before }, () => ["-", 1] as const), cell, cell];
        await virtual.type(textOf(cells));
        const expected = expectPrompt(cells, { columns });
        assert.deepEqual(virtual.terminal.screen(), expected.rows, `${cell[0]} at ${before}`);
        assert.deepEqual(virtual.terminal.cursor(), expected.cursor, `${cell[0]} at ${before}`);
        await virtual.type(KEYS.ctrl("u"));
        assert.deepEqual(virtual.terminal.screen(), ["al>"]);
      }
    }
  });

  pureTest(`Terminal moves and deletes by characters at ${columns}x${rows}`, async () => {
    await using virtual = await VirtualClient.open({ columns, rows });
    const { terminal } = virtual;
    let cells = cellsOf(Math.ceil(columns * 0.9));
    await virtual.type(textOf(cells));
    for (let cursor = cells.length - 1; cursor >= 0; cursor--) {
      await virtual.type(KEYS.left);
      assert.deepEqual(terminal.cursor(), expectPrompt(cells, { cursor, columns }).cursor);
    }
    for (let cursor = 1; cursor <= cells.length; cursor += 1) {
      await virtual.type(KEYS.right);
      assert.deepEqual(terminal.cursor(), expectPrompt(cells, { cursor, columns }).cursor);
    }
    await virtual.type(KEYS.left, KEYS.left);
    for (let cursor = cells.length - 3; cursor > 0; cursor--) {
      await virtual.type(KEYS.backspace);
      cells = cells.toSpliced(cursor, 1);
      const expected = expectPrompt(cells, { cursor, columns });
      assert.deepEqual(terminal.screen(), expected.rows);
      assert.deepEqual(terminal.cursor(), expected.cursor);
    }
  });

  pureTest(`Terminal prints above the draft at each position at ${columns}x${rows}`, async () => {
    await using virtual = await VirtualClient.open({ columns, rows });
    const { terminal } = virtual;
    const cells = cellsOf(Math.ceil(columns * 1.6));
    const messages: string[] = [];
    await virtual.type(textOf(cells));
    for (let cursor = cells.length; cursor >= 0; cursor--) {
      await virtual.show(messageOf(`message ${cursor}`));
      messages.push(`bob  message ${cursor}`);
      const expected = expectPrompt(cells, { cursor, columns });
      assert.deepEqual(terminal.all(), [...messages, ...expected.rows], `at ${cursor}`);
      const height = Math.max(expected.rows.length, expected.cursor[1] + 1);
      const top = Math.min(messages.length, rows - height);
      assert.deepEqual(terminal.cursor(), [expected.cursor[0], top + expected.cursor[1]]);
      await virtual.type(KEYS.left);
    }
    await virtual.type(KEYS.enter);
    assert.deepEqual(virtual.entered, [textOf(cells)]);
    assert.deepEqual(terminal.all(), [...messages, "al>"]);
  });
}

pureTest("Terminal takes bytes wherever they are cut", async () => {
  await using virtual = await VirtualClient.open({ columns: 40, rows: 10 });
  const bytes = new TextEncoder().encode(`é漢👨‍👩‍👧🇫🇷${KEYS.left}${KEYS.left}1️⃣\x1b[1;5D x`);
  for (const byte of bytes) {
    virtual.push(Uint8Array.of(byte));
    await virtual.turn();
  }
  await virtual.settle();
  assert.deepEqual(virtual.terminal.screen(), ["al>  xé漢1️⃣👨‍👩‍👧🇫🇷"]);
  assert.deepEqual(virtual.terminal.cursor(), [6, 0]);
});
