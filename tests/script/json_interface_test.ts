import assert from "node:assert/strict";
import type { Happening } from "../../lib/client/events.ts";
import { MAX_TEXT_BYTES } from "../../lib/protocol/limits.ts";
import {
  JsonInterface,
  type JsonParts,
  MAX_JSON_LINE_BYTES,
} from "../../lib/script/json_interface.ts";
import {
  fakeMembers,
  fakeRoom,
  letOthersRun,
  message,
  never,
  SAY,
  talk,
} from "../support/fake_chat.ts";
import { pureTest } from "../support/pure.ts";
import { isValid } from "../support/schema.ts";

const NOW = 1785571200;
const HELLO = { version: 1, program: "0.1.0", nickname: "alice", id: "A", room: "1" };

async function openBot(
  lines: readonly (string | object | Uint8Array)[],
  overrides: Partial<JsonParts> = {},
) {
  const output: string[] = [];
  const encoder = new TextEncoder();
  const bot = await JsonInterface.open({
    input: (async function* () {
      for (const line of lines) {
        if (line instanceof Uint8Array) yield line;
        else yield encoder.encode((typeof line === "string" ? line : JSON.stringify(line)) + "\n");
      }
      await Promise.resolve();
    })(),
    write: (bytes) => Promise.resolve(void output.push(new TextDecoder().decode(bytes))),
    hello: HELLO,
    untilTaken: () => Promise.resolve(true),
    members: () => [],
    now: () => NOW * 1000 + 999,
    say: SAY,
    ...overrides,
  });
  /** All lines but the first, without their time. */
  const said = () => {
    const values = output.join("").split("\n").slice(0, -1).map((line) => JSON.parse(line));
    for (const value of values) assert.ok(isValid(value, "output"), JSON.stringify(value));
    assert.deepEqual(values[0], { type: "hello", time: NOW, ...HELLO });
    return values.slice(1).map(({ time, ...rest }) => {
      assert.equal(time, NOW);
      return rest;
    });
  };
  return { bot, said };
}

pureTest("JsonInterface carries out inputs in order, and tells what was taken", async () => {
  const log: string[] = [];
  const { bot, said } = await openBot([
    { type: "message", text: "/quit\n\u2028", ref: 1 },
    { type: "action", text: "waves", ref: "two" },
    { type: "message", text: "no ref" },
    { type: "nick", name: "al", ref: 3 },
    { type: "status", ref: 4 },
    { type: "quit" },
    { type: "message", text: "never" },
  ]);
  await talk(bot, fakeRoom(log));
  await bot.finish();
  const written = ["chat /quit\n\u2028", "act waves", "chat no ref", "rename al", "finish"];
  assert.deepEqual(log, written);
  const taken = said().filter(({ type }) => type === "taken").map(({ ref }) => ref);
  assert.deepEqual(taken, [1, "two", 3]);
  const rest = said().filter(({ type }) => type !== "taken");
  assert.deepEqual(rest, [{ type: "notice", text: "fine", ref: 4 }]);
});

pureTest("JsonInterface tells nothing as taken before it is, or if it never is", async () => {
  const gate = Promise.withResolvers<boolean>();
  const input = [{ type: "message", text: "a", ref: 1 }];
  for (const isTaken of [true, false]) {
    const { bot, said } = await openBot(input, {
      untilTaken: () => gate.promise.then(() => isTaken),
    });
    await talk(bot, fakeRoom([]));
    const finishing = bot.finish("gone");
    await letOthersRun();
    if (isTaken) assert.deepEqual(said(), []);
    gate.resolve(true);
    await finishing;
    const fatal = { type: "error", reason: "fatal", message: "gone" };
    assert.deepEqual(said(), isTaken ? [{ type: "taken", ref: 1 }, fatal] : [fatal]);
  }
});

pureTest(
  "JsonInterface answers what is no input, goes on, and the conversation fails",
  async () => {
    const log: string[] = [];
    const long = "x".repeat(MAX_JSON_LINE_BYTES);
    const { bot, said } = await openBot([
      ...["hello", { type: "shout", ref: 1 }, new Uint8Array([0xff, 0x0a]), long + "x"],
      { type: "message", text: "last" },
    ]);
    await assert.rejects(talk(bot, fakeRoom(log)), {
      message: "Not everything was sent: 4 refused, see above",
    });
    assert.deepEqual(log, ["chat last", "finish"]);
    const error = { type: "error", reason: "input" };
    assert.deepEqual(said(), [
      { ...error, message: "a line is not JSON" },
      { ...error, message: "type is missing or unknown", ref: 1 },
      { ...error, message: "a line is not UTF-8" },
      { ...error, message: `a line is longer than ${MAX_JSON_LINE_BYTES} bytes` },
    ]);
  },
);

pureTest("JsonInterface takes the longest text, all of it escaped", async () => {
  const log: string[] = [];
  const text = "\\u0000".repeat(MAX_TEXT_BYTES);
  const { bot } = await openBot([`{"type":"message","text":"${text}"}`]);
  await talk(bot, fakeRoom(log));
  assert.deepEqual(log, ["chat " + "\0".repeat(MAX_TEXT_BYTES), "finish"]);
});

