import assert from "node:assert/strict";
import { parseClientOptions } from "../../lib/cli/client_options.ts";
import {
  findSettings,
  loadSettingsAt,
  locateSettings,
  readSettings,
} from "../../lib/cli/client_settings.ts";
import { ADMISSION_SPEC, CLIENT_SPEC } from "../../lib/cli/client_spec.ts";
import { testNeeding } from "../support/needs.ts";
import { clientLine } from "../support/client_line.ts";
import { pureTest } from "../support/pure.ts";
import { withDirectory } from "../support/temporary.ts";

type Values = Record<string, unknown>;
const PATH = "/home/a/config.json";

pureTest("parseClientOptions() refuses what contradicts itself, in one place", () => {
  const parse = (args: string[], values: Values = {}) => {
    const file = { path: PATH, values };
    const options = parseClientOptions(["a", "80", ...args], () => undefined, file);
    assert.ok(typeof options !== "string");
    return options;
  };
  const pairs = [["send=hi", "json"], ["send=hi", "stay"], ["ephemeral", "identity=i"]];
  for (const [a, b] of [...pairs, ["ephemeral", "history"]]) {
    const [first, second] = [a, b].map((option) => `--${option!.split("=")[0]}`);
    assert.throws(() => parse([`--${a}`, `--${b}`]), {
      name: "UsageError",
      message: `Options ${first} and ${second} exclude each other`,
    });
  }
  const { ephemeral, identityPath } = parse(["--ephemeral"], { identity: "i" });
  assert.deepEqual([ephemeral, identityPath], [true, undefined]);
  const other = parse(["--identity=i"], { ephemeral: true });
  assert.deepEqual([other.ephemeral, other.identityPath], [false, "i"]);
  const { send, json } = parse(["--send", "hi"], { json: true });
  assert.deepEqual([send, json], ["hi", false]);
  assert.equal(parse(["--send=hi", "--no-stay"]).stay, false);
});

pureTest("locateSettings() takes the named file, the usual one, or none", () => {
  const locate = (args: string[], env: Record<string, string> = { HOME: "/home/a" }) =>
    locateSettings(clientLine(args), (name) => env[name], "linux");
  const usual = "/home/a/.config/encrypted-chatroom/config.json";
  assert.deepEqual(locate([]), { path: usual, isNamed: false });
  assert.deepEqual(locate(["--settings", "x"]), { path: "x", isNamed: true });
  assert.equal(locate(["--no-settings"]), undefined);
  assert.equal(locate([], {}), undefined);
  assert.throws(() => locate(["--no-settings", "--settings=x"]), {
    message: "Options --settings and --no-settings exclude each other",
  });
});

pureTest("findSettings() takes the place from arguments, and none where they ask for help", () => {
  const find = (args: string[]) => findSettings(args, () => undefined, "linux");
  assert.deepEqual(find(["a", "80", "--settings", "x"]), { path: "x", isNamed: true });
  assert.equal(find(["a", "80"]), undefined);
  assert.equal(find(["--help", "--settings", "x"]), undefined);
  assert.throws(() => find(["--nope"]), { name: "UsageError", message: "Unknown option: --nope" });
});

testNeeding(["read", "write"], "readSettings() reads the file in its usual place", async () => {
  await withDirectory(async (home) => {
    const read = (args: string[], spec = CLIENT_SPEC) =>
      readSettings(spec, args, (name) => name === "HOME" ? home : undefined, "linux");
    assert.equal(await read(["a", "80"]), undefined);
    const directory = `${home}/.config/encrypted-chatroom`;
    await Deno.mkdir(directory, { recursive: true });
    const path = `${directory}/config.json`;
    await Deno.writeTextFile(path, '{"key": "a.key"}', { mode: 0o600 });
    const file = { path, values: { key: "a.key" } };
    assert.deepEqual(await read(["a", "80"]), file);
    assert.deepEqual(await read([], ADMISSION_SPEC), file);
    assert.equal(await read(["a", "80", "--no-settings"]), undefined);
  });
});

testNeeding(["read", "write"], "readSettings() reads no broken file for --help", async () => {
  await withDirectory(async (directory) => {
    const path = `${directory}/config.json`;
    await Deno.writeTextFile(path, "{", { mode: 0o600 });
    const read = (args: string[]) =>
      readSettings(CLIENT_SPEC, [...args, "--settings", path], () => undefined, "linux");
    assert.equal(await read(["--help"]), undefined);
    const message = `Cannot load settings: ${path} is not a JSON object`;
    await assert.rejects(read(["a", "80"]), { name: "UsageError", message });
  });
});

testNeeding(["read", "write"], "loadSettingsAt() misses a file only if it is named", async () => {
  await withDirectory(async (directory) => {
    const path = `${directory}/config.json`;
    assert.equal(await loadSettingsAt(undefined), undefined);
    assert.equal(await loadSettingsAt({ path, isNamed: false }), undefined);
    await assert.rejects(loadSettingsAt({ path, isNamed: true }), {
      name: "UsageError",
      message: `Cannot load settings: there is no ${path}`,
    });
    await Deno.writeTextFile(path, '{"nick": "alice"}', { mode: 0o600 });
    const file = await loadSettingsAt({ path, isNamed: true });
    assert.deepEqual(file, { path, values: { nick: "alice" } });
  });
});
