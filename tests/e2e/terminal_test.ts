import assert from "node:assert/strict";
import { encrypt, importKey } from "../../lib/fernet.ts";
import { openClient } from "../support/client_terminal.ts";
import { testNeeding } from "../support/permissions.ts";
import { until } from "../support/process_info.ts";
import { run, type Server, startServer } from "../support/programs.ts";
import { RawClient } from "../support/raw_client.ts";
import { withDirectory } from "../support/temporary.ts";
import type { Terminal } from "../support/tmux.ts";

const NEEDS = ["net", "read", "write", "run", "env"] as const;
const OPTIONS = ["--ephemeral", "--no-timestamps", "--nick"];

/** Opens a client called alice in a terminal, beside a server. */
async function withClient(
  fn: (terminal: Terminal, server: Server, cwd: string) => Promise<void>,
): Promise<void> {
  await withDirectory(async (cwd) => {
    await using server = await startServer({ cwd });
    const args = [...OPTIONS, "alice"];
    await using terminal = await openClient({ cwd, port: server.port, args });
    await terminal.waitFor(/^-- here: only you\nalice>$/m);
    await fn(terminal, server, cwd);
  });
}

testNeeding(NEEDS, "client prints messages above a draft and leaves it as it is", async () => {
  await withClient(async (terminal, { port }, cwd) => {
    const welcome = await terminal.screen();
    await terminal.type("a draft that is so long that it wraps around, at sixty columns");
    await terminal.press("Left", "Left", "Left");
    await terminal.waitFor(/columns$/m);
    const input = "one\ntwo\n";
    await run("client", ["127.0.0.1", `${port}`, "--nick", "bob"], { cwd, input });
    await terminal.waitFor(/^-- bob left$/m);
    const above = ["-- bob joined", "bob  one", "bob  two", "-- bob left"];
    const draft = [
      "alice> a draft that is so long that it wraps around, at sixt",
      "       y columns",
    ];
    const before = [...welcome.slice(0, -1), ...above];
    assert.deepEqual(await terminal.screen(), [...before, ...draft]);
    assert.deepEqual(await terminal.cursor(), [13, before.length + 1]);

    await terminal.type("X");
    await terminal.press("Enter");
    const said = [
      "alice› a draft that is so long that it wraps around, at",
      "       sixty coluXmns",
    ];
    await terminal.waitFor(/^alice>$/m);
    assert.deepEqual(await terminal.screen(), [...before, ...said, "alice>"]);
  });
});

testNeeding(NEEDS, "client sends what is typed, and Ctrl-D leaves with 0", async () => {
  await withClient(async (terminal, { program, port }, cwd) => {
    await using other = await openClient({ cwd, port, args: [...OPTIONS, "bob"] });
    await other.waitFor(/^bob>$/m);
    await terminal.type("héllo 你好 🎉");
    await terminal.press("Enter");
    await other.waitFor(/^alice {2}héllo 你好 🎉$/m);
    await other.type("and back");
    await other.press("Enter");
    await terminal.waitFor(/^bob {2}and back$/m);
    await terminal.press("C-d");
    await terminal.waitFor(/^exit 0$/m);
    program.child.kill("SIGTERM");
    await other.waitFor(/^-- Connection lost: the server is (gone|stopping); connecting/m);
    await other.waitFor(/^bob \(offline\)>$/m);
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
    await terminal.waitFor(/^\(unverified\) <busy> text/m);
    await terminal.type("bye");
    await terminal.press("Enter", "C-d");
    await terminal.waitFor(/^exit 0$/m);
    isOver = true;
    await talking;
    await until(() => Promise.resolve(witness.lines().some((each) => each + "\n" !== line)), "bye");
  });
});
