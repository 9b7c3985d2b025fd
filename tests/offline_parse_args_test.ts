import assert from "node:assert/strict";
import { parseArgs } from "@std/cli/parse-args";

// The expected values are those of the packages on JSR, with which this file passes too.

const OPTIONS = {
  string: ["mode", "owner", "_"],
  boolean: ["force", "help"],
  alias: { mode: "m", force: "f", help: "h" },
};

interface Unknown {
  arg: string;
  key?: string;
}

/** Parses with {@linkcode OPTIONS}, and tells what was unknown. */
function parse(args: string[]) {
  const unknown: Unknown[] = [];
  const parsed = parseArgs(args, {
    ...OPTIONS,
    unknown: (arg: string, key?: string) =>
      void unknown.push(key === undefined ? { arg } : { arg, key }),
  });
  return { parsed: { ...parsed }, unknown };
}

const NOTHING = { _: [], force: false, f: false, help: false, h: false };

function pureTest(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

pureTest("parseArgs() gives values under every name of their option", () => {
  for (const args of [["--mode", "1"], ["--mode=1"], ["-m", "1"], ["-m1"]]) {
    assert.deepEqual(parse(args).parsed, { ...NOTHING, mode: "1", m: "1" }, args.join(" "));
  }
  assert.deepEqual(parse(["--owner", "me"]).parsed, { ...NOTHING, owner: "me" });
});

pureTest("parseArgs() gives switches under every name, false where they are not given", () => {
  assert.deepEqual(parse([]).parsed, NOTHING);
  for (const args of [["--force"], ["-f"], ["--force=true"], ["-f", "--force"]]) {
    assert.deepEqual(parse(args).parsed, { ...NOTHING, force: true, f: true }, args.join(" "));
  }
  assert.deepEqual(parse(["--force=false"]).parsed, NOTHING);
  assert.deepEqual(parse(["-fh"]).parsed, { _: [], force: true, f: true, help: true, h: true });
});

pureTest("parseArgs() gives the empty text for a value that lacks", () => {
  const lacking = [["--mode"], ["--mode="], ["-m"], ["--mode=1", "--mode"]];
  lacking.push(["-m", "--force=false"], ["--mode", "--force=false"]);
  for (const args of lacking) {
    assert.deepEqual(parse(args).parsed, { ...NOTHING, mode: "", m: "" }, args.join(" "));
  }
});

pureTest("parseArgs() gives the last value of a repeated option", () => {
  assert.equal(parse(["--mode=1", "-m", "2", "--mode", "3"]).parsed.mode, "3");
});

pureTest("parseArgs() gives arguments as text, also what follows --", () => {
  const args = ["007", "-f", "", "a=b", "--", "--mode", "-x", "--"];
  assert.deepEqual(parse(args).parsed._, ["007", "", "a=b", "--mode", "-x", "--"]);
});

pureTest("parseArgs() gives arguments as numbers unless `_` is text", () => {
  assert.deepEqual(parseArgs(["007", "1e3", "x", "0x10"], {})._, [7, 1000, "x", 16]);
});

pureTest("parseArgs() calls unknown() with key for options, without for arguments", () => {
  const cases: [string[], Unknown[]][] = [
    [["--nope"], [{ arg: "--nope", key: "nope" }]],
    [["--nope=1"], [{ arg: "--nope=1", key: "nope" }]],
    [["-x"], [{ arg: "-x", key: "x" }]],
    [["-1"], [{ arg: "-1", key: "1" }]],
    [["--no-force"], [{ arg: "--no-force", key: "no-force" }]],
    [["a", "-f", "b"], [{ arg: "a" }, { arg: "b" }]],
  ];
  for (const [args, unknown] of cases) assert.deepEqual(parse(args).unknown, unknown);
});

pureTest("parseArgs() leaves out what unknown() returns false for", () => {
  const parsed = parseArgs(["a", "--nope", "-f"], { ...OPTIONS, unknown: () => false });
  assert.deepEqual({ ...parsed }, { ...NOTHING, force: true, f: true });
});

pureTest("parseArgs() throws what unknown() throws", () => {
  const unknown = (arg: string) => {
    throw new RangeError(`Unknown: ${arg}`);
  };
  assert.throws(() => parseArgs(["--nope"], { ...OPTIONS, unknown }), {
    name: "RangeError",
    message: "Unknown: --nope",
  });
});
