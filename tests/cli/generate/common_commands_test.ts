import assert from "node:assert/strict";
import {
  describeCompletions,
  describeManual,
  parseShell,
} from "../../../lib/cli/generate/common_commands.ts";
import { pureTest } from "../../support/pure.ts";

pureTest("parseShell() takes the shells that describeCompletions() lists, and no other", () => {
  const [[, , shells]] = describeCompletions("chat-client").args as [[string, string, string[]]];
  assert.deepEqual(shells.map(parseShell), ["bash", "zsh", "fish"]);
  for (const text of ["", "Bash", "sh", "bash "]) {
    assert.throws(() => parseShell(text), {
      name: "UsageError",
      message: `No completions for ${JSON.stringify(text)}`,
      hint: "Use one of: bash, zsh, fish.",
    });
  }
});

pureTest("the tables of the common commands have the name of their program", () => {
  assert.equal(describeCompletions("chat-server").name, "chat-server completions");
  assert.equal(describeManual("chat-server").name, "chat-server man");
});
