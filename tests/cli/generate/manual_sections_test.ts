import assert from "node:assert/strict";
import { listSections } from "../../../lib/cli/generate/manual_sections.ts";
import { sayIn } from "../../../lib/messages/say.ts";
import { pureTest } from "../../support/pure.ts";

function titles(program: string, commands: [string, string][] = []): string[] {
  return listSections(program, commands, sayIn("en")).map(({ title }) => title);
}

pureTest("listSections() has the keys and the commands of the client alone", () => {
  const both = ["ENVIRONMENT", "FILES", "EXIT STATUS"];
  assert.deepEqual(titles("chat-server"), both);
  assert.deepEqual(titles("chat-client"), ["KEYS", ...both]);
  const [first, ...rest] = titles("chat-client", [["/quit", "Leave"]]);
  assert.deepEqual([first, rest], ["COMMANDS IN THE ROOM", ["KEYS", ...both]]);
});

pureTest("listSections() says explanations in French, and leaves names as they are", () => {
  const sections = listSections("chat-server", [], sayIn("fr"));
  const entry = sections.flatMap(({ entries }) => entries).find(([tag]) => tag === "NO_COLOR");
  assert.deepEqual(entry, ["NO_COLOR", "Désactive les couleurs"]);
});
