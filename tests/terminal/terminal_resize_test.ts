import assert from "node:assert/strict";
import { cellsOf, expectPrompt, SIZES, textOf } from "../support/expected_prompt.ts";
import { pureTest } from "../support/pure.ts";
import { KEYS, messageOf, VirtualClient } from "../support/virtual_client.ts";

for (const [columns, rows] of SIZES) {
  pureTest(`Terminal draws anew for each size from ${columns}x${rows}`, async () => {
    const cells = cellsOf(Math.ceil(columns * 1.1));
    const widths = [columns - 1, columns - 9, Math.ceil(columns / 2), columns + 13, columns];
    for (const cursor of [0, 1, Math.floor(cells.length / 2), cells.length - 1, cells.length]) {
      await using virtual = await VirtualClient.open({ columns, rows });
      await virtual.show(messageOf("before"));
      await virtual.type(textOf(cells), KEYS.left.repeat(cells.length - cursor));
      const printed = ["bob  before"];
      for (const to of widths) {
        await virtual.resize(to, rows);
        const at = `${to} columns, cursor at ${cursor}`;
        const expected = expectPrompt(cells, { cursor, columns: to });
        const { terminal } = virtual;
        assert.deepEqual(terminal.all(), [...printed, ...expected.rows], at);
        assert.equal(terminal.cursor()[0], expected.cursor[0], at);
        const height = Math.max(expected.rows.length, expected.cursor[1] + 1);
        const top = terminal.screen().length - expected.rows.length;
        assert.ok(top + height <= rows, at);
        assert.equal(terminal.cursor()[1], top + expected.cursor[1], at);
        await virtual.show(messageOf(`at ${to}`));
        printed.push(`bob  at ${to}`);
      }
      await virtual.type(KEYS.enter);
      assert.deepEqual(virtual.entered, [textOf(cells)]);
    }
  });
}

pureTest("Terminal is as tall as the window, whatever its height", async () => {
  await using virtual = await VirtualClient.open({ columns: 40, rows: 10 });
  await virtual.show(messageOf("kept"));
  await virtual.type("draft");
  for (const rows of [5, 3, 24, 10]) {
    await virtual.resize(40, rows);
    assert.deepEqual(virtual.terminal.all(), ["bob  kept", "al> draft"], `${rows} rows`);
    assert.equal(virtual.terminal.cursor()[0], 9);
  }
});

pureTest("Terminal loses no message over many sizes in a moment", async () => {
  await using virtual = await VirtualClient.open({ columns: 80, rows: 24 });
  await virtual.type("word ".repeat(40), KEYS.alt("b").repeat(20));
  const expected: string[] = [];
  for (let i = 0; i < 30; i++) {
    void virtual.client.show([messageOf(`m${i};`)]);
    expected.push(`bob  m${i};`);
    for (const columns of [79 - i, 40 + i, 100 - i]) virtual.resizeNow(columns, 24);
    if (i % 3 === 0) await virtual.settle();
  }
  await virtual.settle();
  const messages = virtual.terminal.all().filter((row) => row.startsWith("bob "));
  assert.deepEqual(messages, expected);
  await virtual.type(KEYS.enter);
  assert.deepEqual(virtual.entered, ["word ".repeat(40)]);
});

pureTest("Terminal leaves nothing of the prompt where rows are never broken", async () => {
  for (const to of [79, 60, 41]) {
    for (const back of [0, 3, 12, 30]) {
      await using virtual = await VirtualClient.open({ columns: 80, rows: 24, reflow: "none" });
      await virtual.show(messageOf("before"));
      await virtual.type("word ".repeat(30) + "end", KEYS.alt("b").repeat(back));
      await virtual.resize(to, 24);
      await using fresh = await VirtualClient.open({ columns: to, rows: 24 });
      await fresh.type("word ".repeat(30) + "end", KEYS.alt("b").repeat(back));
      const at = `${to} columns, ${back} words back`;
      assert.deepEqual(virtual.terminal.all(), ["bob  before", ...fresh.terminal.all()], at);
      assert.equal(virtual.terminal.cursor()[0], fresh.terminal.cursor()[0], at);
    }
  }
});

pureTest("Terminal works where nothing tells where the cursor is", async () => {
  const options = { columns: 80, rows: 24, reflow: "breaks", answers: false } as const;
  for (const [back, to] of [[0, 70], [1, 50], [5, 30]] as const) {
    await using virtual = await VirtualClient.open(options);
    await virtual.show(messageOf("before"));
    await virtual.type("x".repeat(74), KEYS.left.repeat(back));
    await virtual.resize(to, 24);
    const all = virtual.terminal.all();
    const expected = expectPrompt(Array.from({ length: 74 }, () => ["x", 1]), { columns: to });
    assert.deepEqual(all.slice(-expected.rows.length), expected.rows);
    assert.equal(all.filter((row) => row === "bob  before").length, 1);
    await virtual.show(messageOf("after"));
    assert.equal(virtual.terminal.all().filter((row) => row === "bob  after").length, 1);
  }
});

pureTest("Terminal works in a window of any size", async () => {
  for (const [columns, rows] of [[1, 1], [2, 2], [1, 9], [3, 1], [500, 9], [9, 3]] as const) {
    await using virtual = await VirtualClient.open({ columns, rows });
    await virtual.type("漢字 👨‍👩‍👧 text", KEYS.left, KEYS.altEnter, "more");
    await virtual.show(messageOf("a\nmessage"));
    await virtual.type(KEYS.tab, KEYS.ctrl("r"), "t", KEYS.escape, KEYS.ctrl("c"), KEYS.up);
    const [column, row] = virtual.terminal.cursor();
    assert.ok(column < columns && row < rows);
    await virtual.resize(80, 24);
    const screen = virtual.terminal.screen();
    assert.deepEqual(screen.slice(-2), ["al> 漢字 👨‍👩‍👧 tex", "    moret"], `${columns}x${rows}`);
    await virtual.type(KEYS.enter);
    assert.deepEqual(virtual.entered, ["漢字 👨‍👩‍👧 tex\nmoret"]);
  }
});

pureTest("Terminal draws its prompt below what others wrote while it was stopped", async () => {
  await using virtual = await VirtualClient.open({ columns: 40, rows: 10 });
  await virtual.type("draft");
  await virtual.continue("\r\n$ fg\r\n");
  assert.deepEqual(virtual.terminal.screen(), ["al> draft", "$ fg", "al> draft"]);
  assert.deepEqual(virtual.terminal.cursor(), [9, 2]);
});

pureTest("Terminal leaves no row where it is told late of a size, as by tmux", async () => {
  for (const keys of [[KEYS.home, "x"], ["x"], [KEYS.left, KEYS.left]]) {
    await using virtual = await VirtualClient.open({
      ...{ columns: 80, rows: 24, reflowCursorLine: true },
    });
    await virtual.show(messageOf("kept"));
    await virtual.type("q".repeat(290));
    await virtual.resize(100, 30);
    // The rows are broken already, and the client still takes the terminal for a wide one.
    virtual.terminal.resize(57, 20);
    for (const key of keys) {
      virtual.now += 60;
      virtual.push(key);
      await virtual.turn();
    }
    await virtual.resize(57, 20);
    const draft = virtual.terminal.all().slice(1).join("").replace(/^al> | {4}/g, "");
    assert.equal(virtual.terminal.all()[0], "bob  kept", keys.join());
    assert.equal(draft.replace("x", ""), "q".repeat(290), keys.join());
  }
});
