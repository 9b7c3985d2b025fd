import assert from "node:assert/strict";
import { Screen } from "../../../lib/terminal/screen/screen.ts";
import { makeTheme } from "../../../lib/terminal/screen/theme.ts";
import { splitClusters, textWidth } from "../../../lib/text/cluster.ts";
import { pureTest } from "../../support/pure.ts";
import { layDraft, VirtualScreen } from "../../support/virtual_screen.ts";

const SIZES = [[80, 24], [40, 10], [200, 50]] as const;
const DRAFT = `${"typed 漢字 e\u0301 👨‍👩‍👧 🇫🇷 1️⃣ 👍🏽 ".repeat(4)}end`;

/** What a row shows: the emulator does not join emoji, but no cell is lost. */
function rowsOf(draft: string, columns: number): string[] {
  return layDraft(draft, 0, columns).rows.map((row) =>
    row.map(({ text }) => text).join("").trimEnd()
  );
}

for (const [columns, rows] of SIZES) {
  pureTest(
    `print() leaves draft and cursor at ${columns}x${rows}, wherever it stands`,
    async () => {
      await using virtual = new VirtualScreen({ columns, rows });
      const { terminal, screen } = virtual;
      const expected: string[] = [];
      const total = splitClusters(DRAFT).length;
      for (let cursor = 0; cursor <= total; cursor++) {
        await virtual.type(DRAFT, cursor);
        const printed = screen.print(() => [`message ${cursor}`]);
        await virtual.settle();
        await printed;
        expected.push(`message ${cursor}`);
        const view = layDraft(DRAFT, cursor, columns);
        const height = view.rows.length;
        const top = Math.min(expected.length, rows - height);
        assert.deepEqual(terminal.cursor(), [view.cursor.column, top + view.cursor.row]);
        assert.deepEqual(terminal.all().slice(0, expected.length), expected);
        assert.equal(terminal.all().length, expected.length + rowsOf(DRAFT, columns).length);
        assert.deepEqual(
          terminal.screen().slice(0, top),
          expected.slice(expected.length - top),
        );
      }
    },
  );

  pureTest(`resize() finds the prompt again from ${columns}x${rows}`, async () => {
    for (const reflowCursorLine of [false, true]) {
      for (const to of [columns - 1, columns - 7, Math.ceil(columns / 2), 11, columns + 9]) {
        await using virtual = new VirtualScreen({ columns, rows, reflowCursorLine });
        const draft = "word ".repeat(columns / 5 + 6).trimEnd();
        const cursors = [0, 8, columns - 4, columns - 2, draft.length];
        for (const [i, cursor] of cursors.entries()) {
          await virtual.resize(columns, rows);
          const printed = virtual.screen.print(() => [`m ${cursor}`]);
          await virtual.type(draft, cursor);
          await printed;
          await virtual.resize(to, rows);
          const all = virtual.terminal.all();
          assert.ok(all.includes(`m ${cursor}`), `${to} ${cursor} lost: ${all.join("|")}`);
          const view = layDraft(draft, cursor, to);
          const last = view.rows.map((row) => row.map(({ text }) => text).join("").trimEnd());
          // The cursor may be alone on a last row, which the emulator does not list.
          if (last.at(-1) === "") last.pop();
          if (view.rows.length < rows) {
            assert.deepEqual(all.slice(-last.length), last, `${to} at ${cursor}`);
            assert.equal(virtual.terminal.cursor()[0], view.cursor.column);
          }
          const messages = all.filter((row) => row.startsWith("m "));
          assert.equal(messages.length, i + 1);
        }
      }
    }
  });
}

pureTest("a flood is drawn in order, in 30 writes a second at most", async () => {
  await using virtual = new VirtualScreen({ columns: 80, rows: 24 });
  await virtual.type("draft", 3);
  const begin = virtual.now;
  const before = virtual.writes.length;
  const printed = Array.from({ length: 5000 }, (_, i) => virtual.screen.print(() => [`row ${i}`]));
  await virtual.settle();
  await Promise.all(printed);
  const seconds = (virtual.now - begin) / 1000;
  assert.ok(virtual.writes.length - before <= 1 + 30 * seconds, `${virtual.writes.length} writes`);
  const all = virtual.terminal.all();
  assert.deepEqual(all.slice(0, 5000), Array.from({ length: 5000 }, (_, i) => `row ${i}`));
  assert.deepEqual(all.slice(5000), ["> draft"]);
  assert.deepEqual(virtual.terminal.cursor(), [5, 23]);
});

