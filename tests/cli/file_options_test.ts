import assert from "node:assert/strict";
import { type FileOptions, readFileOptions } from "../../lib/cli/file_options.ts";
import { SAY } from "../support/fake_chat.ts";
import { pureTest } from "../support/pure.ts";

const ADDRESS = ["127.0.0.1", "5050"];

async function read(...args: string[]): Promise<FileOptions> {
  const options = await readFileOptions([...args, "--no-settings"], () => undefined, "linux", SAY);
  assert.ok(typeof options !== "string", String(options));
  return options;
}

pureTest("readFileOptions() reads what send-file is to do", async () => {
  const { client, job } = await read("send-file", "a b", ...ADDRESS, "--nick", "alice", "--json");
  assert.deepEqual(job, { kind: "send", path: "a b", to: undefined, forMs: undefined });
  const { nickname, json, stay, backlog } = client;
  assert.deepEqual([nickname, json, stay, backlog], ["alice", true, true, 0]);
  const more = await read("send-file", "a", ...ADDRESS, "--to", "bob", "--for", "604800");
  assert.deepEqual(more.job, { kind: "send", path: "a", to: "bob", forMs: 604_800_000 });
});

pureTest("readFileOptions() reads what take is to do", async () => {
  const { job, client } = await read("take", ...ADDRESS, "--dir", "/tmp", "--from", "alice");
  assert.deepEqual(job, { kind: "take", directory: "/tmp", from: "alice" });
  assert.deepEqual(client.address, { hostname: "127.0.0.1", port: 5050 });
  assert.deepEqual((await read("take", ...ADDRESS)).job, {
    ...{ kind: "take", directory: undefined, from: undefined },
  });
});

pureTest("readFileOptions() refuses what is missing, unknown or out of bounds", async () => {
  const cases: [string[], RegExp][] = [
    [["send-file", ...ADDRESS], /Missing argument: <port>/],
    [["send-file", "a", ...ADDRESS, "--for", "0"], /--for cannot be "0"/],
    [["send-file", "a", ...ADDRESS, "--for", "604801"], /--for cannot be "604801"/],
    [["send-file", "a", ...ADDRESS, "--plain"], /Unknown option: --plain/],
    [["take", ...ADDRESS, "--send", "x"], /Unknown option: --send/],
    [["take", ...ADDRESS, "more"], /Too many arguments/],
  ];
  for (const [args, message] of cases) {
    const reading = readFileOptions([...args, "--no-settings"], () => undefined, "linux", SAY);
    await assert.rejects(reading, { name: "UsageError", message });
  }
});

pureTest("readFileOptions() has a help for each", async () => {
  for (const name of ["send-file", "take"]) {
    const help = await readFileOptions([name, "--help"], () => undefined, "linux", SAY);
    assert.match(String(help), new RegExp(`chat-client ${name}`));
  }
});
