import assert from "node:assert/strict";
import { generateKey } from "../../lib/fernet.ts";
import { testNeeding } from "../support/needs.ts";
import { run, spawn, startServer } from "../support/programs.ts";
import { findFreePort } from "../support/streams.ts";
import { withDirectory } from "../support/temporary.ts";

const NEEDS = ["net", "read", "write", "run", "env"] as const;

testNeeding(NEEDS, "client sends, pipes and serves a bot once the server has started", async () => {
  await withDirectory(async (cwd) => {
    const port = findFreePort();
    await Deno.writeTextFile(`${cwd}/secret.key`, generateKey(), { mode: 0o600 });
    const args = ["127.0.0.1", `${port}`];
    await using sender = await spawn("client", [...args, "--send", "sent"], { cwd });
    await using pipe = await spawn("client", args, { cwd });
    await using bot = await spawn("client", [...args, "--json"], { cwd });
    await pipe.write("piped\n");
    await bot.write('{"type":"message","text":"said"}\n');
    for (const program of [pipe, bot]) await program.child.stdin.close();
    const waiting = /^warning: Cannot connect: no server answers at .*; trying again for 300 s$/m;
    for (const program of [sender, pipe, bot]) await program.waitFor("stderr", waiting);
    await using server = await startServer({ cwd, port });
    for (const program of [sender, pipe, bot]) {
      const { code, stderr } = await program.finished();
      assert.equal(code, 0, stderr);
    }
    const past = ["--backlog", "20"];
    const { stdout } = await run("client", ["127.0.0.1", `${server.port}`, ...past], { cwd });
    for (const text of ["sent", "piped", "said"]) assert.ok(stdout.includes(`> ${text}\n`), stdout);
  });
});

testNeeding(NEEDS, "client waits for a place in a full room", async () => {
  await withDirectory(async (cwd) => {
    const args = ["--max-clients", "1", "--members-only"];
    await using server = await startServer({ cwd, args });
    const address = ["127.0.0.1", `${server.port}`];
    await using first = await spawn("client", [...address, "--json"], { cwd });
    await first.waitFor("stdout", /"type":"live"/);
    await using sender = await spawn("client", [...address, "--send", "at last"], { cwd });
    await sender.waitFor("stderr", /^warning: Connection closed by the server: 503 full; trying/m);
    await first.child.stdin.close();
    const { code, stderr } = await sender.finished();
    assert.equal(code, 0, stderr);
  });
});

testNeeding(
  NEEDS,
  "client gives up after --reconnect, and at once where waiting is no use",
  async () => {
    await withDirectory(async (cwd) => {
      await using server = await startServer({ cwd });
      const nobody = ["127.0.0.1", `${findFreePort()}`, "--send", "hi"];
      const late = await run("client", [...nobody, "--reconnect", "1"], { cwd });
      assert.equal(late.code, 1);
      assert.match(
        late.stderr,
        /^warning: .*; trying again for 1 s\nerror: Cannot connect: no server answers at/m,
      );
      await Deno.writeTextFile(`${cwd}/other.key`, generateKey(), { mode: 0o600 });
      const key = ["127.0.0.1", `${server.port}`, "--key", "other.key", "--send", "hi"];
      const refused = await run("client", key, { cwd });
      assert.equal(refused.code, 1);
      assert.match(refused.stderr, /^error: Connection closed by the server: 401 auth/);
      const host = ["no-such-host.invalid", "5050", "--send", "hi"];
      const unknown = await run("client", host, { cwd });
      assert.equal(unknown.code, 1);
      assert.match(unknown.stderr, /^error: Cannot connect: there is no host called no-such-host/);
    });
  },
);