pureTest("the first repaint comes at once, later ones are one", async () => {
  await using virtual = new VirtualScreen({ columns: 80, rows: 24 });
  const first = virtual.screen.print(() => ["a"]);
  await first;
  assert.equal(virtual.writes.length, 1);
  const later = [virtual.screen.print(() => ["b"]), virtual.screen.print(() => ["c"])];
  assert.equal(virtual.writes.length, 1);
  await virtual.settle();
  await Promise.all(later);
  assert.equal(virtual.writes.length, 2);
  assert.ok(virtual.now >= 1000 / 30);
});

pureTest("clear() leaves all in the scrollback and the prompt on top", async () => {
  await using virtual = new VirtualScreen({ columns: 40, rows: 10 });
  const printed = virtual.screen.print(() => ["kept"]);
  await virtual.type("draft", 5);
  await printed;
  virtual.screen.clear();
  await virtual.settle();
  assert.deepEqual(virtual.terminal.screen(), ["> draft"]);
  assert.deepEqual(virtual.terminal.cursor(), [7, 0]);
  assert.equal(virtual.terminal.all()[0], "kept");
});

pureTest("suspend() erases the prompt, resume() draws it below what others wrote", async () => {
  await using virtual = new VirtualScreen({ columns: 40, rows: 10 });
  await virtual.type("draft", 5);
  await virtual.screen.suspend();
  assert.deepEqual([virtual.terminal.all(), virtual.terminal.cursor()], [[], [0, 0]]);
  const printed = virtual.screen.print(() => ["later"]);
  await virtual.terminal.feed("$ fg\r\n");
  await virtual.settle();
  assert.deepEqual(virtual.terminal.all(), ["$ fg"]);
  virtual.screen.resume();
  await virtual.settle();
  await printed;
  assert.deepEqual(virtual.terminal.all(), ["$ fg", "later", "> draft"]);
});

pureTest("print() sees to keys again before all of what is slow to lay out is drawn", async () => {
  await using virtual = new VirtualScreen({ columns: 40, rows: 10 });
  await virtual.settle();
  virtual.writes.length = 0;
  const printed = Array.from({ length: 10 }, (_, i) =>
    virtual.screen.print(() => {
      virtual.now += 40;
      return [`item ${i}`];
    }));
  await virtual.settle();
  await Promise.all(printed);
  const counts = virtual.writes.map((write) => write.match(/item/g)!.length);
  assert.deepEqual(counts, [3, 3, 3, 1]);
});

pureTest("close() prints what waits, and leaves no prompt", async () => {
  const virtual = new VirtualScreen({ columns: 40, rows: 10 });
  await virtual.type("draft", 5);
  const printed = Array.from({ length: 3000 }, (_, i) => virtual.screen.print(() => [`${i}`]));
  await virtual.screen.close();
  await Promise.all(printed);
  assert.equal(virtual.terminal.all().length, 3000);
  assert.equal(virtual.terminal.cursor()[0], 0);
  await assert.rejects(virtual.screen.print(() => []), {
    message: "Cannot print: the screen is closed",
  });
  virtual.terminal[Symbol.dispose]();
});

pureTest("abandon() tells what erases the prompt, and draws nothing any more", async () => {
  for (const cursor of [0, 60, 130]) {
    await using virtual = new VirtualScreen({ columns: 40, rows: 10 });
    const printed = virtual.screen.print(() => ["message"]);
    await virtual.type("x".repeat(130), cursor);
    await printed;
    const { length } = virtual.writes;
    virtual.screen.refresh();
    await virtual.terminal.feed(virtual.screen.abandon());
    assert.equal(virtual.screen.abandon(), "");
    virtual.screen.refresh();
    await virtual.settle();
    assert.ok(virtual.writes.length <= length + 1, "it went on drawing");
    assert.deepEqual(virtual.terminal.all(), ["message"]);
    assert.deepEqual(virtual.terminal.cursor(), [0, 1]);
  }
});

pureTest("a screen of any size is drawn on", async () => {
  for (const [columns, rows] of [[1, 1], [10, 3], [2, 2], [0, 0]] as const) {
    await using virtual = new VirtualScreen({
      columns: Math.max(1, columns),
      rows: Math.max(1, rows),
    });
    await virtual.resize(Math.max(1, columns), Math.max(1, rows));
    const printed = virtual.screen.print(() => ["a"]);
    await virtual.type(DRAFT, 9);
    await printed;
    assert.ok(textWidth(virtual.terminal.all()[0] ?? "") <= Math.max(1, columns));
  }
});

