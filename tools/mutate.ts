/**
 * Changes one thing in lib/ at a time and sees whether a test notices: `deno task mutate`.
 *
 *     deno task mutate [--seed N] [--count N] [--in lib/FOLDER]
 *
 * A change flips an operator, inverts a condition, or drops a statement. The sample depends on the
 * seed alone. A change that no test notices survives, and the run fails. Each change is made in a
 * copy of the files that git knows.
 *
 * @module
 */

import ts from "typescript";
import { parseCommandLine } from "../lib/cli/options.ts";
import type { ProgramSpec } from "../lib/cli/spec.ts";
import { seeded } from "../tests/support/seeded.ts";

/** A change of the text of one file. */
interface Mutation {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** For people: where and what. */
  readonly what: string;
}

/** Longest that the tests of one stage may take, in ms: a change that makes them hang is noticed. */
const MAX_STAGE_MS = 90_000;

const FLIPS: ReadonlyMap<string, string> = new Map(
  [["===", "!=="], ["<", "<="], [">", ">="], ["+", "-"], ["*", "/"], ["&&", "||"]]
    .flatMap(([a, b]) => [[a!, b!], [b!, a!]] as const),
);

/** Lists every change that can be made to a file. */
function listMutations(file: string, source: string): Mutation[] {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const mutations: Mutation[] = [];
  const add = (node: ts.Node, text: string, kind: string) => {
    const start = node.getStart(tree);
    const line = tree.getLineAndCharacterOfPosition(start).line + 1;
    const shown = source.slice(start, node.end).replaceAll(/\s+/g, " ").slice(0, 60);
    mutations.push({
      file,
      start,
      end: node.end,
      text,
      what: `${file}:${line}: ${kind}: ${shown}`,
    });
  };
  const invert = (condition: ts.Expression) => {
    add(condition, `!(${condition.getText(tree)})`, "inverted");
  };
  const visit = (node: ts.Node) => {
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node)) return;
    if (ts.isBinaryExpression(node)) {
      const flipped = FLIPS.get(node.operatorToken.getText(tree));
      if (flipped) add(node.operatorToken, flipped, `flipped in "${node.getText(tree)}"`);
    }
    if (ts.isIfStatement(node) || ts.isWhileStatement(node)) invert(node.expression);
    if (ts.isConditionalExpression(node)) invert(node.condition);
    // A constructor cannot do without super().
    const isSuper = ts.isExpressionStatement(node) && /^super\(/.test(node.getText(tree));
    if (ts.isExpressionStatement(node) && !isSuper) add(node, "{}", "dropped");
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return mutations;
}

/** The tests that may notice a change, those beside it first. */
async function listStages(file: string, directory: string): Promise<string[][]> {
  const mirrored = file.replace(/^lib\//, "tests/").replace(/\.ts$/, "");
  const folder = mirrored.slice(0, mirrored.lastIndexOf("/"));
  const beside = (await Array.fromAsync(Deno.readDir(`${directory}/${folder}`)).catch(() => []))
    .map(({ name }) => `${folder}/${name}`)
    .filter((path) => path.startsWith(mirrored) && path.endsWith("_test.ts"));
  const wing = folder.split("/").slice(0, 2).join("/");
  const stages = [beside, wing === "tests" ? [] : [`${wing}/`], [
    "--parallel",
    "--ignore=tests/e2e,tests/measured,tests/attacks",
    "tests/",
  ]];
  return stages.filter((stage) => stage.length > 0);
}

/** Whether tests fail, or take for ever. */
async function fails(paths: readonly string[], cwd: string): Promise<boolean> {
  const flags = ["-q", "--no-check", "--fail-fast", ...IMPORT_FLAGS, ...PERMISSIONS];
  const args = ["test", ...flags, ...paths];
  const signal = AbortSignal.timeout(MAX_STAGE_MS);
  const options = { args, cwd, signal, stdout: "null", stderr: "null" } as const;
  const { success } = await new Deno.Command(Deno.execPath(), options).output();
  return !success;
}

const PERMISSIONS = [
  ...["--no-prompt", "--allow-net", "--allow-read", "--allow-write", "--allow-run"],
  ...["--allow-env", "--allow-sys=networkInterfaces,uid"],
];

/** Copies what git knows. */
async function copyTree(target: string): Promise<string[]> {
  const { stdout } = await new Deno.Command("git", { args: ["ls-files"] }).output();
  const files = new TextDecoder().decode(stdout).trimEnd().split("\n");
  for (const file of files) {
    await Deno.mkdir(`${target}/${file.split("/").slice(0, -1).join("/")}`, { recursive: true });
    await Deno.copyFile(file, `${target}/${file}`);
  }
  return files;
}

/** Draws a sample, each of the changes as likely as any other. */
function draw(mutations: Mutation[], count: number, random: () => number): Mutation[] {
  const rest = [...mutations];
  const drawn: Mutation[] = [];
  while (drawn.length < count && rest.length > 0) {
    drawn.push(...rest.splice(Math.floor(random() * rest.length), 1));
  }
  return drawn;
}

/** How to import @std goes on to the tests. */
const IMPORT_FLAGS = Deno.args.filter((arg) => arg.startsWith("--import-map="));
const SPEC: ProgramSpec = {
  name: "deno task mutate",
  summary: "Changes one thing in lib/ at a time and sees whether a test notices.",
  args: [],
  options: [
    { name: "seed", value: "N", help: "Another sample" },
    { name: "count", value: "N", help: "How many changes" },
    { name: "in", value: "FOLDER", help: "Where: lib/, or a folder of it" },
  ],
  notes: ["Exit codes: 0 all noticed, 1 some survived, 2 wrong usage."],
};
const line = parseCommandLine(SPEC, Deno.args.filter((arg) => !IMPORT_FLAGS.includes(arg)));
if (typeof line === "string") {
  console.log(line);
  Deno.exit(0);
}
const seed = line.values.get("seed") ?? "1";
const count = line.values.get("count") ?? "60";
const folder = line.values.get("in") ?? "lib";
const directory = await Deno.makeTempDir({ prefix: "chat-mutate-" });
const survivors: string[] = [];
try {
  const files = (await copyTree(directory)).filter((file) =>
    file.startsWith(`${folder}/`) && file.startsWith("lib/") && file.endsWith(".ts")
  );
  const all: Mutation[] = [];
  for (const file of files) all.push(...listMutations(file, await Deno.readTextFile(file)));
  const sample = draw(all, Number(count), seeded(Number(seed)));
  console.log(`${sample.length} of ${all.length} changes, seed ${seed}`);
  for (const { file, start, end, text, what } of sample) {
    const original = await Deno.readTextFile(file);
    await Deno.writeTextFile(
      `${directory}/${file}`,
      original.slice(0, start) + text + original.slice(end),
    );
    let isNoticed = false;
    for (const paths of await listStages(file, directory)) {
      isNoticed = await fails(paths, directory);
      if (isNoticed) break;
    }
    await Deno.writeTextFile(`${directory}/${file}`, original);
    if (!isNoticed) survivors.push(what);
    console.log(`${isNoticed ? "noticed " : "SURVIVED"} ${what}`);
  }
} finally {
  await Deno.remove(directory, { recursive: true });
}
console.log(`${survivors.length} survived`);
Deno.exitCode = survivors.length === 0 ? 0 : 1;
