import assert from "node:assert/strict";
import { testNeeding } from "../support/needs.ts";
import { commandLine, run, spawn, startServer } from "../support/programs.ts";
import { Pty } from "../support/pty.ts";
import { SIGNALS } from "../support/leaving.ts";
import { withDirectory } from "../support/temporary.ts";
import { within } from "../support/within.ts";

const NEEDS = ["net", "read", "write", "run", "env"] as const;

testNeeding(NEEDS, "programs without a terminal go on after SIGHUP", async () => {
  await withDirectory(async (cwd) => {
    await using server = await startServer({ cwd });
    const args = ["127.0.0.1", `${server.port}`];
    const readers = [["--stay"], ["--json"], ["--json", "--stay"]];
    await using running = new AsyncDisposableStack();
    const programs = await Promise.all(readers.map(async (form) => {
      return running.use(await spawn("client", [...args, ...form], { cwd }));
    }));
    for (const program of programs) {
      await program.waitFor("stderr", /^connected/m);
      program.child.kill("SIGHUP");
    }
    server.program.child.kill("SIGHUP");
    const sent = await run("client", [...args, "--send", "still there"], { cwd });
    assert.equal(sent.code, 0, sent.stderr);
    for (const program of programs) {
      await program.waitFor("stdout", /still there/);
      program.child.kill("SIGTERM");
      assert.equal((await program.finished()).code, 143);
    }
    server.program.child.kill("SIGTERM");
    assert.equal((await server.program.finished()).code, 0);
  });
});

testNeeding(
  [...NEEDS, "python3"],
  "programs under nohup go on without their terminal",
  async () => {
    await withDirectory(async (cwd) => {
      const words = await commandLine("server", "source");
      await using pty = await openUnderNohup(cwd, [...words, "127.0.0.1", "0"]);
      const port = await within(30, () => "no port", findPort(`${cwd}/log`));
      await pty.hangUp();
      await pty.finished();
      const args = ["127.0.0.1", port, "--send", "still there"];
      const sent = await run("client", args, { cwd });
      assert.equal(sent.code, 0, sent.stderr);
      Deno.kill(Number(await Deno.readTextFile(`${cwd}/pid`)), "SIGTERM");
    });
  },
);

testNeeding([...NEEDS, "python3"], "server at a terminal ends in order on SIGHUP", async () => {
  await withDirectory(async (cwd) => {
    const words = await commandLine("server", "source");
    await using pty = await Pty.open([...words, "127.0.0.1", "0"], { cwd });
    await pty.waitFor(/listening on .*\r\n/);
    await pty.signal(SIGNALS.HUP);
    assert.equal((await pty.finished()).code, 129);
  });
});

/** Starts a program as people do who want it to outlive their terminal. */
async function openUnderNohup(cwd: string, command: readonly string[]): Promise<Pty> {
  const script = 'nohup "$@" > log 2>&1 & echo $! > pid; wait';
  return await Pty.open(["/bin/sh", "-c", script, "sh", ...command], { cwd });
}

/** Waits until a server's log names its port. */
async function findPort(path: string): Promise<string> {
  for (;;) {
    const log = await Deno.readTextFile(path).catch(() => "");
    const port = /^listening on .*:(\d+)\n/m.exec(log)?.[1];
    if (port !== undefined) return port;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
