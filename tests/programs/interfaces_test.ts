import assert from "node:assert/strict";
import {
  type InterfaceParts,
  openInterface,
  writeJsonFailure,
} from "../../lib/programs/interfaces.ts";
import { VERSION } from "../../lib/version.ts";
import { fakeMembers, fakeRoom, message, SAY } from "../support/fake_chat.ts";
import { pureTest } from "../support/pure.ts";

const NOW = () => 1785571200_999;

/** Opens an interface; what it writes and reports is collected. */
async function open(
  parts: Pick<InterfaceParts, "json" | "send"> & Partial<InterfaceParts>,
  input: string[] = [],
) {
  const output: string[] = [];
  const { members } = await fakeMembers();
  const { user, finish } = await openInterface({
    input: ReadableStream.from(input.map((text) => new TextEncoder().encode(text))),
    write: (bytes) => Promise.resolve(void output.push(new TextDecoder().decode(bytes))),
    report: (line) => void output.push(`report ${line}`),
    room: fakeRoom([]) as InterfaceParts["room"],
    members,
    mover: { catchUp: () => Promise.resolve("newest") },
    fingerprint: "95355 41374 02588 71678",
    formatTime: (seconds) => `at ${seconds}`,
    now: NOW,
    say: SAY,
    ...parts,
  });
  return { user, finish, output };
}

const OLD = { ...message("hi", { age: "old" }), isOwn: false, isMention: false };

pureTest("openInterface() takes lines as messages, and writes messages as lines", async () => {
  const { user, finish, output } = await open({ json: false, send: undefined }, ["a\n/b", "c\n"]);
  assert.deepEqual((await Array.fromAsync(user.inputs())).flat(), ["a", "/bc"]);
  await user.show([OLD]);
  await finish("it failed");
  assert.deepEqual(output, [`[at ${OLD.time}] <${OLD.nickname}> hi\n`]);
});

pureTest("openInterface() says hello to a bot, and tells it of a failure", async () => {
  const { user, finish, output } = await open({ json: true, send: undefined }, ['{"type":"quit"}']);
  const inputs = (await Array.fromAsync(user.inputs())).flat();
  assert.deepEqual(inputs, [{ kind: "command", name: "quit", args: [] }]);
  await finish("it failed");
  const time = 1785571200;
  assert.deepEqual(output.join("").trimEnd().split("\n").map((line) => JSON.parse(line)), [
    {
      ...{ type: "hello", time, version: 1, program: VERSION },
      ...{ id: "A".repeat(43), nickname: "alice", room: "95355 41374 02588 71678" },
    },
    { type: "error", time, reason: "fatal", message: "it failed" },
  ]);
});

pureTest("openInterface() reads no input and shows no message if it has one to send", async () => {
  for (const json of [false, true]) {
    const { user, finish, output } = await open({ json, send: "/a\nb" }, ["c\n"]);
    const inputs = (await Array.fromAsync(user.inputs())).flat();
    assert.deepEqual(inputs, [{ kind: "text", text: "/a\nb" }]);
    await user.show([OLD]);
    await finish();
    assert.deepEqual(output, []);
  }
});

pureTest("writeJsonFailure() writes the one line of a client that could not begin", async () => {
  let output = "";
  const write = (bytes: Uint8Array) => {
    output += new TextDecoder().decode(bytes);
    return Promise.resolve();
  };
  await writeJsonFailure("Cannot connect\x1b", write, NOW);
  const line = '{"type":"error","time":1785571200,"reason":"fatal","message":';
  assert.equal(output, `${line}"Cannot connect\\u001b"}\n`);
});

pureTest(
  "openInterface() sends no message of who was put out, and tells of an old key",
  async () => {
    const standing = (state: "behind" | "put out") => ({ catchUp: () => Promise.resolve(state) });
    const behind = await open({ json: false, send: "a", mover: standing("behind") });
    assert.deepEqual((await Array.fromAsync(behind.user.inputs())).length, 1);
    assert.deepEqual(behind.output, [
      "report nobody here has given you the room's new key: the message is under an older one",
    ]);
    const out = await open({ json: false, send: "a", mover: standing("put out") });
    await assert.rejects(Array.fromAsync(out.user.inputs()), {
      name: "ChatError",
      message: "Cannot send: the room has a new key that is not for you",
    });
  },
);