pureTest("JsonInterface names the input that is refused", async () => {
  const text = "x".repeat(MAX_TEXT_BYTES + 1);
  const { bot, said } = await openBot([
    { type: "message", text, ref: 1 },
    { type: "private", to: "bob", text: "psst", ref: 2 },
    { type: "nick", name: "a b", ref: 3 },
  ]);
  await assert.rejects(talk(bot, fakeRoom([])), /3 refused/);
  await bot.finish();
  assert.deepEqual(said().map(({ type, reason, ref }) => [type, reason, ref]), [
    ...[1, 2, 3].map((ref) => ["error", "refused", ref]),
  ]);
  assert.equal(said()[1].message, "there is no bob here; see /names");
});

pureTest("JsonInterface lists members", async () => {
  const { members, roster } = await fakeMembers();
  const bob = { id: "B", epoch: "e", nickname: "bob", agreementKey: undefined, cid: 1, away: "" };
  roster.see(bob, 0);
  const { bot, said } = await openBot([{ type: "names", ref: 1 }], {
    members: () => members.list(),
  });
  await talk(bot, fakeRoom([]), { members });
  const listed = [{ nickname: "bob", id: "B", trust: "verified", away: "" }];
  assert.deepEqual(said(), [{ type: "names", members: listed, ref: 1 }]);
});

pureTest("JsonInterface tells what happens, and a flood of rejections in a few lines", async () => {
  const rejected = Array.from({ length: 12 }, (_, i): Happening => {
    return { kind: "rejected", reason: "forged", count: i + 1 };
  });
  const trust = "verified" as const;
  const { bot, said } = await openBot([]);
  const plain = { id: undefined, nickname: undefined, trust: "unverified" } as const;
  await talk(
    bot,
    fakeRoom([], [[
      { kind: "live", isAgain: false },
      message("alice: \x1b[2J\u202e"),
      message("<eve> x", { ...plain, isLate: true, age: "old" }),
      { kind: "renamed", id: "A", before: "bob", nickname: "rob", trust },
      ...rejected,
    ]]),
  );
  const chat = { type: "message", form: "chat" };
  assert.deepEqual(said(), [
    { type: "live", again: false },
    {
      ...{ ...chat, from: { nickname: "bob", id: "B".repeat(42) + "A" } },
      ...{ text: "alice: \x1b[2J\u202e", trust, age: "live", late: false, mention: true },
    },
    {
      ...{ ...chat, from: { nickname: null, id: null }, text: "<eve> x" },
      ...{ trust: "unverified", age: "old", late: true, mention: false },
    },
    { type: "renamed", id: "A", before: "bob", nickname: "rob", trust },
    ...[1, 10, 12].map((count) => ({ type: "rejected", reason: "forged", count })),
  ]);
});

pureTest(
  "JsonInterface takes no further input, and nothing happens, while it cannot write",
  async () => {
    const log: string[] = [];
    let isFirst = true;
    const write = () => {
      const wait = isFirst ? Promise.resolve() : never;
      isFirst = false;
      return wait;
    };
    const { bot } = await openBot(["x", { type: "message", text: "a" }], { write });
    const room = fakeRoom(log, [], {
      async *events() {
        for (let i = 0; i < 3; i++) {
          log.push(`event ${i}`);
          yield [{ kind: "live", isAgain: true } as const];
        }
        await never;
      },
    });
    talk(bot, room);
    await letOthersRun();
    assert.deepEqual(log, ["event 0"]);
  },
);

pureTest("JsonInterface ends the conversation when nobody reads it", async () => {
  let count = 0;
  const write = () => count++ === 0 ? Promise.resolve() : Promise.reject(new Error("closed"));
  const { bot } = await openBot([{ type: "status" }], { write });
  await assert.rejects(talk(bot, fakeRoom([])), { message: "closed" });
});

pureTest("JsonInterface.notify() writes a remark of its own where nothing was asked", async () => {
  const { bot, said } = await openBot([{ type: "status", ref: 1 }, { type: "message", text: "a" }]);
  bot.notify("before");
  await talk(bot, fakeRoom([]));
  bot.notify("after\x1b");
  await bot.finish();
  await letOthersRun();
  assert.deepEqual(said(), [
    { type: "notice", text: "before" },
    { type: "notice", text: "fine", ref: 1 },
    { type: "notice", text: "after\x1b" },
  ]);
});

pureTest(
  "JsonInterface.inputs() waits before an input is carried out, and not to quit",
  async () => {
    let asked = 0;
    const untilReady = () => Promise.resolve(void asked++);
    const lines = [{ type: "message", text: "a" }, { type: "names" }, { type: "quit" }];
    const { bot } = await openBot(lines, { untilReady });
    assert.equal((await Array.fromAsync(bot.inputs())).length, 2);
    assert.equal(asked, 1);
  },
);
