import assert from "node:assert/strict";
import { runCommand as run } from "../support/commands.ts";
import { SECRET } from "../support/fixed_members.ts";
import { testNeeding } from "../support/needs.ts";
import { pureTest } from "../support/pure.ts";
import { withDirectory } from "../support/temporary.ts";

pureTest(
  "admission prints the line of docs/PROTOCOL.md from the key file that is named",
  async () => {
    const paths: string[] = [];
    const loadKey = (path: string) => {
      paths.push(path);
      return Promise.resolve(SECRET);
    };
    const env = (name: string) => name === "CHAT_KEY" ? "b.key" : undefined;
    const expected =
      "admission1.9V34nwS0YQKnODRaW7gv5A.Mwm4DONc2QluBEP0Rlc4GRae1BInGFtpoDesvZBllLc";
    assert.equal(await run(["admission", "--key", "a.key"], { loadKey, env }), expected);
    assert.equal(await run(["admission"], { loadKey, env }), expected);
    assert.equal(await run(["admission"], { loadKey }), expected);
    assert.deepEqual(paths, ["a.key", "b.key", "secret.key"]);
  },
);

pureTest("config prints each setting with its origin, for people or as JSON", async () => {
  const args = ["config", "--no-settings", "--bell", "pm"];
  const env = (name: string) => name === "CHAT_STAY" ? "yes" : undefined;
  const lines = (await run(args, { env })).split("\n");
  const find = (name: string) => lines.find((line) => line.startsWith(`${name} = `));
  assert.equal(find("bell"), 'bell = "pm"                     # command line');
  assert.equal(find("stay"), "stay = true                     # environment CHAT_STAY");
  assert.equal(find("json"), "json = false                    # default");
  const settings = JSON.parse(await run([...args, "--json"], { env }));
  assert.equal(settings.bell.value, "pm");
  assert.deepEqual(settings.json, { value: false, source: "default" });
});

pureTest("config --path prints the path of the settings file alone", async () => {
  const env = (name: string) => name === "HOME" ? "/home/a" : undefined;
  const usual = "/home/a/.config/encrypted-chatroom/config.json";
  assert.equal(await run(["config", "--path"], { env }), usual);
  assert.equal(await run(["config", "--path", "--settings", "x.json"], { env }), "x.json");
  await assert.rejects(run(["config", "--path"]), {
    name: "ChatError",
    message: "There is no place for a settings file",
    hint: "Set HOME or XDG_CONFIG_HOME, or name a file with --settings PATH.",
  });
});

testNeeding(["read", "write"], "config reads the settings file that is named", async () => {
  await withDirectory(async (directory) => {
    const path = `${directory}/config.json`;
    const args = ["config", "--settings", path];
    const message = `Cannot load settings: there is no ${path}`;
    await assert.rejects(run(args), { name: "UsageError", message });
    await Deno.writeTextFile(path, '{"nick": "alice"}', { mode: 0o600 });
    const line = `nick = "alice"                  # settings file ${path}`;
    assert.ok((await run(args)).split("\n").includes(line));
  });
});

pureTest("completions, man and the help of each command end without an LF", async () => {
  const texts: [string[], RegExp][] = [
    [["completions", "bash"], /^# chat-client: completions for bash\..*\ncomplete -F /s],
    [["man"], /^\.TH chat\\-client 1 .*\n\\fB\/quit\\fR\n/s],
    [["admission", "--help"], /^Prints what admits members .*\n\nUsage: chat-client admission /],
    [
      ["rooms", "--help"],
      /\n\nUsage: chat-client rooms \[add\|remove\] \[options\]\n\nCommands:\n/,
    ],
    [["rooms", "add", "--help"], /\n\nUsage: chat-client rooms add <name> <ip> <port> /],
    [["rooms", "remove", "--help"], /\n\nUsage: chat-client rooms remove <room> /],
    [["identity", "--help"], /\n\nUsage: chat-client identity \[export\|import\] /],
    [["identity", "export", "--help"], /\n\nUsage: chat-client identity export <path> /],
    [["identity", "import", "--help"], /\n\nUsage: chat-client identity import <path> /],
    [["config", "--version"], /^chat-client config \d+\.\d+\.\d+ \(Deno .*\)$/],
  ];
  for (const [args, pattern] of texts) {
    const text = await run(args);
    assert.match(text, pattern);
    assert.equal(text, text.trimEnd());
  }
});

testNeeding(["read", "write"], "admission and config take a room by its name", async () => {
  await withDirectory(async (home) => {
    const directory = `${home}/.config/encrypted-chatroom/rooms/friends`;
    await Deno.mkdir(directory, { recursive: true });
    const path = `${directory}/room.json`;
    await Deno.writeTextFile(path, '{"ip": "::1", "port": 5050}', { mode: 0o600 });
    const env = (name: string) => name === "HOME" ? home : undefined;
    const loadKey = (path: string) => {
      assert.equal(path, `${directory}/secret.key`);
      return Promise.resolve(SECRET);
    };
    assert.match(await run(["admission", "friends"], { env, loadKey }), /^admission1\./);
    for (const args of [["config", "friends"], ["config"]]) {
      const lines = (await run(args, { env })).split("\n");
      assert.equal(lines[0], `ip = "::1"                      # room ${path}`);
      assert.equal(lines[2], `key = "${directory}/secret.key" # room ${directory}`);
    }
    const json = JSON.parse(await run(["config", "--json", "friends"], { env }));
    assert.deepEqual(json.port, { value: 5050, source: `room ${path}` });
    assert.equal(await run(["config", "friends", "--path"], { env }), path);
    const message = 'There is no room called "work"';
    for (const command of ["admission", "config"]) {
      await assert.rejects(run([command, "work"], { env }), { name: "UsageError", message });
    }
  });
});
