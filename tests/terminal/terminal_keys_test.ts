import assert from "node:assert/strict";
import { pureTest } from "../support/pure.ts";
import { KEYS, messageOf, VirtualClient } from "../support/virtual_client.ts";

const SIZE = { columns: 40, rows: 10 };
const { ctrl, alt } = KEYS;

/** Rows and the cursor, after keys. */
async function after(virtual: VirtualClient, ...keys: string[]) {
  await virtual.type(...keys);
  await virtual.settle();
  return [virtual.terminal.screen(), virtual.terminal.cursor()];
}

for (const [columns, rows] of [[80, 24], [40, 10], [200, 50]] as const) {
  pureTest(`Terminal goes through the history at ${columns}x${rows}`, async () => {
    await using virtual = await VirtualClient.open({ columns, rows });
    const long = "a long one ".repeat(columns / 10).trimEnd();
    await virtual.type("first", KEYS.enter, long, KEYS.enter, "kept 漢");
    const [draft] = await after(virtual);
    await virtual.type(KEYS.up);
    assert.ok(virtual.terminal.screen().length >= 2);
    assert.deepEqual(await after(virtual, KEYS.up), [["al> first"], [9, 0]]);
    await virtual.show(messageOf("hi"));
    assert.deepEqual(await after(virtual, KEYS.up), [["bob  hi", "al> first"], [9, 1]]);
    assert.equal(virtual.terminal.bells, 1);
    await virtual.type(KEYS.down, KEYS.down);
    assert.deepEqual(await after(virtual), [["bob  hi", ...draft as string[]], [11, 1]]);
  });

  pureTest(`Terminal searches the history at ${columns}x${rows}`, async () => {
    await using virtual = await VirtualClient.open({ columns, rows });
    await virtual.type("find me 漢", KEYS.enter, "other", KEYS.enter, "draft");
    assert.deepEqual(await after(virtual, ctrl("r"), "fin"), [
      ['search "fin": find me 漢'],
      [14, 0],
    ]);
    assert.deepEqual(await after(virtual, "zz"), [
      [`nothing older has "finzz": find me 漢`],
      [27, 0],
    ]);
    await virtual.show(messageOf("hi"));
    assert.deepEqual(await after(virtual, ctrl("g")), [["bob  hi", "al> draft"], [9, 1]]);
    await virtual.type(ctrl("r"), "oth", KEYS.enter);
    assert.deepEqual(virtual.entered, ["find me 漢", "other", "other"]);
    await virtual.type("again", ctrl("r"), "me", KEYS.escape);
    assert.equal(virtual.terminal.screen()[0], "bob  hi");
  });

  pureTest(`Terminal completes at ${columns}x${rows}`, async () => {
    const complete = (before: string) => ({
      start: 0,
      candidates: before === "b" ? ["bob: ", "bøb: ", "漢b: "] : before === "/n" ? ["/names "] : [],
    });
    await using virtual = await VirtualClient.open({ columns, rows, complete });
    assert.deepEqual(await after(virtual, "/n", KEYS.tab), [["al> /names"], [11, 0]]);
    await virtual.type(ctrl("u"), "b");
    const hint = "bob:   bøb:   漢b:";
    assert.deepEqual(await after(virtual, KEYS.tab), [["al> bob:", hint], [9, 0]]);
    assert.deepEqual(await after(virtual, KEYS.tab), [["al> bøb:", hint], [9, 0]]);
    await virtual.show(messageOf("hi"));
    assert.deepEqual(await after(virtual, KEYS.tab), [["bob  hi", "al> 漢b:", hint], [9, 1]]);
    assert.deepEqual(await after(virtual, KEYS.tab), [["bob  hi", "al> bob:", hint], [9, 1]]);
    assert.deepEqual(await after(virtual, KEYS.shiftTab), [["bob  hi", "al> 漢b:", hint], [9, 1]]);
    assert.deepEqual(await after(virtual, "x"), [["bob  hi", "al> 漢b: x"], [10, 1]]);
    const { bells } = virtual.terminal;
    await virtual.type(KEYS.tab);
    assert.equal(virtual.terminal.bells, bells + 1, "there is nothing to complete");
  });
}

pureTest("Terminal shows completions on one row, however narrow", async () => {
  const complete = () => ({ start: 0, candidates: ["candidate-1 ", "candidate-2 "] });
  await using virtual = await VirtualClient.open({ columns: 12, rows: 5, complete });
  const [rows] = await after(virtual, KEYS.tab);
  assert.deepEqual(rows, ["al> candidat", "    e-1", "candidate-1…"]);
});

