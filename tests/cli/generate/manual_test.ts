import assert from "node:assert/strict";
import { listCommands } from "../../../lib/chat/command_help.ts";
import { COMMANDS } from "../../../lib/chat/commands.ts";
import { CLIENT_SPEC } from "../../../lib/cli/client_spec.ts";
import { generateText } from "../../../lib/cli/generate/generate.ts";
import { escapeRoff } from "../../../lib/cli/generate/manual.ts";
import { SERVER_SPEC } from "../../../lib/cli/server_spec.ts";
import { listSpellings } from "../../../lib/cli/spec.ts";
import { sayIn } from "../../../lib/messages/say.ts";
import { testNeeding } from "../../support/needs.ts";
import { type Finished, Program } from "../../support/programs.ts";
import { pureTest } from "../../support/pure.ts";
import { withDirectory } from "../../support/temporary.ts";

const LANGUAGES = ["en", "fr"] as const;

/** The manual pages as the programs print them, by language and program: `fr/chat-server.1`. */
const PAGES = new Map(
  [CLIENT_SPEC, SERVER_SPEC].flatMap((spec) =>
    LANGUAGES.map((language) => {
      const say = sayIn(language);
      const commands = spec === CLIENT_SPEC ? listCommands(say) : [];
      return [`${language}/${spec.name}.1`, generateText(spec, ["man"], say, commands)] as const;
    })
  ),
);

async function output(cwd: string, command: string, args: string[]): Promise<Finished> {
  const env = { MANWIDTH: "80", MANROFFOPT: "", LC_ALL: "C.UTF-8" };
  await using program = Program.spawn([command, ...args], { cwd, env });
  await program.child.stdin.close();
  return await program.finished();
}

/** Calls `check` with each page, which is a file below `cwd`. */
async function eachPage(check: (page: string, cwd: string) => Promise<void>): Promise<void> {
  await withDirectory(async (cwd) => {
    for (const language of LANGUAGES) await Deno.mkdir(`${cwd}/${language}`);
    for (const [page, text] of PAGES) {
      await Deno.writeTextFile(`${cwd}/${page}`, text);
      await check(page, cwd);
    }
  });
}

pureTest("escapeRoff() leaves no character that roff takes for something else", () => {
  assert.equal(escapeRoff("'a"), "\\(aqa");
  assert.equal(escapeRoff(".TH"), "\\&.TH");
  assert.equal(escapeRoff("--a\\fB^~`"), "\\-\\-a\\efB\\(ha\\(ti\\(ga");
  assert.equal(escapeRoff("é→\u{1F600}"), "\\[u00E9]\\[u2192]\\[u1F600]");
});

pureTest("the client's pages tell its commands, keys, environment, files and exit codes", () => {
  for (
    const [path, titles] of [
      ["en/chat-client.1", ["COMMANDS IN THE ROOM", "KEYS", "ENVIRONMENT", "EXIT STATUS"]],
      ["fr/chat-client.1", ["COMMANDES DANS LE SALON", "TOUCHES", "CODES DE SORTIE"]],
    ] as const
  ) {
    const page = PAGES.get(path)!;
    for (const title of titles) assert.ok(page.includes(`\n.SH ${title}\n`), title);
    for (const { name } of COMMANDS) assert.ok(page.includes(`\\fB/${name}`), name);
    assert.match(page, /^\\fB129, 130, 131, 143\\fR$/m);
    assert.match(page, /^\\fBCtrl\\-R\\fR$/m);
  }
  assert.doesNotMatch(PAGES.get("en/chat-server.1")!, /\.SH KEYS/);
});

testNeeding(
  ["read", "write", "run", "env", "man"],
  "man renders the manual pages without a warning",
  async () => {
    await eachPage(async (page, cwd) => {
      const { stdout: text, stderr } = await output(cwd, "man", [
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
      assert.match(text, page.startsWith("fr/") ? /^NOM$/m : /^NAME$/m);
      if (page === "fr/chat-server.1") assert.match(text, /Clients en même temps \[100\]/);
      if (page === "en/chat-server.1") assert.match(text, /Leave clients' addresses out/);
    });
  },
);

testNeeding(
  ["read", "write", "run", "env", "mandoc"],
  "mandoc finds nothing wrong with the manual pages",
  async () => {
    await eachPage(async (page, cwd) => {
      const { stdout, stderr } = await output(cwd, "mandoc", ["-Tlint", "-W", "warning", page]);
      // A date would have to be kept; the version, which the page has, tells as much.
      const complaints = (stdout + stderr).split("\n").filter((line) => !/missing date/.test(line));
      assert.deepEqual(complaints.filter((line) => line !== ""), [], page);
    });
  },
);
