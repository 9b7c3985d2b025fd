import assert from "node:assert/strict";
import { readDocument } from "./support/documents.ts";
import {
  describeMissing,
  PACKAGES,
  readLeftOut,
  requirePart,
  testNeeding,
} from "./support/needs.ts";
import { IMPORT_FLAGS, Program, ROOT } from "./support/programs.ts";
import { pureTest } from "./support/pure.ts";
import { withDirectory } from "./support/temporary.ts";

pureTest("describeMissing() names what is missing, and what brings it", () => {
  const missing = ["tmux", "ss", "network"] as const;
  const ways = "apt-get install tmux iproute2; access to npm";
  assert.equal(describeMissing(missing), `tmux, ss, network not found (${ways})`);
  assert.equal(describeMissing(["network"]), "network not found (access to npm)");
});

pureTest("readLeftOut() reads the parts in a test's name, and no other words", () => {
  assert.deepEqual(readLeftOut("a (b) draws (needs tmux, python3)"), ["tmux", "python3"]);
  for (const name of ["a", "a (needs permissions: deno task test)", "a (needs care)", "(needs )"]) {
    assert.deepEqual(readLeftOut(name), [], name);
  }
});

/** What every Debian has, however small. */
const ESSENTIAL = ["bash", "dash", "python3", "util-linux"];

testNeeding(
  ["read", "env"],
  ".ci/run and README name all that brings what tests need",
  async () => {
    for (
      const [path, pattern] of [
        [".ci/run", /^packages=\((.*)\)$/m],
        ["README.md", /`apt-get install (.*)`/],
        ["docs/README.fr.md", /`apt-get install (.*)`/],
      ] as const
    ) {
      const [, list] = pattern.exec(await readDocument(path))!;
      const named = [...ESSENTIAL, ...list!.split(" ")];
      assert.deepEqual(PACKAGES.filter((name) => !named.includes(name)), [], path);
    }
  },
);

/** Runs tests of which one needs a program, on a machine that has none of them. */
async function runWithoutPrograms(ci: string): Promise<{ code: number; output: string }> {
  return await withDirectory(async (cwd) => {
    const code = `import { testNeeding } from ${JSON.stringify(`${ROOT}tests/support/needs.ts`)};
      testNeeding(["run", "env"], "needs nothing", () => {});
      testNeeding(["run", "env", "tmux"], "needs a terminal", () => {});
      testNeeding(["run", "env", "strace", "ss"], "needs others", () => {});`;
    await Deno.writeTextFile(`${cwd}/some_test.ts`, code);
    const runner = ["run", "-q", "--allow-read", "--allow-write", "--allow-run"];
    const flags = [...IMPORT_FLAGS, "--no-config", "--no-prompt", "--allow-run", "--allow-env"];
    const command = [Deno.execPath(), ...runner, `${ROOT}tools/run_tests.ts`, ...flags];
    const env = { PATH: cwd, CI: ci, NO_COLOR: "1" };
    await using program = Program.spawn([...command, `${cwd}/some_test.ts`], { cwd, env });
    const { code: status, stdout } = await program.finished();
    return { code: status, output: stdout };
  });
}

const NEEDS = ["read", "write", "run", "env"] as const;

testNeeding(NEEDS, "a run leaves out what the machine lacks, and says so at the end", async () => {
  const { code, output } = await runWithoutPrograms("");
  assert.equal(code, 0, output);
  assert.match(output, /^needs others \(needs strace, ss\) \.\.\. ignored/m);
  assert.match(output, /^ok \| 1 passed \| 0 failed \| 2 ignored/m);
  const way = "apt-get install iproute2 strace tmux";
  assert.equal(
    output.trimEnd().split("\n").at(-1),
    `tests left out: 2; ss, strace, tmux not found (${way})`,
  );
});

testNeeding(NEEDS, "a run with CI=true fails where the machine lacks something", async () => {
  const { code, output } = await runWithoutPrograms("true");
  assert.equal(code, 1, output);
  assert.match(output, /^FAILED \| 1 passed \| 2 failed/m);
  assert.match(output, /Cannot run: tmux not found \(apt-get install tmux\)/);
});

testNeeding(
  NEEDS,
  "what waits for a program that ends fails at once, with its last words",
  async () => {
    const never = new Promise<never>(() => {});
    for (const wait of [(p: Program) => p.alive(never), (p: Program) => p.waitFor("stdout", /x/)]) {
      await using program = Program.spawn(["sh", "-c", "echo some words >&2; exit 3"]);
      const start = performance.now();
      await assert.rejects(wait(program), /^Error: Program ended .*:\nsome words\n$/);
      assert.ok(performance.now() - start < 5000, "it was waited for");
      assert.equal((await program.finished()).code, 3);
    }
  },
);

testNeeding(NEEDS, "a test that uses what it does not declare fails", () => {
  assert.throws(() => requirePart("tmux"), /^Error: The test uses tmux, and does not declare it$/);
});
