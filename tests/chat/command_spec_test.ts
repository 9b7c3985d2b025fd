import assert from "node:assert/strict";
import { type CommandSpec, formatUsage, splitArguments } from "../../lib/chat/command_spec.ts";
import { pureTest } from "../support/pure.ts";

function spec(args: readonly string[], choices?: readonly string[]): CommandSpec {
  return { name: "x", args, choices, help: "Show the commands, or all about one" };
}

pureTest("formatUsage() has what may be left out in brackets", () => {
  assert.equal(formatUsage(spec([])), "/x");
  assert.equal(formatUsage(spec(["nick", "text"])), "/x <nick> <text>");
  assert.equal(formatUsage(spec(["nick", "text?"])), "/x <nick> [text]");
});

pureTest("splitArguments() gives the last argument the rest of the line", () => {
  const two = spec(["nick", "text"]);
  assert.deepEqual(splitArguments("bob hello  there ", two), ["bob", "hello  there"]);
  assert.deepEqual(splitArguments("bob  one\ntwo", two), ["bob", "one\ntwo"]);
  assert.deepEqual(splitArguments("all of it", spec(["text"])), ["all of it"]);
});

pureTest("splitArguments() takes neither too few nor too many", () => {
  const two = spec(["nick", "text"]);
  for (const text of ["", "bob", "bob  ", "bob \u200b"]) {
    assert.equal(splitArguments(text, two), undefined, JSON.stringify(text));
  }
  assert.deepEqual(splitArguments(" ", spec([])), []);
  assert.equal(splitArguments("more", spec([])), undefined);
});

pureTest("splitArguments() leaves an optional argument empty", () => {
  assert.deepEqual(splitArguments("", spec(["text?"])), [""]);
  assert.deepEqual(splitArguments("bob", spec(["nick", "text?"])), ["bob", ""]);
});

pureTest("splitArguments() takes the values that may be, in any case of letters", () => {
  const choice = spec(["mode"], ["on", "off"]);
  assert.deepEqual(splitArguments("ON", choice), ["ON"]);
  assert.equal(splitArguments("maybe", choice), undefined);
});
