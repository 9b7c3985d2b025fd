import assert from "node:assert/strict";
import { METRICS, metricsUrl } from "../support/metrics.ts";
import { testNeeding } from "../support/needs.ts";
import { commandLine, Program } from "../support/programs.ts";
import { fakeToken, RawClient } from "../support/raw_client.ts";
import { withDirectory } from "../support/temporary.ts";

const NEEDS = ["net", "read", "write", "run", "env", "prlimit"] as const;

/** Starts a server that has few file descriptors. */
async function startWith(descriptors: number, cwd: string, args: readonly string[]) {
  const command = await commandLine("server", "source");
  const limit = ["prlimit", `--nofile=${descriptors}`];
  const all = [...limit, ...command, "127.0.0.1", "0", ...args];
  const program = Program.spawn(all, { cwd, env: { LC_ALL: "C.UTF-8", NO_COLOR: "1" } });
  const [, port] = await program.waitFor("stderr", /^listening on .*:(\d+)$/m);
  return { program, port: Number(port) };
}

/** Opens connections that say nothing, or begin to. */
async function openSilent(port: number, count: number): Promise<DisposableStack> {
  const stack = new DisposableStack();
  for (let i = 0; i < count; i++) {
    const conn = stack.use(await Deno.connect({ port }));
    if (i % 2 === 0) await conn.write(new TextEncoder().encode("GET /metr"));
  }
  return stack;
}

testNeeding(NEEDS, "silent connections to the metrics keep nobody out", async () => {
  await withDirectory(async (cwd) => {
    const { program, port } = await startWith(64, cwd, METRICS);
    await using _running = program;
    const url = await metricsUrl({ program });
    using _silent = await openSilent(Number(new URL(url).port), 80);
    assert.equal(await (await fetch(`${url}/healthz`)).text(), "ok\n");
    using sender = await RawClient.connect(port);
    using reader = await RawClient.connect(port);
    await sender.send(`${fakeToken("-a-")}\n`);
    await reader.waitForLines(1);
    assert.doesNotMatch(program.stderr, /cannot accept/);
  });
});

testNeeding(
  NEEDS,
  "few file descriptors mean fewer clients, and all that there are answer",
  async () => {
    await withDirectory(async (cwd) => {
      const { program, port } = await startWith(64, cwd, METRICS);
      await using _running = program;
      const [, places, wanted] = await program.waitFor(
        "stderr",
        /^warning: file descriptors are enough for (\d+) clients at once, not for (\d+):/m,
      );
      assert.equal(wanted, "100");
      assert.ok(Number(places) >= 2 && Number(places) < 40, `${places} places`);
      const url = await metricsUrl({ program });
      using _strangers = await openSilent(port, 80);
      assert.equal(await (await fetch(`${url}/healthz`)).text(), "ok\n");
      // The log tells of those that were refused only once the server sees them.
      await program.waitFor("stderr", /refused/);
      assert.equal(await (await fetch(`${url}/healthz`)).text(), "ok\n");
    });
  },
);

testNeeding(NEEDS, "enough file descriptors are no reason to warn", async () => {
  await withDirectory(async (cwd) => {
    for (const [args, isWarned] of [[[], false], [["--max-clients", "2000"], true]] as const) {
      const { program } = await startWith(1024, cwd, args);
      await using _running = program;
      assert.equal(/^warning: /m.test(program.stderr), isWarned, program.stderr);
    }
  });
});
