import assert from "node:assert/strict";
import { encrypt, importKey } from "../../lib/fernet.ts";
import { testNeeding } from "../support/needs.ts";
import { until } from "../support/process_info.ts";
import { commandLine, run, type Server, startServer } from "../support/programs.ts";
import { RawClient } from "../support/raw_client.ts";
import { withDirectory } from "../support/temporary.ts";
import { quote, Terminal, withoutTimes } from "../support/tmux.ts";

const NEEDS = ["net", "read", "write", "run", "env"] as const;

/** Opens a client in a terminal; the shell tells its exit code. */
async function openTerminal(nick: string, port: number, cwd: string): Promise<Terminal> {
  const words = [...await commandLine("client", "source"), "127.0.0.1", `${port}`];
  const env = ["env", "NO_COLOR=1", "LC_ALL=C.UTF-8", `XDG_CONFIG_HOME=${cwd}/config`];
  const client = quote([...env, ...words, "--nick", nick, "--ephemeral", "--backlog", "0"]);
  const settings = { cwd, columns: 60, rows: 15, end: /^exit \d+$/m };
  const terminal = await Terminal.open(`${client}; echo "exit $?"`, settings);
  await terminal.waitFor(RegExp(`here: .*\\n${nick}>$`));
  return terminal;
}

/** Opens a client called alice in a terminal, beside a server. */
async function withClient(
  fn: (terminal: Terminal, server: Server, cwd: string) => Promise<void>,
): Promise<void> {
  await withDirectory(async (cwd) => {
    await using server = await startServer({ cwd });
    await using terminal = await openTerminal("alice", server.port, cwd);
    await fn(terminal, server, cwd);
  });
}

testNeeding(
  [...NEEDS, "tmux"],
  "client prints messages above a draft and leaves it as it is",
  async () => {
    await withClient(async (terminal, { port }, cwd) => {
      await terminal.type("a draft that is so long that it wraps around, at sixty columns");
      await terminal.press("Left", "Left", "Left");
      await terminal.waitFor(/columns$/m);
      const input = "one\ntwo\n";
      await run("client", ["127.0.0.1", `${port}`, "--nick", "bob"], { cwd, input });
      await terminal.waitFor(/bob {2}two$/m);
      const draft = [
        "alice> a draft that is so long that it wraps around, at sixt",
        "       y columns",
      ];
      assert.deepEqual(withoutTimes(await terminal.screen()).slice(-4), [
        "12:34 bob  one",
        "12:34 bob  two",
        ...draft,
      ]);
      const { length } = await terminal.screen();
      assert.deepEqual(await terminal.cursor(), ["       y columns".length - 3, length - 1]);

      await terminal.type("X");
      await terminal.press("Enter");
      // The draft goes at once; the message follows when it is encrypted.
      await terminal.waitFor(/coluXmns\nalice>$/);
      assert.deepEqual(withoutTimes(await terminal.screen()).slice(-3), [
        "12:34 alice› a draft that is so long that it wraps around,",
        "             at sixty coluXmns",
        "alice>",
      ]);
    });
  },
);

testNeeding(
  [...NEEDS, "tmux"],
  "client sends what is typed, and Ctrl-D leaves with 0",
  async () => {
    await withClient(async (terminal, { program, port }, cwd) => {
      await using other = await openTerminal("bob", port, cwd);
      await terminal.waitFor(/-- bob joined$/m);
      await terminal.type("héllo 你好 🎉");
      await terminal.press("Enter");
      await other.waitFor(/alice {2}héllo 你好 🎉$/m);
      await terminal.waitFor(/alice› héllo 你好 🎉\nalice>$/);
      await other.type("and back");
      await other.press("Enter");
      await terminal.waitFor(/bob {2}and back$/m);
      assert.deepEqual(withoutTimes(await terminal.screen()).slice(-4), [
        "12:34 -- bob joined",
        "12:34 alice› héllo 你好 🎉",
        "12:34 bob  and back",
        "alice>",
      ]);
      await terminal.press("C-d");
      await terminal.waitFor(/^exit 0$/m);
      await other.waitFor(/-- alice left\nbob>$/);
      program.child.kill("SIGTERM");
      await other.waitFor(/-- Connection lost: the server is (gone|stopping); connecting/);
      await other.waitFor(/^bob \(offline\)>$/m);
    });
  },
);

testNeeding(
  [...NEEDS, "tmux"],
  "client leaves with 0 on Ctrl-D while messages keep coming",
  async () => {
    await withClient(async (terminal, { port }, cwd) => {
      const key = await importKey(await Deno.readTextFile(`${cwd}/secret.key`));
      using busy = await RawClient.connect(port);
      using witness = await RawClient.connect(port);
      const line = await encrypt(key, new TextEncoder().encode("<busy> text")) + "\n";
      let isOver = false;
      const talking = (async () => {
        while (!isOver) {
          await busy.send(line);
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      })().catch(() => {});
      await terminal.waitFor(/\(unverified\) <busy> text/);
      await terminal.type("bye");
      await terminal.press("Enter", "C-d");
      await terminal.waitFor(/^exit 0$/m);
      isOver = true;
      await talking;
      await until(
        () => Promise.resolve(witness.lines().some((each) => each + "\n" !== line)),
        "bye",
      );
    });
  },
);

testNeeding(
  [...NEEDS, "tmux"],
  "client marks what the server has not taken, and says so if it never does",
  async () => {
    await withClient(async (terminal, { program }) => {
      program.child.kill("SIGSTOP");
      for (const text of ["one", "two"]) {
        await terminal.type(text);
        await terminal.press("Enter");
      }
      await terminal.waitFor(/\n… alice› one\n… alice› two\nalice>$/);
      program.child.kill("SIGCONT");
      await terminal.waitFor(/\d alice› one\n.*\d alice› two\nalice>$/);
      assert.deepEqual(withoutTimes(await terminal.screen()).slice(-3), [
        "12:34 alice› one",
        "12:34 alice› two",
        "alice>",
      ]);
      program.child.kill("SIGSTOP");
      await terminal.type("three");
      await terminal.press("Enter");
      await terminal.waitFor(/\n… alice› three\nalice>$/);
      await terminal.press("C-c");
      await terminal.waitFor(/Ctrl-C again leaves$/);
      await terminal.press("C-c");
      await terminal.waitFor(/-- not taken by the server: alice› three\nexit 130$/);
      program.child.kill("SIGCONT");
    });
  },
);