pureTest("Terminal drops a completion that comes after the next key", async () => {
  const { promise, resolve } = Promise.withResolvers<{ start: number; candidates: string[] }>();
  await using virtual = await VirtualClient.open({ ...SIZE, complete: () => promise });
  await virtual.type("b", KEYS.tab, "x");
  resolve({ start: 0, candidates: ["bob: "] });
  assert.deepEqual(await after(virtual), [["al> bx"], [6, 0]]);
});

pureTest("Terminal edits several lines", async () => {
  await using virtual = await VirtualClient.open(SIZE);
  await virtual.type("one", KEYS.altEnter, "three", KEYS.up, KEYS.end, KEYS.altEnter, "two");
  assert.deepEqual(await after(virtual), [["al> one", "    two", "    three"], [7, 1]]);
  await virtual.show(messageOf("hi"));
  assert.deepEqual(await after(virtual, KEYS.down, KEYS.home), [
    ["bob  hi", "al> one", "    two", "    three"],
    [4, 3],
  ]);
  await virtual.type(KEYS.enter);
  assert.deepEqual(virtual.entered, ["one\ntwo\nthree"]);
});

pureTest("Terminal kills, yanks, transposes and moves by words", async () => {
  await using virtual = await VirtualClient.open(SIZE);
  await virtual.type("one two 漢字 👨‍👩‍👧 end");
  assert.deepEqual(await after(virtual, alt("b"), alt("b")), [["al> one two 漢字 👨‍👩‍👧 end"], [
    12,
    0,
  ]]);
  assert.deepEqual(await after(virtual, "\x1b[1;5D"), [["al> one two 漢字 👨‍👩‍👧 end"], [8, 0]]);
  assert.deepEqual(await after(virtual, ctrl("k")), [["al> one"], [8, 0]]);
  const yanked = "al> two 漢字 👨‍👩‍👧 endone";
  assert.deepEqual(await after(virtual, ctrl("a"), ctrl("y")), [[yanked], [19, 0]]);
  assert.deepEqual(await after(virtual, ctrl("u")), [["al> one"], [4, 0]]);
  assert.deepEqual(await after(virtual, alt("f"), KEYS.left, ctrl("t")), [["al> oen"], [7, 0]]);
  await virtual.type(ctrl("e"), ctrl("u"), "ab漢", ctrl("t"));
  assert.deepEqual((await after(virtual))[0], ["al> a漢b"]);
  assert.deepEqual((await after(virtual, ctrl("w")))[0], ["al>"]);
});

pureTest("Terminal clears the screen on Ctrl-L and when it is told to", async () => {
  for (const isKey of [true, false]) {
    await using virtual = await VirtualClient.open(SIZE);
    await virtual.show(messageOf("kept"));
    await virtual.type("draft", KEYS.left);
    if (isKey) await virtual.type(ctrl("l"));
    else {
      virtual.client.clear();
      await virtual.settle();
    }
    assert.deepEqual(await after(virtual), [["al> draft"], [8, 0]]);
    assert.equal(virtual.terminal.all()[0], "bob  kept");
    assert.equal(virtual.terminal.all().filter((row) => row === "al> draft").length, 1);
  }
});

pureTest("Terminal leaves on the second Ctrl-C, and on Ctrl-D on an empty line", async () => {
  await using virtual = await VirtualClient.open(SIZE);
  await virtual.type("draft");
  virtual.client.interrupt();
  assert.deepEqual(await after(virtual), [["al>", "Ctrl-C again leaves"], [4, 0]]);
  assert.deepEqual(await after(virtual, KEYS.up), [["al> draft"], [9, 0]]);
  virtual.client.interrupt();
  await virtual.settle();
  assert.equal(virtual.interrupts, 0);
  virtual.client.interrupt();
  assert.equal(virtual.interrupts, 1);
  await virtual.type("x", ctrl("d"));
  assert.equal(virtual.hasEnded, false);
  await virtual.type(ctrl("u"), ctrl("d"));
  assert.equal(virtual.hasEnded, true);
  await virtual.close();
  assert.deepEqual(virtual.terminal.screen(), []);
  assert.deepEqual(virtual.terminal.cursor(), [0, 0]);
});
