import assert from "node:assert/strict";
import { openClient } from "../support/client_terminal.ts";
import { testNeeding } from "../support/needs.ts";
import { commandLine, run, startServer } from "../support/programs.ts";
import { until } from "../support/process_info.ts";
import { withDirectory } from "../support/temporary.ts";
import { quote, Terminal } from "../support/tmux.ts";

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
    await say(...words.map((word) => `see ${word} end`), "that is all");
    await terminal.waitFor(/that is all\nalice>$/);
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
    await terminal.waitFor(/☎\ufe0e\|next\nalice>$/);
    const screen = (await terminal.screen()).join("\n");
    for (const each of emoji) assert.ok(screen.includes(`bob  ${each}|next\n`), screen);
    await terminal.type("✅\ufe0e|draft");
    await terminal.waitFor(/alice> ✅\ufe0e\|draft$/);
  });
});

/** Waits until a history file has an entry. */
async function untilKept(cwd: string, entry: string): Promise<void> {
  const path = `${cwd}/state/encrypted-chatroom/history`;
  const line = `${JSON.stringify(entry)}\n`;
  await until(
    async () => (await Deno.readTextFile(path).catch(() => "")).includes(line),
    () => `no ${entry} in ${path}`,
  );
}

testNeeding(
  NEEDS,
  "--history of two clients keeps the lines of both, a killed one's too",
  async () => {
    await withDirectory(async (cwd) => {
      await using server = await startServer({ cwd });
      const { port } = server;
      const args = ["--nick", "alice", "--history"];
      {
        await using first = await openClient({ cwd, port, args });
        await using second = await openClient({ cwd, port, args });
        for (const terminal of [first, second]) await terminal.waitFor(/^alice>$/m);
        for (
          const [terminal, text] of [[first, "one"], [second, "two"], [first, "three"]] as const
        ) {
          await terminal.type(text);
          await terminal.press("Enter");
          await untilKept(cwd, text);
        }
        await first.kill();
        await first.waitFor(/^exit 137$/m);
        await second.press("C-d");
        await second.waitFor(/^exit 0$/m);
      }
      await using third = await openClient({ cwd, port, args });
      await third.waitFor(/^alice>$/m);
      for (const text of ["three", "two", "one"]) {
        await third.press("Up");
        await third.waitFor(RegExp(`^alice> ${text}$`, "m"));
      }
    });
  },
);

testNeeding(
  NEEDS,
  "--history tells of a file that cannot grow, and of one it cannot read",
  async () => {
    await withDirectory(async (cwd) => {
      await using server = await startServer({ cwd });
      const { port } = server;
      const words = [
        ...[
          "env",
          `XDG_STATE_HOME=${cwd}/state`,
          `XDG_CONFIG_HOME=${cwd}/config`,
          "LC_ALL=C.UTF-8",
        ],
        ...await commandLine("client", "source"),
        ...["127.0.0.1", `${port}`, "--nick", "alice", "--history", "--backlog", "0"],
      ];
      // No file of the client may have more than 40 KiB at most: what a full disk does to a write.
      const command = `trap '' XFSZ; ulimit -f 40; ${quote(words)}; echo "exit $?"`;
      const settings = { cwd, columns: 100, rows: 15, end: /^exit \d+$/m };
      const path = `${cwd}/state/encrypted-chatroom/history`;
      {
        await using terminal = await Terminal.open(command, settings);
        await terminal.waitFor(/here: only you\nalice>$/);
        for (const each of ["first", ..."xyz".split("").map((letter) => letter.repeat(14_000))]) {
          await terminal.type(each);
          await terminal.press("Enter");
        }
        const warning = /warning: cannot save \S+\/history: .*\(os error \d+\)/;
        await until(
          async () => warning.test((await terminal.joined()).map((row) => row.trim()).join(" ")),
          `${warning}`,
        );
        await terminal.press("C-d");
        await terminal.waitFor(/^exit 0$/m);
      }
      assert.match(await Deno.readTextFile(path), /^"first"\n/);
      await Deno.truncate(path, 5 * 1024 * 1024);
      await using terminal = await Terminal.open(`${quote(words)}; echo "exit $?"`, settings);
      await terminal.waitFor(/here: only you\nalice>$/);
      const shown = (await terminal.screen()).map((row) => row.trim()).join(" ");
      assert.match(shown, /warning: Cannot read \S+\/history: longer than/);
      await terminal.type("second");
      await terminal.press("Enter", "C-d");
      await terminal.waitFor(/^exit 0$/m);
      assert.equal((await Deno.stat(path)).size, 5 * 1024 * 1024);
    });
  },
);

testNeeding(
  NEEDS,
  "client runs no command in a paste that the terminal does not mark",
  async () => {
    await withAlice(async ({ terminal }) => {
      await terminal.paste("hello\n/nick evil\nbye\n");
      await terminal.waitFor(/alice› hello\n.* alice› \/nick evil\n.* alice› bye\nalice>$/);
      await terminal.type("/nick anna");
      await terminal.press("Enter");
      await terminal.waitFor(/^anna>$/m);
    });
  },
);

testNeeding(
  NEEDS,
  "client marks a name that looks like one's own, in letters of others",
  async () => {
    await withAlice(async ({ terminal, port, cwd }) => {
      for (const nick of ["аӏісе", "bоb", "bob"]) {
        const args = ["127.0.0.1", `${port}`, "--nick", nick, "--ephemeral", "--send", "hi"];
        assert.equal((await run("client", args, { cwd })).code, 0);
      }
      await terminal.waitFor(/ bob {2}hi\nalice>$/);
      const rows = (await terminal.screen()).filter((row) => row.endsWith("hi"));
      assert.deepEqual(rows.map((row) => row.slice("12:34 ".length)), [
        "(looks like alice) аӏісе  hi",
        "(letters of several alphabets) bоb  hi",
        "bob  hi",
      ]);
    });
  },
);
