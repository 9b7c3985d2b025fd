import assert from "node:assert/strict";
import { openClient } from "../support/client_terminal.ts";
import { testNeeding } from "../support/needs.ts";
import { run, startServer } from "../support/programs.ts";
import { withDirectory } from "../support/temporary.ts";
import type { Terminal } from "../support/tmux.ts";

const NEEDS = ["net", "read", "write", "run", "env", "tmux"] as const;

interface Scene {
  readonly terminal: Terminal;
  readonly port: number;
  readonly cwd: string;
  /** Sends texts as bob. */
  readonly say: (...texts: string[]) => Promise<void>;
}

/** Opens a client called alice in a terminal of 60x15, beside a server. */
async function withAlice(fn: (scene: Scene) => Promise<void>): Promise<void> {
  await withDirectory(async (cwd) => {
    await using server = await startServer({ cwd });
    const { port } = server;
    await using terminal = await openClient({ cwd, port, args: ["--nick", "alice"] });
    await terminal.waitFor(/here: only you\nalice>$/);
    const say = async (...texts: string[]) => {
      const input = texts.map((text) => `${text}\n`).join("");
      const args = ["127.0.0.1", `${port}`, "--nick", "bob", "--ephemeral", "--no-commands"];
      const { code, stderr } = await run("client", args, { cwd, input });
      assert.equal(code, 0, stderr);
    };
    await fn({ terminal, port, cwd, say });
  });
}

testNeeding(NEEDS, "client leaves what is longer than a row whole, to be copied", async () => {
  await withAlice(async ({ terminal, say }) => {
    const words = [
      "c3NoLWVkMjU1MTkgQUFBQUMzTnphQzFsWkRJMU5URTVBQUFBSUxYMTIzNDU2Nzg5MEFCQ0RFRkc=",
      "/usr/share/doc/a-directory-with-a-very-long-name/and-a-file-of-a-long-name.txt",
      "[text](https://example.org/a-long-path/with/many/parts/and-one-more-part?q=1)",
      "https://ja.example.org/wiki/漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字",
    ];
    await say(...words.map((word) => `see ${word} end`));
    await terminal.waitFor(/-- bob left\nalice>$/);
    // The terminal gives back as one line what it has wrapped by itself.
    const lines = await terminal.joined();
    for (const word of words) {
      const at = lines.indexOf(word);
      assert.match(lines[at - 1] ?? "", /bob {2}see$/, lines.join("\n"));
      assert.equal(lines[at + 1], "           end");
    }
  });
});

testNeeding(NEEDS, "client writes nothing over an emoji, whatever form is asked for", async () => {
  await withAlice(async ({ terminal, say }) => {
    const emoji = ["✅\ufe0e", "⌚\ufe0e", "⚡\ufe0e", "⚡\ufe0f", "⚡", "☎\ufe0e"];
    await say(...emoji.map((each) => `${each}|next`));
    await terminal.waitFor(/-- bob left\nalice>$/);
    const screen = (await terminal.screen()).join("\n");
    for (const each of emoji) assert.ok(screen.includes(`bob  ${each}|next\n`), screen);
    await terminal.type("✅\ufe0e|draft");
    await terminal.waitFor(/alice> ✅\ufe0e\|draft$/);
  });
});
