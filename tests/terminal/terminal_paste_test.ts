import assert from "node:assert/strict";
import { pureTest } from "../support/pure.ts";
import { KEYS, messageOf, VirtualClient } from "../support/virtual_client.ts";
import { SIZES } from "../support/expected_prompt.ts";

const LINES = Array.from({ length: 30 }, (_, i) => `line ${i + 1} of the paste 漢字 👍🏽`);
const PASTE = LINES.join("\r");

for (const [columns, rows] of SIZES) {
  pureTest(`Terminal asks before a paste of 30 lines at ${columns}x${rows}`, async () => {
    await using virtual = await VirtualClient.open({ columns, rows });
    await virtual.type("before ", KEYS.paste(PASTE));
    const question = "Paste 30 lines as one message? (y/n)";
    assert.deepEqual(virtual.terminal.screen(), ["al> before", question]);
    assert.deepEqual(virtual.terminal.cursor(), [11, 0]);
    await virtual.show(messageOf("meanwhile"));
    assert.deepEqual(virtual.terminal.screen(), ["bob  meanwhile", "al> before", question]);
    await virtual.type("n");
    assert.deepEqual(virtual.terminal.screen(), ["bob  meanwhile", "al> before"]);
    await virtual.type(KEYS.paste(PASTE), "y");
    const shown = LINES.map((line, i) => (i === 0 ? "al> before " : "    ") + line);
    const room = rows - 1;
    // Of more rows than there is room for, the last ones are shown: there the cursor is.
    const all = ["bob  meanwhile", ...shown];
    const expected = shown.length >= room ? shown.slice(-room) : all.slice(-rows);
    assert.deepEqual(virtual.terminal.screen().slice(-expected.length), expected);
    const [column, row] = virtual.terminal.cursor();
    assert.equal(column, 4 + LINES[29]!.length - "👍🏽".length + 2 + 2);
    assert.equal(row, virtual.terminal.screen().length - 1);
    await virtual.type(KEYS.enter);
    assert.deepEqual(virtual.entered, [`before ${LINES.join("\n")}`]);
    assert.deepEqual(
      virtual.terminal.all().filter((row) => row.startsWith("bob")),
      all.slice(0, 1),
    );
    assert.equal(virtual.terminal.screen().at(-1), "al>");
  });
}

pureTest("Terminal takes a short paste as one message, wherever it is cut", async () => {
  await using virtual = await VirtualClient.open({ columns: 40, rows: 10 });
  for (const byte of new TextEncoder().encode(KEYS.paste("one\r漢\x1b[31m\ttwo\r"))) {
    virtual.push(Uint8Array.of(byte));
    await virtual.turn();
  }
  await virtual.settle();
  assert.deepEqual(virtual.terminal.screen(), ["al> one", "    漢␛[31m    two"]);
  assert.deepEqual(virtual.entered, []);
  await virtual.type(KEYS.enter);
  assert.deepEqual(virtual.entered, ["one\n漢\x1b[31m\ttwo"]);
});

pureTest("Terminal waits a second for the end of a paste, and no longer", async () => {
  await using virtual = await VirtualClient.open({ columns: 40, rows: 10 });
  virtual.push("\x1b[200~no end");
  await virtual.turn();
  assert.deepEqual(virtual.terminal.screen(), ["al>"]);
  const before = virtual.now;
  await virtual.settle();
  assert.ok(virtual.now - before >= 1000);
  assert.deepEqual(virtual.terminal.screen(), ["al> no end"]);
  await virtual.type(" and on", KEYS.enter);
  assert.deepEqual(virtual.entered, ["no end and on"]);
});

pureTest("Terminal sends nothing of a paste by itself, and Ctrl-C drops the question", async () => {
  await using virtual = await VirtualClient.open({ columns: 40, rows: 10 });
  await virtual.type("draft", KEYS.paste(PASTE), KEYS.ctrl("c"));
  assert.deepEqual(virtual.terminal.screen(), ["al> draft"]);
  assert.deepEqual([virtual.entered, virtual.interrupts], [[], 0]);
});
