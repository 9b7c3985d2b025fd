import assert from "node:assert/strict";
import { COMMANDS } from "../lib/chat/commands.ts";
import { CLIENT_SPEC } from "../lib/cli/client_spec.ts";
import { SERVER_SPEC } from "../lib/cli/server_spec.ts";
import { spellOption } from "../lib/cli/spec.ts";
import { readBlocks, readDocument, readHeadings } from "./support/documents.ts";
import { testNeeding } from "./support/needs.ts";
import { ROOT, run, spawn, startServer } from "./support/programs.ts";
import { spawnPython } from "./support/python.ts";
import { withDirectory } from "./support/temporary.ts";

testNeeding(
  ["net", "read", "write", "run", "env", "python3-cryptography"],
  "README's Python client talks with the programs",
  async () => {
    const readme = await Deno.readTextFile(`${ROOT}README.md`);
    const [, code] = /```python\n(.*?)```/s.exec(readme)!;
    assert.equal(code!.trimEnd().split("\n").length, 6);
    await withDirectory(async (cwd) => {
      await using server = await startServer({ cwd });
      const args = ["127.0.0.1", `${server.port}`, "--ephemeral"];
      await using client = await spawn("client", [...args, "--stay"], { cwd });
      await client.waitFor("stderr", /^connected to /m);
      await using python = spawnPython(["-c", code!.replace("5050", args[1]!)], { cwd });
      await client.waitFor("stdout", /^\(unverified\) <py> hello$/m);
      await run("client", [...args, "-n", "al"], { cwd, input: "hi\n" });
      await server[Symbol.asyncDispose]();
      assert.equal((await python.finished()).stdout, "<al> hi\n");
    });
  },
);

const LANGUAGES = ["README.md", "docs/README.fr.md"];

testNeeding(["read"], "README has the same commands and examples in both languages", async () => {
  const [english, french] = (await Promise.all(LANGUAGES.map(readDocument))).map((text) => {
    return readBlocks(text).map(({ info, lines }) => {
      // What a command does is said in the reader's language.
      return [info, ...lines.map((line) => info === "sh" ? line.replace(/ +# .*/, "") : line)];
    });
  });
  assert.ok(english!.length > 8, "the blocks were not read");
  assert.deepEqual(french, english);
});

testNeeding(["read"], "README has as many headings, rows and links in both languages", async () => {
  const [english, french] = (await Promise.all(LANGUAGES.map(readDocument))).map((text) => ({
    headings: readHeadings(text).length,
    options: [...text.matchAll(/^\| (`-.*?) +\|/gm)].map(([, option]) => option),
    rows: text.match(/^\|/gm)!.length,
    items: text.match(/^- /gm)!.length,
  }));
  assert.deepEqual(french, english);
});

testNeeding(["read"], "README's links lead to files, in both languages", async () => {
  for (const path of LANGUAGES) {
    const directory = new URL(`../${path}`, import.meta.url);
    for (const [, link] of (await readDocument(path)).matchAll(/\]\((?!https?:|#)([^)]+)\)/g)) {
      await assert.doesNotReject(Deno.stat(new URL(link!, directory)), `${path}: ${link}`);
    }
  }
});

testNeeding(["read"], "README names every option", async () => {
  const readme = await readDocument("README.md");
  for (const option of [...SERVER_SPEC.options, ...CLIENT_SPEC.options]) {
    const spelled = spellOption(option);
    assert.ok(readme.includes(`${spelled}\``), `${spelled} is missing`);
  }
});

testNeeding(["read"], "README names every command, and no other", async () => {
  const readme = await Deno.readTextFile(`${ROOT}README.md`);
  const [, table] = /## Commands\n(.*?)\n\n[^|\n]/s.exec(readme)!;
  const named = [...table!.matchAll(/`\/([a-z]+)[^`]*`/g)].map(([, name]) => name);
  assert.deepEqual([...new Set(named)].sort(), COMMANDS.map(({ name }) => name).sort());
});