pureTest("print() and refresh() outlive a prompt, an item and a terminal that fail", async () => {
  await using virtual = new VirtualScreen({ columns: 40, rows: 10 });
  const failed = virtual.screen.print(() => {
    throw new TypeError("planned");
  });
  await assert.rejects(failed, TypeError);
  const printed = virtual.screen.print(() => ["after"]);
  await virtual.settle();
  await printed;
  assert.equal(virtual.terminal.all()[0], "after");
});

// xterm.js moves its cursor down when it breaks rows below it; then a row may stay.
pureTest("resize() leaves nothing of the old prompt above the cursor's row", async () => {
  for (const reflowCursorLine of [false, true]) {
    for (const to of [53, 60, 79]) {
      for (let cursor = 80; cursor < 130; cursor += 7) {
        await using virtual = new VirtualScreen({ columns: 80, rows: 24, reflowCursorLine });
        const printed = virtual.screen.print(() => ["message"]);
        await virtual.type("x".repeat(130), cursor);
        await printed;
        await virtual.resize(to, 24);
        const rows = layDraft(virtual.draft, cursor, to).rows;
        const expected = rows.map((row) => row.map(({ text }) => text).join(""));
        const at = `${to} columns, cursor at ${cursor}, ${reflowCursorLine}`;
        assert.deepEqual(virtual.terminal.all(), ["message", ...expected], at);
      }
    }
  }
});

pureTest("a size that changes while the cursor is asked for is measured anew", async () => {
  let size = { columns: 80, rows: 24 };
  let output = "";
  let asked = 0;
  const screen = new Screen({
    write: (text) => Promise.resolve(void (output += text)),
    size: () => size,
    prompt: () => ({
      rows: [[{ text: "x".repeat(80), style: "plain" }], [{
        text: "y".repeat(70),
        style: "plain",
      }]],
      cursor: { row: 1, column: 70 },
    }),
    theme: makeTheme(0),
    askCursor: () => {
      asked++;
      size = { columns: 30, rows: 24 };
      return Promise.resolve({ row: 9, column: 11 });
    },
  });
  await screen.print(() => []);
  size = { columns: 60, rows: 24 };
  output = "";
  await screen.print(() => []);
  // Of 80 columns 3 rows were made, and of 70 another 2 above the cursor.
  assert.ok(output.includes("\r\x1b[5A"), JSON.stringify(output));
  assert.equal(asked, 2);
  await screen.close();
});

pureTest("a size that changes all the time is measured 4 times, and then taken", async () => {
  let columns = 80;
  let asked = 0;
  const screen = new Screen({
    write: () => Promise.resolve(),
    size: () => ({ columns, rows: 24 }),
    prompt: () => ({
      rows: ["x".repeat(80), "y".repeat(70)].map((text) => [{ text, style: "plain" }]),
      cursor: { row: 1, column: 70 },
    }),
    theme: makeTheme(0),
    askCursor: () => {
      asked++;
      columns--;
      return Promise.resolve({ row: 9, column: 11 });
    },
  });
  await screen.print(() => []);
  columns = 60;
  await screen.print(() => []);
  assert.equal(asked, 4);
  await screen.close();
});

pureTest(
  "suspend() stops a repaint that is due, and resume() draws at once all the same",
  async () => {
    await using virtual = new VirtualScreen({ columns: 40, rows: 10 });
    await virtual.type("a", 1);
    virtual.draft = "ab";
    virtual.screen.refresh();
    const before = virtual.writes.length;
    await virtual.screen.suspend();
    await virtual.settle();
    assert.equal(virtual.writes.length, before + 1, "the prompt was erased, and nothing drawn");
    virtual.now += 1000;
    virtual.screen.resume();
    await virtual.settle();
    assert.deepEqual(virtual.terminal.screen(), ["> ab"]);
  },
);

pureTest("suspend() and abandon() erase a prompt that is gone no more", async () => {
  await using virtual = new VirtualScreen({ columns: 40, rows: 10 });
  await virtual.type("a", 1);
  await virtual.screen.suspend();
  const { length } = virtual.writes;
  await virtual.screen.suspend();
  assert.equal(virtual.writes.length, length);
  assert.equal(virtual.screen.abandon(), "");
});
