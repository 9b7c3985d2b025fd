import assert from "node:assert/strict";
import type { Constant } from "../tools/constants.ts";
import { CASES, LEFT_OUT } from "../tools/limit_cases.ts";
import { listSources } from "./support/limits.ts";
import { testNeeding } from "./support/needs.ts";

/** The compiler reads the environment as soon as it is imported. */
const NEEDS = ["read", "env"] as const;

/** What stands at the top of the files of lib/. */
async function readConstants(): Promise<Constant[]> {
  const { listConstants } = await import("../tools/constants.ts");
  const constants: Constant[] = [];
  for await (const path of listSources("lib")) {
    constants.push(...listConstants(path, await Deno.readTextFile(path)));
  }
  assert.ok(constants.length > 250, `${constants.length} constants were found`);
  return constants;
}

testNeeding(
  NEEDS,
  "every number of lib/ is taken out by a case, or left out for a reason",
  async () => {
    const constants = await readConstants();
    const names = constants.map(({ name }) => name);
    const taken = new Set(CASES.flatMap(({ limits }) => limits.map(({ name }) => name)));
    const left = LEFT_OUT.flatMap((each) => each.names);
    // A record is left out by its own name, with all that is in it.
    const isLeft = (name: string) => left.includes(name) || left.includes(name.split(".")[0]!);
    assert.deepEqual(names.filter((name) => taken.has(name) === isLeft(name)), []);
    const known = new Set(names.flatMap((name) => [name, name.split(".")[0]]));
    assert.deepEqual([...taken, ...left].filter((name) => !known.has(name)), []);
    // All uses of a name are taken for those of one limit.
    const twice = names.filter((name, i) => names.indexOf(name) !== i && taken.has(name));
    assert.deepEqual(twice, []);
  },
);

testNeeding(NEEDS, "every number of lib/ has a docstring", async () => {
  const bare = (await readConstants()).filter(({ isDescribed }) => !isDescribed);
  assert.deepEqual(bare.map(({ file, name }) => `${file}: ${name}`), []);
});

testNeeding(["env"], "listConstants() finds numbers, lists and records of them", async () => {
  const { listConstants } = await import("../tools/constants.ts");
  const source = `/** @module */

const LF = 0x0a;
const CR = 0x0d;
/** In ms. */
export const WAIT_MS = -2 * (SECOND + 1);
const LONG_MS = Math.floor(WAIT_MS / 3);
const text = 5, NAME = "x", NOW = Date.now();

/** Bytes. */
// Another comment.
const [HEAD, TAIL] = [1, 2];
/** Bytes. */
const BYTES = [1, 2] as const;
/** Rates. */
const RATE: Rate = { lines: 5, bytes: 1_000 };
const TEXTS = { a: "x" };
/** The codes of keys. */
const ESC = 0x1b;
const DEL = 0x7f;

const NUL = 0x00;
function inner() { const MAX = 5; }
`;
  const found = listConstants("lib/a.ts", source);
  assert.deepEqual(found.filter(({ isDescribed }) => !isDescribed).map(({ name }) => name), [
    ...["LF", "CR", "LONG_MS", "NUL"],
  ]);
  assert.deepEqual(found.filter(({ isDescribed }) => isDescribed).map(({ name }) => name), [
    ...["WAIT_MS", "BYTES", "RATE.lines", "RATE.bytes", "ESC", "DEL"],
  ]);
  assert.deepEqual(found[0], { name: "LF", file: "lib/a.ts", isDescribed: false });
});

testNeeding(["env"], "replaceUses() changes what uses a constant, and nothing else", async () => {
  const { replaceUses } = await import("../tools/constants.ts");
  const source = `import { MAX, RATE } from "./limits.ts";
export { MAX } from "./limits.ts";
/** At most {@linkcode MAX}. */
export const MAX = 5;
type Most = typeof MAX;
if (count > MAX || other.MAX) use({ MAX, MAX: 1, RATE: RATE }, MAX_BYTES, "MAX", \`\${MAX}\`);
`;
  const changed = source.replace("> MAX", "> (9)").replace("{ MAX, MAX", "{ MAX: 9, MAX")
    .replace("${MAX}", "${(9)}");
  assert.equal(replaceUses("lib/a.ts", source, "MAX", "9"), changed);
  const rate = source.replace(": RATE", ": ({ ...RATE, lines: 9 })");
  assert.equal(replaceUses("lib/a.ts", source, "RATE.lines", "9"), rate);
  assert.equal(replaceUses("lib/a.ts", source, "OTHER", "9"), source);
});
