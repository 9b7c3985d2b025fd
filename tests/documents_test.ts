import assert from "node:assert/strict";
import { COMMANDS } from "../lib/chat/commands.ts";
import { CLIENT_SPEC } from "../lib/cli/client_spec.ts";
import { escapeRoff } from "../lib/cli/generate/manual.ts";
import { SERVER_SPEC } from "../lib/cli/server_spec.ts";
import { listSpellings } from "../lib/cli/spec.ts";
import { generateDocuments } from "../tools/documents.ts";
import { testNeeding } from "./support/needs.ts";
import { type Finished, Program, ROOT } from "./support/programs.ts";
import { pureTest } from "./support/pure.ts";

async function output(command: string, args: string[]): Promise<Finished> {
  const env = { MANWIDTH: "80", MANROFFOPT: "", LC_ALL: "C.UTF-8" };
  await using program = Program.spawn([command, ...args], { cwd: ROOT, env });
  await program.child.stdin.close();
  return await program.finished();
}

const PAGES = [...generateDocuments().keys()].filter((path) => path.endsWith(".1"));

testNeeding(["read"], "docs/ has what deno task generate makes", async () => {
  for (const [path, text] of generateDocuments()) {
    const found = await Deno.readTextFile(`${ROOT}${path}`);
    assert.equal(found, text, `${path}: run deno task generate`);
  }
});

pureTest("escapeRoff() leaves no character that roff takes for something else", () => {
  assert.equal(escapeRoff("'a"), "\\(aqa");
  assert.equal(escapeRoff(".TH"), "\\&.TH");
  assert.equal(escapeRoff("--a\\fB^~`"), "\\-\\-a\\efB\\(ha\\(ti\\(ga");
  assert.equal(escapeRoff("é→\u{1F600}"), "\\[u00E9]\\[u2192]\\[u1F600]");
});

pureTest("the client's pages tell its commands, keys, environment, files and exit codes", () => {
  const documents = generateDocuments();
  for (
    const [path, titles] of [
      ["docs/man/chat-client.1", ["COMMANDS IN THE ROOM", "KEYS", "ENVIRONMENT", "EXIT STATUS"]],
      ["docs/man/fr/chat-client.1", ["COMMANDES DANS LE SALON", "TOUCHES", "CODES DE SORTIE"]],
    ] as const
  ) {
    const page = documents.get(path)!;
    for (const title of titles) assert.ok(page.includes(`\n.SH ${title}\n`), title);
    for (const { name } of COMMANDS) assert.ok(page.includes(`\\fB/${name}`), name);
    assert.match(page, /^\\fB129, 130, 131, 143\\fR$/m);
    assert.match(page, /^\\fBCtrl\\-R\\fR$/m);
  }
  assert.doesNotMatch(documents.get("docs/man/chat-server.1")!, /\.SH KEYS/);
});

testNeeding(
  ["read", "run", "env", "man"],
  "man renders the manual pages without a warning",
  async () => {
    for (const page of PAGES) {
      const { stdout: text, stderr } = await output("man", [
        "--warnings",
        "-E",
        "UTF-8",
        "-l",
        page,
      ]);
      assert.equal(stderr, "", page);
      const spec = page.includes("chat-client") ? CLIENT_SPEC : SERVER_SPEC;
      for (const option of spec.options) {
        for (const spelling of listSpellings(option)) assert.ok(text.includes(spelling), spelling);
      }
      assert.match(text, page.includes("/fr/") ? /^NOM$/m : /^NAME$/m);
      if (page.includes("fr/chat-server")) assert.match(text, /Clients en même temps \[100\]/);
      if (page.endsWith("man/chat-server.1")) assert.match(text, /Leave clients' addresses out/);
    }
  },
);

testNeeding(
  ["read", "run", "env", "mandoc"],
  "mandoc finds nothing wrong with the manual pages",
  async () => {
    for (const page of PAGES) {
      const { stdout, stderr } = await output("mandoc", ["-Tlint", "-W", "warning", page]);
      // A date would have to be kept; the version, which the page has, tells as much.
      const complaints = (stdout + stderr).split("\n").filter((line) => !/missing date/.test(line));
      assert.deepEqual(complaints.filter((line) => line !== ""), [], page);
    }
  },
);
