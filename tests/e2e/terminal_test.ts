import assert from "node:assert/strict";
import { encrypt, importKey } from "../../lib/fernet.ts";
import { testNeeding } from "../support/permissions.ts";
import { until } from "../support/process_info.ts";
import { commandLine, run, type Server, startServer } from "../support/programs.ts";
import { RawClient } from "../support/raw_client.ts";
import { withDirectory } from "../support/temporary.ts";
import { Terminal } from "../support/tmux.ts";

const NEEDS = ["net", "read", "write", "run", "env"] as const;

/** Opens a client called alice in a terminal, beside a server. */
async function withClient(
  fn: (terminal: Terminal, server: Server, cwd: string) => Promise<void>,
): Promise<void> {
  await withDirectory(async (cwd) => {
    await using server = await startServer({ cwd });
    const words = await commandLine("client", "source");
    const client = [...words, "127.0.0.1", `${server.port}`, "--nick", "alice", "--ephemeral"];
    const quoted = client.map((word) => `'${word}'`).join(" ");
    const state = "stty -a | grep -oE -- '-?(icanon|echo|isig)\\>' | tr '\\n' ' '";
    const shell = `${quoted}; echo "exit $?"; ${state}`;
    await using terminal = await Terminal.open(shell, { cwd, columns: 60, rows: 15 });
    await terminal.waitFor(/^<alice>$/m);
    await fn(terminal, server, cwd);
  });
}

testNeeding(NEEDS, "client prints messages above a draft and leaves it as it is", async () => {
  await withClient(async (terminal, { port }, cwd) => {
    await terminal.type("a draft that is so long that it wraps around, at sixty columns");
    await terminal.press("Left", "Left", "Left");
    await terminal.waitFor(/columns$/m);
    const input = "one\ntwo\n";
    await run("client", ["127.0.0.1", `${port}`, "--nick", "bob"], { cwd, input });
    await terminal.waitFor(/<bob> two/);
    const draft = [
      "<alice> a draft that is so long that it wraps around, at six",
      "ty columns",
    ];
    await terminal.waitFor(/^-- bob left$/m);
    const above = ["-- bob joined", "<bob> one", "<bob> two", "-- bob left"];
    assert.deepEqual((await terminal.screen()).slice(1), [...above, ...draft]);
    assert.deepEqual(await terminal.cursor(), [7, 6]);

    await terminal.type("X");
    await terminal.press("Enter");
    await terminal.waitFor(/colXumns|coluXmns/);
    await terminal.waitFor(/^<alice>$/m);
    const screen = (await terminal.screen()).slice(5);
    assert.deepEqual(screen, [draft[0], "ty coluXmns", "<alice>"]);
  });
});

testNeeding(NEEDS, "client sends what is typed, and Ctrl-D leaves with 0", async () => {
  await withClient(async (terminal, { program, port }, cwd) => {
    await using other = await Terminal.open(
      (await commandLine("client", "source")).map((word) => `'${word}'`).join(" ") +
        ` 127.0.0.1 ${port} --nick bob --ephemeral`,
      { cwd, columns: 60, rows: 15 },
    );
    await other.waitFor(/^<bob>$/m);
    await terminal.type("héllo 你好 🎉");
    await terminal.press("Enter");
    await other.waitFor(/^<alice> héllo 你好 🎉$/m);
    await other.type("and back");
    await other.press("Enter");
    await terminal.waitFor(/^<bob> and back$/m);
    await terminal.press("C-d");
    await terminal.waitFor(/^exit 0$/m);
    await terminal.waitFor(/icanon/);
    assert.equal((await terminal.screen()).at(-1)?.trim(), "isig icanon echo");
    program.child.kill("SIGTERM");
    await other.waitFor(/^-- Connection lost: the server is (gone|stopping); connecting again$/m);
  });
});

testNeeding(NEEDS, "client leaves with 0 on Ctrl-D while messages keep coming", async () => {
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
    await terminal.waitFor(/<busy> text/);
    await terminal.type("bye");
    await terminal.press("Enter", "C-d");
    await terminal.waitFor(/^exit 0$/m);
    isOver = true;
    await talking;
    await until(() => Promise.resolve(witness.lines().some((each) => each + "\n" !== line)), "bye");
  });
});

for (const [how, code] of [["C-c", 130], ["TERM", 143], ["HUP", 129]] as const) {
  testNeeding(
    NEEDS,
    `client gives the terminal back on ${how} and exits with ${code}`,
    async () => {
      await withClient(async (terminal, { port }) => {
        await terminal.type("never sent");
        await terminal.waitFor(/never sent/);
        if (how === "C-c") await terminal.press("C-c");
        else {
          const pattern = `client.ts 127.0.0.1 ${port} --nick alice --ephemeral`;
          await new Deno.Command("pkill", { args: [`-${how}`, "-x", "-f", `.*${pattern}`] })
            .output();
        }
        await terminal.waitFor(new RegExp(`^exit ${code}$`, "m"));
        await terminal.waitFor(/icanon/);
        assert.equal((await terminal.screen()).at(-1)?.trim(), "isig icanon echo");
      });
    },
  );
}
