import assert from "node:assert/strict";
import { Member } from "../support/member.ts";
import { run, spawn } from "../support/programs.ts";
import { Proxy } from "../support/proxy.ts";
import { roomTest } from "../support/room.ts";

roomTest("presence takes no place among the last lines that a newcomer gets", async (common) => {
  const texts = Array.from({ length: 200 }, (_, i) => `message ${i}`);
  const alice = await Member.enter({ ...common, nickname: "alice" });
  await alice.say(...texts);
  await alice.entered.room.untilTaken();
  // As much as ten idle members say in 24 hours: see tests/client/presence_test.ts.
  for (let i = 0; i < 10; i++) {
    await using idle = await Member.enter({ ...common, nickname: `idle${i}` });
    for (let n = 0; n < 160; n++) await idle.entered.room.setAway(`${n}`);
    await idle.entered.room.untilTaken();
    await idle.entered.room.finish();
    assert.equal(await idle.entered.room.untilTaken(), true);
  }
  await alice[Symbol.asyncDispose]();
  await using newcomer = await Member.enter({ ...common, nickname: "new", backlog: 200 });
  const shown = newcomer.events.flatMap((event) => event.kind === "message" ? [event.text] : []);
  assert.deepEqual(shown, texts);
  assert.deepEqual(newcomer.notices, []);
});

roomTest("client --send shows others its message alone", async ({ directory: cwd, ...common }) => {
  await using alice = await Member.enter({ ...common, nickname: "alice" });
  const args = ["127.0.0.1", `${common.port}`, "--ephemeral", "-n", "bob"];
  for (let i = 0; i < 3; i++) {
    await using sender = await spawn("client", [...args, "--send", `${i}`], { cwd });
    assert.equal((await sender.finished()).code, 0);
  }
  await using carol = await Member.enter({ ...common, nickname: "carol" });
  await alice.waitFor(({ kind }) => kind === "joined");
  // Each run of bob's has a key of its own: the second and third are warned of.
  assert.deepEqual(alice.notices.filter((notice) => !notice.startsWith("WARNING")), [
    "carol joined",
  ]);
  assert.deepEqual(alice.members.names(), ["carol"]);
  assert.equal(carol.messages.length, 0);
});

roomTest("what a member misses while it is away is not called missing", async (common) => {
  // Its clock is faster, so that it gives up early.
  using proxy = new Proxy(common.port);
  const { port } = proxy;
  await using carol = await Member.enter({
    ...common,
    port,
    nickname: "carol",
    backlog: 200,
    speed: 10,
  });
  const bob = await Member.enter({ ...common, nickname: "bob" });
  await bob.say("before");
  await carol.waitForText("before");
  proxy.cut({ isDown: true });
  for (let n = 0; n < 5; n++) {
    await bob.entered.room.setAway(`${n}`);
    await bob.say(`${n}`);
  }
  await bob.entered.room.finish();
  await bob.entered.room.untilTaken();
  await bob[Symbol.asyncDispose]();
  proxy.cut({ isDown: false });
  await carol.waitForText("4");
  const shown = carol.events.flatMap((event) => event.kind === "message" ? [event.text] : []);
  assert.deepEqual(shown, ["before", "0", "1", "2", "3", "4"]);
  assert.equal(carol.events.some(({ kind }) => kind === "missing"), false);
});

roomTest(
  "piped input is announced only if it goes on, or asks for somebody",
  async ({ directory: cwd, ...common }) => {
    await using alice = await Member.enter({ ...common, nickname: "alice" });
    const args = ["127.0.0.1", `${common.port}`, "--ephemeral", "-n"];
    const { code } = await run("client", [...args, "bob"], { cwd, input: "the disk is full\n" });
    assert.equal(code, 0);
    await alice.waitForText("the disk is full");
    const input = "/msg alice psst\n";
    assert.equal((await run("client", [...args, "dave"], { cwd, input })).code, 0);
    await alice.waitForText("psst");
    await using _tail = await spawn("client", [...args, "carol"], { cwd });
    await alice.waitFor((event) => event.kind === "joined" && event.nickname === "carol");
    assert.deepEqual(alice.notices, ["dave joined", "dave left", "carol joined"]);
  },
);
