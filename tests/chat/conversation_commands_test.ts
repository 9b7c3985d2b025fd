import assert from "node:assert/strict";
import { formatCommands } from "../../lib/chat/command_help.ts";
import { MAX_PRIVATE_TEXT_BYTES } from "../../lib/chat/limits.ts";
import type { Message } from "../../lib/client/events.ts";
import { MAX_TEXT_BYTES } from "../../lib/protocol/limits.ts";
import {
  fakeMembers,
  fakeRoom,
  fakeUser,
  letOthersRun,
  message,
  SAY,
  talk,
} from "../support/fake_chat.ts";
import { pureTest } from "../support/pure.ts";

const BOB = {
  id: "B".repeat(42) + "A",
  epoch: "AZ-8VkwAAAE",
  nickname: "bob",
  agreementKey: "C".repeat(42) + "A",
  cid: 7,
};

/** Members of whom bob is one. */
async function withBob() {
  const known = await fakeMembers();
  known.roster.see(BOB, 0);
  known.pins.judge("bob", BOB.id);
  return known;
}

/** What is done and told when a user at a prompt enters these lines. */
async function enter(lines: readonly string[]): Promise<string[]> {
  const log: string[] = [];
  const { members } = await withBob();
  await talk(fakeUser(log, [lines], { isPatient: false }), fakeRoom(log), { members });
  return log.filter((line) => line !== "finish");
}

pureTest("converse() carries each command out, between the messages around it", async () => {
  const log = await enter([
    "a",
    "/me waves",
    "b",
    "/msg bob psst you",
    "/names",
    "/nick alicia",
    "/status",
    "//etc",
  ]);
  assert.deepEqual(log, [
    "chat a",
    "act waves",
    "chat b",
    "tell bob psst you",
    "notify here: you, bob",
    "rename alicia",
    "nickname alicia",
    "notify fine",
    "chat /etc",
  ]);
});

pureTest("converse() tells the commands, and who is here when nobody is", async () => {
  const log: string[] = [];
  await talk(fakeUser(log, [["/help", "/names"]]), fakeRoom(log));
  const expected = [...formatCommands(SAY), "here: only you"].map((line) => `notify ${line}`);
  assert.deepEqual(log, [...expected, "finish"]);
});

pureTest("converse() takes lines with a slash as messages without commands", async () => {
  const log: string[] = [];
  await talk(fakeUser(log, [["/quit", "//x", "/nope"]]), fakeRoom(log), { hasCommands: false });
  assert.deepEqual(log, ["chat /quit", "chat //x", "chat /nope", "finish"]);
});

pureTest("converse() shows safety numbers, and accepts a new key", async () => {
  const log: string[] = [];
  const { members, roster, pins } = await withBob();
  roster.see({ ...BOB, id: "D".repeat(42) + "A" }, 1);
  const lines = ["/verify bob", "/trust bob"];
  await talk(fakeUser(log, [lines]), fakeRoom(log), { members });
  const number = /(?:\d{5} ){5}\d{5}$/;
  assert.match(log[0]!, /^notify you: /);
  assert.match(log[1]!, /^notify bob: /);
  assert.match(log[2]!, /^notify bob \(NOT the known one!\): /);
  for (const line of log.slice(0, 3)) assert.match(line, number);
  const accepted = log[4]!.replace(number, "");
  assert.equal(accepted, "notify the new key of bob is accepted: ");
  assert.ok(log[2]!.endsWith(number.exec(log[4]!)![0]));
  assert.equal(pins.peek("bob"), "D".repeat(42) + "A");
});

pureTest("converse() says why a command cannot be carried out", async () => {
  const log = await enter(["/nope", "/msg bob", "/msg eve hi", "/reply hi", "/nick <x>"]);
  assert.deepEqual(log, [
    "notify not sent: there is no command /nope; see /help, or type //nope",
    "notify usage: /msg <nick> <text>",
    "notify not sent: there is no eve here; see /names",
    "notify not sent: nobody has written to you alone",
    "notify Cannot use nickname: it has a space, <, > or an invisible character",
  ]);
});

pureTest("converse() fails in the end for a mistake in a script, not at a prompt", async () => {
  const lines = [["/nope", "/msg eve hi", "/reply x"]];
  await assert.rejects(talk(fakeUser([], lines), fakeRoom([])), {
    name: "ChatError",
    message: "Not everything was sent: 3 refused, see above",
  });
  await talk(fakeUser([], lines, { isPatient: false }), fakeRoom([]));
});

pureTest("converse() replies to the last who wrote alone, if it is known who that is", async () => {
  const cases: [Partial<Message>, string][] = [
    [{}, "tell bob back"],
    [{ form: "chat" }, "notify not sent: nobody has written to you alone"],
    [{ trust: "changed" }, "notify not sent: nobody has written to you alone"],
    [{ age: "old" }, "notify not sent: nobody has written to you alone"],
  ];
  for (const [changes, expected] of cases) {
    const log: string[] = [];
    const { members } = await withBob();
    const inputs = async function* () {
      await letOthersRun();
      yield ["/reply back"];
    };
    const room = fakeRoom(log, [[message("psst", { form: "private", ...changes })]]);
    await talk(fakeUser(log, [], { inputs, isPatient: false }), room, { members });
    assert.equal(log[1], expected);
  }
});

pureTest("converse() refuses a private text that is too long", async () => {
  const fits = "x".repeat(MAX_PRIVATE_TEXT_BYTES);
  assert.ok(MAX_PRIVATE_TEXT_BYTES < MAX_TEXT_BYTES);
  assert.deepEqual(await enter([`/msg bob ${fits}`]), [`tell bob ${fits}`]);
  assert.deepEqual(await enter([`/msg bob ${fits}x`]), [
    "notify not sent: 29901 bytes of text (29.9 kB is the most)",
  ]);
});

pureTest("converse() waits for room in a script, and refuses at a prompt", async () => {
  for (const isPatient of [true, false]) {
    const log: string[] = [];
    const { members } = await withBob();
    let isFull = true;
    const untilRoom = () => Promise.resolve(void (isFull = false));
    const room = fakeRoom(log, [], { untilRoom });
    Object.defineProperty(room, "isFull", { get: () => isFull });
    const lines = [["a", "b"], ["/msg bob c"]];
    await talk(fakeUser(log, lines, { isPatient }), room, { members });
    const refused = "notify not sent: too much is waiting to be sent";
    const expected = isPatient ? ["chat a", "chat b", "tell bob c"] : [refused, refused];
    assert.deepEqual(log, [...expected, "finish"]);
  }
});
