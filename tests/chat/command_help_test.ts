import assert from "node:assert/strict";
import { formatCommand, formatCommands } from "../../lib/chat/command_help.ts";
import { COMMANDS } from "../../lib/chat/commands.ts";
import { sayIn } from "../../lib/messages/say.ts";
import { SAY } from "../support/fake_chat.ts";
import { pureTest } from "../support/pure.ts";

pureTest("formatCommands() gives a line for each command", () => {
  const lines = formatCommands(SAY);
  assert.equal(lines.length, COMMANDS.length);
  assert.equal(lines[0], "/help [command]     Show the commands, or all about one");
  assert.ok(lines.includes("/msg <nick> <text>  Write to one member alone"));
  for (const line of [...lines, ...formatCommands(sayIn("fr"))]) {
    assert.ok(line.length <= 80, line);
  }
});

pureTest("formatCommand() tells all about one, with or without its slash", () => {
  for (const name of ["bell", "/bell", "/BELL"]) {
    assert.deepEqual(formatCommand(name, SAY), [
      "/bell <off|pm|mention|all>",
      "  Choose which messages ring the bell",
      "  pm: private messages; mention: those, and messages with your name; all: every message.",
    ]);
  }
  assert.deepEqual(formatCommand("query", SAY)![0], "/query [nick]");
  assert.deepEqual(formatCommand("/que", SAY)![0], "/query [nick]");
  for (const name of ["", "/", "//bell", "nope", "constructor", "q"]) {
    assert.equal(formatCommand(name, SAY), undefined, name);
  }
});
