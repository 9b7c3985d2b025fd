import assert from "node:assert/strict";
import { testNeeding } from "../support/needs.ts";
import { commandLine, Program, run, spawn, startServer } from "../support/programs.ts";
import { Pty } from "../support/pty.ts";
import { nonBlocking } from "../support/streams.ts";
import { withDirectory } from "../support/temporary.ts";

const NEEDS = ["net", "read", "write", "run", "env", "python3"] as const;

testNeeding(NEEDS, "client waits for input in a non-blocking pipe", async () => {
  await withDirectory(async (cwd) => {
    await using server = await startServer({ cwd });
    const args = ["127.0.0.1", `${server.port}`];
    await using listener = await spawn("client", [...args, "--json"], { cwd });
    await listener.waitFor("stdout", /"type":"live"/);
    for (const form of [[], ["--json"]]) {
      const command = [...await commandLine("client", "source"), ...args, "--ephemeral", ...form];
      await using writer = Program.spawn(nonBlocking(0, command), { cwd });
      await writer.waitFor("stderr", /^connected/m);
      for (const word of ["one", "two"]) {
        const text = `${word} ${form}`;
        await writer.write(
          form.length > 0 ? `{"type":"message","text":"${text}"}\n` : `${text}\n`,
        );
        await listener.waitFor("stdout", new RegExp(`"text":"${text}"`));
      }
      await writer.child.stdin.close();
      const { code, stderr } = await writer.finished();
      assert.equal(code, 0, stderr);
    }
  });
});

testNeeding(NEEDS, "client waits for a reader of its full non-blocking output", async () => {
  await withDirectory(async (cwd) => {
    await using server = await startServer({ cwd });
    const args = ["127.0.0.1", `${server.port}`];
    const lines = Array.from({ length: 6 }, (_, i) => `${i}${"x".repeat(30_000)}`);
    const input = lines.map((line) => `${line}\n`).join("");
    const writer = await run("client", [...args, "--nick", "al", "--ephemeral"], { cwd, input });
    assert.equal(writer.code, 0);
    // The reader of standard output begins when more has come than the pipe holds.
    const words = [...await commandLine("client", "source"), ...args];
    const command = [...words, "--ephemeral", "--backlog", "20"];
    const shell = 'mkfifo gate; { "$@"; echo "exit $?"; } | { read -r _ < gate; cat; }';
    const line = ["/bin/sh", "-c", shell, "sh", ...nonBlocking(1, command)];
    await using reader = Program.spawn(line, { cwd });
    await reader.waitFor("stderr", /^connected/m);
    await run("client", [...args, "--ephemeral", "--send", "last"], { cwd });
    await Deno.writeTextFile(`${cwd}/gate`, "go\n");
    await reader.waitFor("stdout", /last\n/);
    for (const each of lines) assert.ok(reader.stdout.includes(`<al> ${each}\n`));
    await reader.child.stdin.close();
    assert.match((await reader.finished()).stdout, /last\nexit 0\n$/);
  });
});

testNeeding(NEEDS, "client drops no diagnostic in a non-blocking pipe", async () => {
  await withDirectory(async (cwd) => {
    await using server = await startServer({ cwd });
    const args = ["127.0.0.1", `${server.port}`];
    const command = [...await commandLine("client", "source"), ...args, "--ephemeral"];
    await using refused = Program.spawn(nonBlocking(2, command), { cwd });
    await refused.write(`${"x".repeat(40_001)}\n`.repeat(20));
    await refused.child.stdin.close();
    const { code, stderr } = await refused.finished();
    assert.equal(code, 1);
    assert.equal(stderr.match(/^not sent/mg)?.length, 20);
    assert.match(stderr, /^error: Not everything was sent: 20 refused/m);
  });
});

testNeeding(NEEDS, "client works at a terminal that another program set non-blocking", async () => {
  await withDirectory(async (cwd) => {
    await using server = await startServer({ cwd });
    const words = await commandLine("client", "source");
    words.splice(2, 0, "-q");
    const args = ["127.0.0.1", `${server.port}`, "--nick", "alice", "--ephemeral"];
    const env = { LC_ALL: "C.UTF-8", TERM: "xterm-256color", NO_COLOR: "", TMUX: "" };
    const options = { cwd, env: { ...env, XDG_CONFIG_HOME: `${cwd}/config` } };
    await using pty = await Pty.open(nonBlocking(0, [...words, ...args]), options);
    await pty.waitFor(/alice> /);
    await using listener = await spawn("client", [...args.slice(0, 2), "--json"], { cwd });
    await listener.waitFor("stdout", /"type":"live"/);
    await pty.type("typed\r");
    await listener.waitFor("stdout", /"text":"typed"/);
    await pty.type("\x04");
    const { code, isSame } = await pty.finished();
    assert.deepEqual([code, isSame], [0, true]);
  });
});

testNeeding(NEEDS, "server logs to a non-blocking pipe", async () => {
  await withDirectory(async (cwd) => {
    const command = [...await commandLine("server", "source"), "127.0.0.1", "0"];
    await using server = Program.spawn(nonBlocking(2, command), { cwd });
    await server.waitFor("stderr", /^listening on/m);
    server.child.kill("SIGTERM");
    assert.equal((await server.finished()).code, 0);
  });
});
