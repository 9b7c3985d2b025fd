import assert from "node:assert/strict";
import {
  type InterfaceParts,
  openInterface,
  writeJsonFailure,
} from "../../lib/programs/interfaces.ts";
import type { Standing } from "../../lib/client/rotation/mover.ts";
import { VERSION } from "../../lib/version.ts";
import { fakeMembers, fakeRoom, message, SAY } from "../support/fake_chat.ts";
import { pureTest } from "../support/pure.ts";

const NOW = () => 1785571200_999;

function standing(state: Standing): InterfaceParts["mover"] {
  return { catchUp: () => Promise.resolve(state), standing: state };
}

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
    mover: standing("newest"),
    stay: false,
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

const OUT = "Cannot send: the room has a new key that is not for you";
const BEHIND =
  "report nobody here has given you the room's new key: the message is under an older one";

pureTest("openInterface() sends nothing of who was put out, and tells of an old key", async () => {
  for (const parts of [{ json: false, send: "a" }, { json: false, send: undefined }]) {
    const behind = await open({ ...parts, mover: standing("behind") }, ["a\n", "b\n"]);
    assert.ok((await Array.fromAsync(behind.user.inputs())).length > 0);
    assert.deepEqual(behind.output, [BEHIND]);
    const out = await open({ ...parts, mover: standing("put out") }, ["a\n"]);
    const error = { name: "ChatError", message: OUT, hint: "Ask a member for an invitation." };
    await assert.rejects(Array.fromAsync(out.user.inputs()), error);
  }
});

pureTest("openInterface() lets who only reads on stay, and a bot", async () => {
  for (const parts of [{ stay: true, json: false }, { json: true }]) {
    const input = parts.json ? '{"type":"message","text":"a"}\n' : "a\n";
    const { user } = await open({ ...parts, send: undefined, mover: standing("put out") }, [input]);
    assert.equal((await Array.fromAsync(user.inputs())).length, 1);
  }
});
