import assert from "node:assert/strict";
import { readDocument } from "./support/documents.ts";
import { describe, listPackages, readLeftOut, testNeeding } from "./support/needs.ts";
import { IMPORT_FLAGS, Program, ROOT } from "./support/programs.ts";
import { spawnPython } from "./support/python.ts";
import { until } from "./support/process_info.ts";
import { pureTest } from "./support/pure.ts";
import { withDirectory } from "./support/temporary.ts";

pureTest("describe() names what is missing, and what brings it", () => {
  const missing = ["tmux", "npm", "ss"] as const;
  const programs = "tmux, ss not found (apt-get install tmux iproute2)";
  assert.equal(describe(missing), `${programs}; npm cannot be reached`);
  assert.equal(describe(["npm"]), "npm cannot be reached");
  assert.equal(describe(["chown"]), "no other user's files can be made (be root)");
  const noDisk = "no disk can be mounted (be root, or let users have namespaces)";
  assert.equal(describe(["mount"]), noDisk);
});

pureTest("readLeftOut() reads the parts in a test's name, and no other words", () => {
  assert.deepEqual(readLeftOut("a (b) draws (needs tmux, python3)"), ["tmux", "python3"]);
  for (const name of ["a", "a (needs permissions: deno task test)", "a (needs care)", "(needs )"]) {
    assert.deepEqual(readLeftOut(name), [], name);
  }
});

/** What every Debian has, and what the others bring along. */
const IMPLIED = ["bash", "dash", "python3", "util-linux"];

testNeeding(
  ["read", "env"],
  ".ci/run and README name all that brings what tests need",
  async () => {
    const wanted = listPackages().filter((name) => !IMPLIED.includes(name)).sort();
    const ci = /^packages=\((.*)\)$/m.exec(await readDocument(".ci/run"))![1]!.split(" ");
    const lacking = wanted.filter((name) => !ci.includes(name));
    assert.deepEqual(lacking, [], "add them to the packages of .ci/run");
    for (const path of ["README.md", "docs/README.fr.md"]) {
      const [, list] = /`apt-get install (.*)`/.exec(await readDocument(path))!;
      assert.deepEqual(list!.split(" ").sort(), wanted, `correct what ${path} says of the tests`);
    }
  },
);

/** Starts the runner on the tests below `cwd`. */
function startRunner(
  cwd: string,
  env: Readonly<Record<string, string>>,
  more: readonly string[] = [],
): Program {
  const runner = ["run", "-q", "--allow-read", "--allow-write", "--allow-run"];
  const flags = [...IMPORT_FLAGS, "--no-config", "--no-prompt", "--allow-run", "--allow-env"];
  const command = [Deno.execPath(), ...runner, `${ROOT}tools/run_tests.ts`, ...flags, ...more];
  return Program.spawn(command, { cwd, env: { NO_COLOR: "1", ...env } });
}

/** Runs tests of which one needs nothing, on a machine that has no programs. */
async function runWithoutPrograms(
  ci: string,
  ...more: readonly string[]
): Promise<{ code: number; output: string }> {
  return await withDirectory(async (cwd) => {
    const code = `import { testNeeding } from ${JSON.stringify(`${ROOT}tests/support/needs.ts`)};
      testNeeding(["env"], "needs nothing", () => {});
      testNeeding(["env", "tmux"], "needs a \\"terminal\\"", () => {});
      testNeeding(["env", "strace", "ss"], "needs others", () => {});`;
    await Deno.mkdir(`${cwd}/tests`);
    await Deno.writeTextFile(`${cwd}/tests/some_test.ts`, code);
    await using program = startRunner(cwd, { PATH: cwd, CI: ci }, more);
    const { code: status, stdout } = await program.finished();
    return { code: status, output: stdout };
  });
}

const NEEDS = ["read", "write", "run", "env"] as const;

testNeeding(NEEDS, "a run leaves out what the machine lacks, and says so at the end", async () => {
  const { code, output } = await runWithoutPrograms("");
  assert.equal(code, 0, output);
  assert.match(
    output,
    /^\.\/tests\/some_test\.ts => needs others \(needs strace, ss\) \.\.\. ignored/m,
  );
  assert.match(output, /^ok \| 1 passed \| 0 failed \| 2 ignored/m);
  const way = "apt-get install iproute2 strace tmux";
  assert.equal(
    output.trimEnd().split("\n").at(-1),
    `tests left out: 2; ss, strace, tmux not found (${way})`,
  );
});

testNeeding(NEEDS, "a run of some tests says what was left out of these", async () => {
  const { code, output } = await runWithoutPrograms("", "--filter", "others");
  assert.equal(code, 0, output);
  assert.match(output, /\ntests left out: 1; ss, strace not found \(.*\)\n$/);
  const other = await runWithoutPrograms("", "--filter", "nothing", "tests/some_test.ts");
  assert.match(other.output, /^ok \| 1 passed \| 0 failed \| 2 filtered out/m);
  assert.doesNotMatch(other.output, /left out/);
});

testNeeding(NEEDS, "a run with CI=true fails where the machine lacks something", async () => {
  const { code, output } = await runWithoutPrograms("true");
  assert.equal(code, 1, output);
  assert.match(output, /^FAILED \| 1 passed \| 2 failed/m);
  assert.match(output, /Cannot run with CI=true: tmux not found \(apt-get install tmux\)/);
});

testNeeding(
  NEEDS,
  "what waits for a program that ends fails at once, with its last words",
  async () => {
    const never = new Promise<never>(() => {});
    const waits: ((program: Program) => Promise<unknown>)[] = [
      (program) => program.alive(never),
      (program) => program.waitFor("stdout", /x/),
      (program) => program.write("x".repeat(1_000_000)),
      (program) => program.child.status.then(() => program.write("x")),
    ];
    for (const wait of waits) {
      await using program = Program.spawn(["sh", "-c", "echo some words >&2; exit 3"]);
      const start = performance.now();
      await assert.rejects(
        wait(program),
        /^Error: Program (?:ended|took no input).*:\nsome words\n$/,
      );
      assert.ok(performance.now() - start < 5000, "it was waited for");
      assert.equal((await program.finished()).code, 3);
    }
  },
);

testNeeding(NEEDS, "a test that starts what it does not declare fails", () => {
  assert.throws(() => Program.spawn(["strace", "-V"]), {
    message: "The test uses strace, and does not declare it",
  });
  assert.throws(() => spawnPython(["-V"]), /uses python3 or python3-cryptography, and does not/);
});

testNeeding(NEEDS, "a run that is told to end ends its tests, and leaves nothing", async () => {
  const test = `Deno.test("waits", async () => {
    await Deno.writeTextFile("tests/pid", String(Deno.pid));
    await new Promise((resolve) => setTimeout(resolve, 60_000));
  });`;
  for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]] as const) {
    await withDirectory(async (cwd) => {
      await Deno.mkdir(`${cwd}/tests`);
      await Deno.writeTextFile(`${cwd}/tests/waiting_test.ts`, test);
      await using program = startRunner(cwd, { TMPDIR: cwd }, ["--allow-write"]);
      const readPid = () => Deno.readTextFile(`${cwd}/tests/pid`).catch(() => "");
      await program.alive(until(async () => await readPid() !== "", "the test running"));
      const pid = Number(await readPid());
      program.child.kill(signal);
      assert.equal((await program.finished(10)).code, code, program.stderr);
      assert.throws(() => Deno.kill(pid, "SIGCONT"), Deno.errors.NotFound);
      const names = await Array.fromAsync(Deno.readDir(cwd), ({ name }) => name);
      assert.deepEqual(names, ["tests"]);
    });
  }
});
