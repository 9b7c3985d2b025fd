import assert from "node:assert/strict";
import { generateKey } from "../../lib/fernet.ts";
import { testNeeding } from "../support/needs.ts";
import { commandLine, run, spawn, startServer } from "../support/programs.ts";
import { Pty } from "../support/pty.ts";
import { findFreePort, runAfter, spawnAfter, USELESS } from "../support/streams.ts";
import { withDirectory } from "../support/temporary.ts";
import { within } from "../support/within.ts";

const NEEDS = ["net", "read", "write", "run", "env"] as const;

for (const [what, shell] of Object.entries(USELESS)) {
  testNeeding(NEEDS, `client sends and exits as ever, with standard error ${what}`, async () => {
    await withDirectory(async (cwd) => {
      await using server = await startServer({ cwd });
      const address = ["127.0.0.1", `${server.port}`];
      await using listener = await spawn("client", [...address, "--json"], { cwd });
      await listener.waitFor("stdout", /"type":"live"/);
      const nobody = ["127.0.0.1", `${findFreePort()}`, "--reconnect", "0"];
      const cases: [code: number, args: string[], input?: string][] = [
        [0, [...address, "--send", "alone"]],
        [0, address, "piped\n"],
        [0, [...address, "--json"], '{"type":"message","text":"json"}\n'],
        [1, [...nobody, "--send", "lost"]],
        [1, [...address, "--key", "no.key", "--send", "lost"]],
        [2, ["--wrong"]],
        [2, ["config", "--wrong"]],
      ];
      for (const [code, args, input] of cases) {
        const finished = await runAfter(shell, "client", args, { cwd, input });
        assert.equal(finished.code, code, args.join(" "));
      }
      await listener.waitFor("stdout", /"text":"alone"[^]*"text":"piped"[^]*"text":"json"/);
    });
  });

  testNeeding(
    NEEDS,
    `client goes on and ends on SIGTERM, with standard error ${what}`,
    async () => {
      await withDirectory(async (cwd) => {
        await using server = await startServer({ cwd });
        const args = ["127.0.0.1", `${server.port}`];
        await using reader = await spawnAfter(shell, "client", [...args, "--stay"], { cwd });
        await reader.child.stdin.close();
        await using listener = await spawn("client", [...args, "--json"], { cwd });
        await listener.waitFor("stdout", /"type":"live"/);
        await listener.write('{"type":"message","text":"hello"}\n');
        await reader.waitFor("stdout", /hello/);
        reader.child.kill("SIGTERM");
        assert.equal((await reader.finished()).code, 143);
      });
    },
  );

  testNeeding(NEEDS, `server serves and stops as ever, with standard error ${what}`, async () => {
    await withDirectory(async (cwd) => {
      const port = findFreePort();
      await using server = await spawnAfter(shell, "server", ["127.0.0.1", `${port}`], { cwd });
      const args = ["127.0.0.1", `${port}`, "--key", "secret.key"];
      await server.alive(untilThere(`${cwd}/secret.key`));
      const sent = await run("client", [...args, "--send", "hello"], { cwd });
      assert.equal(sent.code, 0, sent.stderr);
      server.child.kill("SIGTERM");
      assert.equal((await server.finished()).code, 0);
      assert.equal((await runAfter(shell, "server", ["--wrong"], { cwd })).code, 2);
    });
  });
}

/** Waits for a file. */
async function untilThere(path: string): Promise<void> {
  const find = async () => {
    while (!await Deno.stat(path).then(() => true, () => false)) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  await within(30, () => `there is no ${path}`, find());
}

testNeeding(
  [...NEEDS, "python3"],
  "client gives its terminal back though nobody reads standard error",
  async () => {
    await withDirectory(async (cwd) => {
      await Deno.writeTextFile(`${cwd}/secret.key`, generateKey(), { mode: 0o600 });
      const words = await commandLine("client", "source");
      words.splice(2, 0, "-q");
      using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
      const args = ["127.0.0.1", `${listener.addr.port}`, "--nick", "alice", "--ephemeral"];
      for (const shell of Object.values(USELESS)) {
        const command = ["/bin/sh", "-c", `${shell}; exec "$@"`, "sh", ...words, ...args];
        const env = { TERM: "xterm-256color", XDG_CONFIG_HOME: `${cwd}/config` };
        await using pty = await Pty.open(command, { cwd, env });
        await pty.waitFor(/connecting/);
        (await listener.accept()).close();
        const { code, isSame, wasRaw } = await pty.finished();
        assert.deepEqual({ code, isSame, wasRaw }, { code: 1, isSame: true, wasRaw: true });
      }
    });
  },
);

testNeeding(NEEDS, "client counts refused lines though standard error is full", async () => {
  await withDirectory(async (cwd) => {
    await using server = await startServer({ cwd });
    const args = ["127.0.0.1", `${server.port}`];
    await using listener = await spawn("client", [...args, "--json"], { cwd });
    await listener.waitFor("stdout", /"type":"live"/);
    const input = `${"x".repeat(40_001)}\n`.repeat(3) + "after\n";
    const { code } = await runAfter(USELESS["a full disk"], "client", args, { cwd, input });
    assert.equal(code, 1);
    await listener.waitFor("stdout", /"text":"after"/);
  });
});

testNeeding(NEEDS, "programs fail if standard output is full", async () => {
  await withDirectory(async (cwd) => {
    const cases = [["client", "--help"], ["client", "config"], ["server", "man"]] as const;
    for (const [program, word] of cases) {
      const full = await runAfter("exec > /dev/full", program, [word], { cwd });
      assert.equal(full.code, 1);
      assert.equal(full.stderr, "error: Cannot write to standard output\n");
    }
  });
});
