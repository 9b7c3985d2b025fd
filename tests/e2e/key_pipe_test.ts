import assert from "node:assert/strict";
import { KEY } from "../support/key_files.ts";
import { testNeeding } from "../support/needs.ts";
import { commandLine, Program, run, spawn, startServer } from "../support/programs.ts";
import { withDirectory } from "../support/temporary.ts";

const NEEDS = ["net", "read", "write", "run", "env"] as const;

/** Runs a command line of bash to its end. */
async function bash(cwd: string, script: string, ...args: string[]) {
  const env = { LC_ALL: "C.UTF-8", NO_COLOR: "1", XDG_STATE_HOME: `${cwd}/state` };
  await using program = Program.spawn(["bash", "-c", script, ...args], { cwd, env });
  return await program.finished();
}

testNeeding([...NEEDS, "bash"], "a key can come from a pipe", async () => {
  await withDirectory(async (cwd) => {
    await using server = await spawn("server", ["127.0.0.1", "0", "--key", "-"], { cwd });
    await server.write(`${KEY}\n`);
    await server.child.stdin.close();
    const [, port] = await server.waitFor("stderr", /^listening on .*:(\d+)$/m);
    assert.match(server.stderr, /^key: from a pipe$/m);
    const client = await commandLine("client", "source");
    const send = ["127.0.0.1", port!, "--plain", "--send", "hello"];
    const substituted = `"$@" --key <(printf %s ${KEY})`;
    const ends = await bash(cwd, substituted, "bash", ...client, ...send);
    assert.equal(ends.code, 0, ends.stderr);
    const piped = `printf "%s\\n" ${KEY} | "$@" --key -`;
    assert.equal((await bash(cwd, piped, "bash", ...client, ...send)).code, 0);
    const admission = await bash(cwd, piped, "bash", ...client, "admission");
    assert.match(admission.stdout, /^admission1\./);
    assert.deepEqual(await Array.fromAsync(Deno.readDir(cwd), ({ name }) => name), ["state"]);
  });
});

testNeeding(NEEDS, "messages and a key cannot both come from standard input", async () => {
  await withDirectory(async (cwd) => {
    await using server = await startServer({ cwd });
    for (const more of [[], ["--json"], ["--stay"]]) {
      const args = ["127.0.0.1", `${server.port}`, "--key", "-", ...more];
      const { code, stderr } = await run("client", args, { cwd, input: `${KEY}\nhello\n` });
      assert.equal(code, 2);
      assert.match(stderr, /^error: With --key - no messages can come from standard input$/m);
    }
  });
});
