import assert from "node:assert/strict";
import { assertRestored, openAlice, SIGNALS } from "../support/leaving.ts";
import { testNeeding } from "../support/needs.ts";
import { until } from "../support/process_info.ts";
import { commandLine, ROOT, run, startServer } from "../support/programs.ts";
import { withDirectory } from "../support/temporary.ts";
import { quote, Terminal, withoutTimes } from "../support/tmux.ts";

const NEEDS = ["net", "read", "write", "run", "env"] as const;
// Below 2.9 the client may not stop itself: the shell then finds the terminal as it is.
const canStop = !/^2\.[0-8]\./.test(Deno.version.deno);
const SHELLS = canStop ? ["bash --norc --noprofile -i", "dash -i"] : [];
const MODES = "stty -a | grep -oE -- '-?(icanon|echo|icrnl|isig)\\>' | tr '\\n' ' '";

for (const shell of SHELLS) {
  testNeeding(
    [...NEEDS, "tmux", "bash", "dash"],
    `client draws prompt and draft again after Ctrl-Z and fg: ${shell}`,
    async () => {
      await withDirectory(async (cwd) => {
        await using server = await startServer({ cwd });
        const args = ["127.0.0.1", `${server.port}`, "--ephemeral"];
        const alice = quote([...await commandLine("client", "source"), ...args, "--nick", "alice"]);
        await Deno.writeTextFile(`${cwd}/alice`, `exec ${alice}\n`);
        const size = { cwd, columns: 60, rows: 24 };
        await using terminal = await Terminal.open(`env PS1='$ ' NO_COLOR=1 ${shell}`, size);
        await terminal.waitFor(/^\$$/m);
        await terminal.type("sh ./alice");
        await terminal.press("Enter");
        await terminal.waitFor(/here: only you\nalice>$/m);
        await terminal.type("a draft that is so long that it wraps around, at sixty columns");
        await terminal.press("Left", "Left", "Left");
        // Ctrl-Z drops what was typed and not read yet.
        const isThere = async () => (await terminal.cursor())[0] === "       y colu".length;
        await until(isThere, "where the cursor belongs");

        await terminal.press("C-z");
        await terminal.waitFor(/Stopped[^]*\$$/);
        assert.doesNotMatch((await terminal.screen()).join("\n"), /alice> |columns/);
        await terminal.type(MODES);
        await terminal.press("Enter");
        await terminal.waitFor(/^icrnl isig icanon echo \$$/m);
        await run("client", [...args, "--nick", "bob"], { cwd, input: "while you were away\n" });

        await terminal.type("fg");
        await terminal.press("Enter");
        await terminal.waitFor(/while you were away[^]*columns$/);
        await terminal.type("X");
        await terminal.waitFor(/colXumns$|coluXmns$/);
        const draft = [
          "alice> a draft that is so long that it wraps around, at sixt",
          "       y coluXmns",
        ];
        assert.deepEqual(withoutTimes(await terminal.screen()).slice(-3), [
          "12:34 bob  while you were away",
          ...draft,
        ]);
        await terminal.press("Enter");
        await terminal.waitFor(/alice› a draft[^]*alice>$/);
        await terminal.press("C-d");
        await terminal.waitFor(/\$$/);
        await terminal.type(MODES);
        await terminal.press("Enter");
        await terminal.waitFor(/^icrnl isig icanon echo \$$/m);
      });
    },
  );
}

testNeeding(
  [...NEEDS, "python3"],
  "client goes on after Ctrl-Z where no shell could continue it",
  async () => {
    await withDirectory(async (cwd) => {
      await using server = await startServer({ cwd });
      await using pty = await openAlice({ cwd, port: server.port });
      await pty.type("a draft");
      await pty.waitFor(/a draft/);
      for (let time = 0; time < (canStop ? 2 : 0); time++) {
        const from = pty.output.length;
        await pty.type("\x1a");
        await pty.waitFor(/2004l[^]*2004h[^]*a draft/, from);
      }
      await pty.type("\x15/quit\r");
      const left = await pty.finished();
      assert.equal(left.code, 0);
      await assertRestored(left);
    });
  },
);

testNeeding(
  [...NEEDS, "python3"],
  "client draws prompt and draft again after SIGSTOP and SIGCONT",
  async () => {
    await withDirectory(async (cwd) => {
      await using server = await startServer({ cwd });
      await using pty = await openAlice({ cwd, port: server.port });
      await pty.type("a draft");
      await pty.waitFor(/a draft/);
      await pty.signal(SIGNALS.STOP);
      const args = ["127.0.0.1", `${server.port}`, "--nick", "bob", "--ephemeral"];
      await run("client", args, { cwd, input: "while you were away\n" });
      const from = pty.output.length;
      await pty.signal(SIGNALS.CONT);
      await pty.waitFor(/2004h[^]*a draft/, from);
      await pty.waitFor(/while you were away[^]*a draft/, from);
      assert.equal(pty.output.match(/while you were away/g)!.length, 1);
      await pty.type("\x15/quit\r");
      assert.equal((await pty.finished()).code, 0);
    });
  },
);

testNeeding(
  [...NEEDS, "tmux"],
  "client says that Ctrl-Z does not work under deno task",
  async () => {
    await withDirectory(async (cwd) => {
      await using server = await startServer({ cwd });
      const task = [Deno.execPath(), "task", "-q", "--cwd", ROOT, "client"];
      const args = ["127.0.0.1", `${server.port}`, "--key", `${cwd}/secret.key`, "--nick", "alice"];
      const command = ["env", "NO_COLOR=1", "LC_ALL=C.UTF-8", ...task, ...args, "--ephemeral"];
      const settings = { cwd, columns: 100, rows: 15, end: /^exit \d+$/m };
      await using terminal = await Terminal.open(`${quote(command)}; echo "exit $?"`, settings);
      await terminal.waitFor(/here: only you\nalice>$/);
      await terminal.type("a draft");
      await terminal.waitFor(/alice> a draft$/);
      await terminal.press("C-z");
      await terminal.waitFor(/-- Ctrl-Z does not work under deno task: [^]*\nalice>.*$/);
      // The kernel drops what was typed and not read when Ctrl-Z comes, and nothing after that.
      await terminal.press("C-u");
      await terminal.type("still here");
      await terminal.press("Enter");
      await terminal.waitFor(/alice› still here\nalice>$/);
      const told = (await terminal.screen()).filter((row) => row.includes("Ctrl-Z"));
      assert.equal(told.length, 1, told.join("\n"));
      await terminal.press("C-d");
      await terminal.waitFor(/^exit 0$/m);
    });
  },
);
