import assert from "node:assert/strict";
import { generateKey } from "../../lib/fernet.ts";
import { testNeeding } from "../support/needs.ts";
import { spawn, startServer } from "../support/programs.ts";
import { withDirectory } from "../support/temporary.ts";

const NEEDS = ["net", "read", "write", "run", "env"] as const;

testNeeding(NEEDS, "client --send sends one message, prints nothing and exits with 0", async () => {
  await withDirectory(async (cwd) => {
    await using server = await startServer({ cwd });
    const args = ["127.0.0.1", `${server.port}`];
    await using listener = await spawn("client", [...args, "--json"], { cwd });
    await listener.waitFor("stdout", /"type":"live"/);
    await listener.write('{"type":"message","text":"of the past"}\n');
    const text = "/quit\nis no command";
    // Its standard input stays open: nothing is read from it.
    await using sender = await spawn("client", [...args, "-n", "al", "--send", text], { cwd });
    const { code, stdout } = await sender.finished();
    assert.deepEqual([code, stdout], [0, ""]);
    await listener.waitFor("stdout", /"nickname":"al".*"text":"\/quit\\nis no command"/);
  });
});

testNeeding(
  NEEDS,
  "client --send exits with 1 if its text is too long or nobody answers",
  async () => {
    await withDirectory(async (cwd) => {
      await using server = await startServer({ cwd });
      const long = ["127.0.0.1", `${server.port}`, "--send", "x".repeat(40_001)];
      await using refused = await spawn("client", long, { cwd });
      const { code, stderr } = await refused.finished();
      assert.equal(code, 1);
      assert.match(stderr, /^not sent: 40001 bytes of text/m);
      assert.match(stderr, /^error: Not everything was sent/m);
    });
    await withDirectory(async (cwd) => {
      await Deno.writeTextFile(`${cwd}/secret.key`, generateKey(), { mode: 0o600 });
      using closed = Deno.listen({ hostname: "127.0.0.1", port: 0 });
      const { port } = closed.addr;
      closed.close();
      await using nobody = await spawn("client", [
        "127.0.0.1",
        `${port}`,
        "--reconnect",
        "0",
        "--send",
        "hi",
      ], { cwd });
      const { code, stderr } = await nobody.finished();
      assert.equal(code, 1);
      assert.match(stderr, /^error: Cannot connect: no server answers/m);
    });
  },
);
