import assert from "node:assert/strict";
import {
  describeFallback,
  listCommandSpecs,
  listFirst,
  listSettings,
  listSpellings,
  type ProgramSpec,
  spellOption,
} from "../../lib/cli/spec.ts";
import { pureTest } from "../support/pure.ts";

const KEY = { name: "key", short: "k", value: "PATH", help: "", fallback: "a", isSettable: true };
const ECHO = { name: "echo", help: "", fallback: true, isSettable: true };
const STAY = { name: "stay", help: "", isSettable: true };
const ONCE = { name: "once", help: "" };
const OPTIONS = [KEY, ECHO, STAY, ONCE];

pureTest("spellOption() shows how to change the default", () => {
  const spelled = OPTIONS.map(spellOption);
  assert.deepEqual(spelled, ["--key PATH", "--no-echo", "--stay", "--once"]);
});

pureTest("listSpellings() has the listed form first, and the other of a settable switch", () => {
  assert.deepEqual(OPTIONS.map(listSpellings), [
    ["--key"],
    ["--no-echo", "--echo"],
    ["--stay", "--no-stay"],
    ["--once"],
  ]);
});

pureTest("listSettings() has the arguments, if they can be set, and the settable options", () => {
  const spec = { name: "hi", summary: "", args: [], options: OPTIONS, notes: [] };
  assert.deepEqual(listSettings(spec), [KEY, ECHO, STAY]);
  const ip = { name: "ip", value: "IP", help: "" };
  assert.deepEqual(listSettings({ ...spec, argSettings: [ip] }), [ip, KEY, ECHO, STAY]);
});

pureTest("describeFallback() says the default in words, unless it is a switch", () => {
  const say = (text: string) => text.toUpperCase();
  const nick = { name: "nick", value: "NAME", help: "", otherwise: "login" };
  const described = [...OPTIONS, nick].map((option) => describeFallback<string>(option, say));
  assert.deepEqual(described, ["a", undefined, undefined, undefined, "LOGIN"]);
});

pureTest("listCommandSpecs() names the commands of commands behind theirs", () => {
  const leaf: ProgramSpec = { name: "", summary: "", args: [], options: [], notes: [] };
  const inner = {
    ...leaf,
    commands: [{ name: "add", spec: leaf }, { name: "remove", spec: leaf }],
  };
  const commands = [{ name: "rooms", spec: inner }, { name: "man", spec: leaf }];
  const names = listCommandSpecs({ ...leaf, commands }).map(({ name }) => name);
  assert.deepEqual(names, ["rooms", "rooms add", "rooms remove", "man"]);
});

pureTest("listFirst() has commands, choices and what is to be looked up", () => {
  const spec: ProgramSpec = { name: "", summary: "", args: [], options: [], notes: [] };
  assert.deepEqual(listFirst(spec), { words: [], lookups: [] });
  const commands = [{ name: "man", spec }];
  const args = [["shell", "", ["bash", "zsh"]], ["room", "", "rooms"]] as const;
  const single = ["file", "", "files"] as const;
  const expected = { words: ["man", "bash", "zsh"], lookups: ["files"] };
  assert.deepEqual(listFirst({ ...spec, commands, args, single }), expected);
});
