import assert from "node:assert/strict";
import { ADMISSION_SPEC, CLIENT_SPEC, CONFIG_SPEC } from "../../lib/cli/client_spec.ts";
import { formatHelp, formatUsage } from "../../lib/cli/help.ts";
import { SERVER_SPEC } from "../../lib/cli/server_spec.ts";
import { listCommandSpecs } from "../../lib/cli/spec.ts";
import { sayIn } from "../../lib/messages/say.ts";
import { COPY_SPEC } from "../support/copy_spec.ts";
import { pureTest } from "../support/pure.ts";

pureTest("formatHelp() leaves out what a program does not have", () => {
  const spec = { name: "hi", summary: "Greets.", args: [], options: [], notes: [] };
  const options = "Options:\n  -h, --help     Show this help\n  -V, --version  Show the version";
  assert.equal(formatHelp(spec, String), `Greets.\n\nUsage: hi [options]\n\n${options}`);
});

pureTest("formatHelp() keeps within 80 columns in both languages", () => {
  const commands = [SERVER_SPEC, CLIENT_SPEC].flatMap((spec) => listCommandSpecs(spec));
  const specs = [SERVER_SPEC, CLIENT_SPEC, ...commands.map(({ spec }) => spec)];
  assert.ok(specs.includes(ADMISSION_SPEC) && specs.includes(CONFIG_SPEC));
  for (const spec of specs) {
    for (const language of ["en", "fr"] as const) {
      for (const line of formatHelp(spec, sayIn(language)).split("\n")) {
        assert.ok(line.length <= 80, line);
      }
    }
  }
});

pureTest("formatHelp() says everything in French, for who reads French", () => {
  const help = formatHelp(CLIENT_SPEC, sayIn("fr"));
  assert.match(help, /^Utilisation : chat-client <ip> <port> \[options\]$/m);
  assert.match(help, /^ {6}--bell WHEN {10}Sonner pour : off, pm, mention, all \[mention\]$/m);
  assert.match(help, /^ {2}-h, --help {15}Afficher cette aide$/m);
});

pureTest("formatHelp() breaks notes at spaces, and keeps a word that is too long", () => {
  const long = "x".repeat(90);
  const notes = [`${"word ".repeat(17)}end`, `a ${long} b`];
  const help = formatHelp({ ...COPY_SPEC, notes }, String);
  const words = `${"word ".repeat(16).trimEnd()}\nword end`;
  assert.ok(help.endsWith(`\n\n${words}\n\na\n${long}\nb`), help);
});

pureTest("formatHelp() shows an argument that stands alone, and the commands of a command", () => {
  const single = ["room", "Name of a room"] as const;
  const help = formatHelp({ ...COPY_SPEC, single }, String);
  const usage = "Usage: copy <from> <to> [options]\n       copy <room> [options]";
  const args = "  from  File to read\n  to    File to write\n  room  Name of a room";
  assert.ok(help.includes(`\n\n${usage}\n\n${args}\n\n`), help);
  const commands = [{ name: "add", spec: COPY_SPEC }, { name: "remove", spec: COPY_SPEC }];
  assert.equal(formatUsage({ name: "rooms", args: [], commands }), "rooms [add|remove] [options]");
});
