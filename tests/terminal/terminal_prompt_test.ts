import assert from "node:assert/strict";
import { pureTest } from "../support/pure.ts";
import { KEYS, messageOf, VirtualClient } from "../support/virtual_client.ts";
import { inWords } from "../support/wordings.ts";

const SIZE = { columns: 40, rows: 10 };

pureTest("Terminal shows the connection, the name and the recipient in its prompt", async () => {
  await using virtual = new VirtualClient(SIZE);
  await virtual.settle();
  const { client, terminal } = virtual;
  assert.deepEqual(terminal.screen(), ["al (connecting)>"]);
  await virtual.type("draft", KEYS.left);
  await client.happen({ kind: "live", isAgain: false }, undefined);
  await virtual.settle();
  assert.deepEqual([terminal.screen(), terminal.cursor()], [["al> draft"], [8, 0]]);
  client.setRecipient("bob");
  await virtual.settle();
  assert.deepEqual([terminal.screen(), terminal.cursor()], [["al → bob> draft"], [14, 0]]);
  void client.happen(
    { kind: "disconnected", reason: inWords("gone") },
    "Connection lost; connecting again",
  );
  await virtual.settle();
  const lost = "-- Connection lost; connecting again";
  assert.deepEqual(terminal.screen(), [lost, "al → bob (offline)> draft"]);
  client.setNickname("alice");
  client.setRecipient(undefined);
  await client.happen({ kind: "live", isAgain: false }, undefined);
  await virtual.settle();
  assert.deepEqual(terminal.screen(), [lost, "alice> draft"]);
  client.setRecipient("--");
  await virtual.settle();
  assert.deepEqual(terminal.screen(), [lost, "alice → <-->> draft"]);
});

pureTest("Terminal rings, notifies and counts what is unread in its title", async () => {
  await using virtual = await VirtualClient.open({ ...SIZE, notify: true });
  const { terminal } = virtual;
  await virtual.show(messageOf("for all"));
  assert.deepEqual([terminal.bells, terminal.title], [0, "(1) room — chat"]);
  await virtual.show(messageOf("al: you; there", { isMention: true }));
  assert.deepEqual([terminal.bells, terminal.title], [1, "(2) room — chat"]);
  const alert = "\x07\x1b]9;bob: al: you there\x07\x1b]777;notify;bob;al: you there\x07";
  assert.ok(virtual.output.includes(alert));
  await virtual.show(messageOf("psst", { form: "private" }), messageOf("old", { age: "old" }));
  assert.deepEqual([terminal.bells, terminal.title], [2, "(3) room — chat"]);
  await virtual.type("x");
  assert.equal(terminal.title, "room — chat");
  virtual.client.setBell("off");
  await virtual.show(messageOf("psst", { form: "private" }));
  assert.equal(terminal.bells, 2);
});

pureTest("Terminal counts nothing as read because it told where its cursor is", async () => {
  await using virtual = await VirtualClient.open({ ...SIZE, reflow: "breaks" });
  await virtual.type("a draft of thirty-five characters..");
  await virtual.show(messageOf("unread"));
  await virtual.resize(20, 10);
  assert.ok(virtual.output.includes("\x1b[6n"));
  assert.equal(virtual.terminal.title, "(1) room — chat");
});

pureTest("Terminal asks in place of the prompt, and brings the draft back", async () => {
  await using virtual = await VirtualClient.open(SIZE);
  const { client, terminal } = virtual;
  await virtual.type("draft");
  const asked = client.ask("your name> ", { typed: "root" });
  await virtual.settle();
  assert.deepEqual([terminal.screen(), terminal.cursor()], [["your name> root"], [15, 0]]);
  await virtual.show(messageOf("hi"));
  client.setNickname("elsewhere");
  await virtual.settle();
  assert.deepEqual(terminal.screen(), ["bob  hi", "your name> root"]);
  await virtual.type(KEYS.ctrl("u"), "漢", KEYS.enter);
  assert.equal(await asked, "漢");
  await virtual.settle();
  assert.deepEqual(terminal.screen(), ["bob  hi", "elsewhere> draft"]);
  assert.deepEqual(virtual.entered, []);
});

pureTest("Terminal gives no answer if the user leaves", async () => {
  await using virtual = await VirtualClient.open(SIZE);
  const asked = virtual.client.ask("your name> ", { proposal: "" });
  await virtual.type(KEYS.ctrl("d"));
  assert.equal(await asked, undefined);
});

pureTest("Terminal writes nothing once it is closed, and prints before what waited", async () => {
  await using virtual = await VirtualClient.open(SIZE);
  await virtual.type("draft");
  const shown = virtual.client.show([messageOf("last")]);
  await virtual.close();
  await shown;
  assert.deepEqual(virtual.terminal.all(), ["bob  last"]);
  const { output } = virtual;
  virtual.client.notify("late");
  virtual.client.setNickname("late");
  await virtual.client.show([messageOf("late")]);
  await virtual.type("x");
  virtual.resizeNow(30, 9);
  await virtual.settle();
  assert.equal(virtual.output, output);
});
