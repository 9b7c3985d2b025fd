import assert from "node:assert/strict";
import { SIGNAL_ECHO_MS } from "../../lib/programs/departure.ts";
import { assertRestored, openClient } from "../support/leaving.ts";
import { testNeeding } from "../support/needs.ts";
import { ROOT, run, startServer } from "../support/programs.ts";
import { Pty } from "../support/pty.ts";
import { withDirectory } from "../support/temporary.ts";

const NEEDS = ["net", "read", "write", "run", "env", "python3"] as const;
const [WITH, WITHOUT] = [true, false];

const CASES: readonly [args: string[], env: Record<string, string>, hasColors: boolean][] = [
  [[], {}, WITH],
  [[], { NO_COLOR: "1" }, WITHOUT],
  [["--color", "auto"], { NO_COLOR: "1" }, WITHOUT],
  [["--color", "never"], {}, WITHOUT],
  [["--color", "always"], { NO_COLOR: "1" }, WITH],
];

/** Which attributes were set. */
function attributes(output: string): string[] {
  // deno-lint-ignore no-control-regex
  return [...new Set([...output.matchAll(/\x1b\[([\d;:]*)m/g)].map(([, set]) => set!))].sort();
}

for (const [args, env, hasColors] of CASES) {
  const how = [...Object.entries(env).map((pair) => pair.join("=")), ...args].join(" ");
  testNeeding(NEEDS, `client has colours, or has none: ${how || "by itself"}`, async () => {
    await withDirectory(async (cwd) => {
      await using server = await startServer({ cwd });
      const port = `${server.port}`;
      await using pty = await openClient({ cwd, port: server.port, nick: "alice", args, env });
      await pty.waitFor(/shows the commands/);
      const input = "alice: hi\n/me waves\n/msg alice psst\n";
      await run("client", ["127.0.0.1", port, "--nick", "bob"], { cwd, input });
      await pty.waitFor(/psst/);
      await pty.type("a draft\t");
      await pty.waitFor(/a draft/);
      server.program.child.kill("SIGKILL");
      await pty.waitFor(/offline/);
      await pty.type("\x15\x04");
      const left = await pty.finished();
      await assertRestored(left);
      const set = attributes(left.output);
      if (hasColors) {
        assert.ok(set.includes("1;7") && set.some((each) => /^38;5;\d+$/.test(each)), `${set}`);
        return;
      }
      assert.deepEqual(set, ["0"]);
    });
  });
}

for (const env of [{ TERM: "dumb" }, { TERM: "" }]) {
  testNeeding(NEEDS, `client writes plain lines on a terminal of TERM="${env.TERM}"`, async () => {
    await withDirectory(async (cwd) => {
      await using server = await startServer({ cwd });
      const args = ["--color", "always"];
      await using pty = await openClient({ cwd, port: server.port, nick: "alice", args, env });
      await pty.waitFor(/connected to /);
      await run("client", ["127.0.0.1", `${server.port}`, "--nick", "bob"], { cwd, input: "hi\n" });
      await pty.waitFor(/<bob> hi/);
      await pty.type("and back\n\x04");
      const { code, isSame, wasRaw, output } = await pty.finished();
      assert.deepEqual({ code, isSame, wasRaw }, { code: 0, isSame: true, wasRaw: false });
      assert.ok(!output.includes("\x1b"), JSON.stringify(output));
    });
  });
}

testNeeding(NEEDS, "deno task client gives the terminal back", async () => {
  await withDirectory(async (cwd) => {
    await using server = await startServer({ cwd });
    const client = ["127.0.0.1", `${server.port}`, "--key", `${cwd}/secret.key`, "--ephemeral"];
    const command = [Deno.execPath(), "task", "-q", "client", ...client, "--nick", "alice"];
    const env = { LC_ALL: "C.UTF-8", TERM: "xterm", XDG_CONFIG_HOME: cwd };
    const size = { columns: 100, rows: 15 };
    for (const [keys, code] of [["/quit\r", 0], ["\x03", 130]] as const) {
      await using pty = await Pty.open(command, { cwd: ROOT, env, ...size });
      await pty.waitFor(/alice> /);
      await pty.type(keys);
      if (code === 130) {
        // The first one comes twice, and counts once.
        await pty.waitFor(/Ctrl-C again leaves/);
        await new Promise((resolve) => setTimeout(resolve, 2 * SIGNAL_ECHO_MS));
        await pty.type(keys);
      }
      const left = await pty.finished();
      assert.equal(left.code, code, left.output);
      await assertRestored(left);
    }
  });
});
