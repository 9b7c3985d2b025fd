import assert from "node:assert/strict";
import config from "../../deno.json" with { type: "json" };
import { testNeeding } from "../support/needs.ts";
import { commandLine, IMPORT_FLAGS, Program, ROOT } from "../support/programs.ts";
import { until } from "../support/process_info.ts";
import { withDirectory } from "../support/temporary.ts";

/** What the runtime reads, and whom it asks, to find another machine. */
const LOOK_UP = /sin6?_port=htons\(53\)|resolv\.conf|ca-certificates|cert\.pem/;

/** The variables that the task sets. */
const TASK_ENV = Object.fromEntries(
  [...config.tasks.server.command.matchAll(/ ([A-Z_]+)=(\S+)/g)].map(([, name, value]) => {
    return [name!, value!];
  }),
);

/**
 * Starts a server under a runtime that has never looked for a newer one.
 *
 * @param isOver Is asked how long the server has been listening, in ms, and what was called so far.
 * @returns The calls that open files and connections, from the server's start.
 */
async function watch(
  env: Readonly<Record<string, string>>,
  isOver: (ms: number, calls: string) => boolean,
): Promise<string> {
  return await withDirectory(async (cwd) => {
    const runtime = { NO_COLOR: "1", DENO_DIR: `${cwd}/deno`, ...env };
    // What is imported is there before: fetching it is no look for a newer runtime.
    const imports = [Deno.execPath(), "cache", "-q", ...IMPORT_FLAGS, `${ROOT}server.ts`];
    await using fetching = Program.spawn(imports, {
      cwd,
      env: { ...runtime, DENO_NO_UPDATE_CHECK: "1" },
    });
    assert.equal((await fetching.finished()).code, 0);
    const trace = ["strace", "-D", "-f", "-qq", "-o", `${cwd}/trace`, "-e", "trace=openat,connect"];
    const server = [...await commandLine("server", "source"), "127.0.0.1", "0"];
    await using program = Program.spawn([...trace, ...server], { cwd, env: runtime });
    await program.waitFor("stderr", /^listening on .*$/m);
    const since = Date.now();
    let calls = "";
    await until(async () => {
      calls = await Deno.readTextFile(`${cwd}/trace`);
      return isOver(Date.now() - since, calls);
    }, "over");
    return calls;
  });
}

testNeeding(
  ["net", "read", "write", "env", "strace"],
  "a server that listens asks no other machine for a newer runtime",
  async () => {
    // Unless it is told, the runtime does look: so it is known how soon.
    const { DENO_NO_UPDATE_CHECK: off, ...others } = TASK_ENV;
    assert.equal(off, "1");
    let soon = 0;
    await watch(others, (ms, calls) => LOOK_UP.test(calls) && (soon = ms) >= 0);
    const calls = await watch(TASK_ENV, (ms) => ms > 2 * soon + 1000);
    assert.match(calls, /secret\.key/);
    assert.doesNotMatch(calls, LOOK_UP);
  },
);
