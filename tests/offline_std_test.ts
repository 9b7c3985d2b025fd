import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { parseArgs as parseAsStandIn } from "../offline/std/cli/parse_args.ts";
import { testNeeding } from "./support/needs.ts";
import { IMPORT_FLAGS, Program, ROOT } from "./support/programs.ts";
import { pureTest } from "./support/pure.ts";
import {
  ask,
  isPainting,
  readAnswers,
  RESOLVED,
  STAND_INS,
  type Std,
} from "./support/std_answers.ts";

// All that is expected here is what the packages on JSR answer; with them, this file passes too.

const { bold, cyan, getColorEnabled, red, setColorEnabled } = RESOLVED;
const { decodeBase64Url, encodeBase64Url, encodeHex, format } = RESOLVED;

const UNSUPPORTED = /: not supported by the stand-in$/;

/** Holds each answer against the packages', and counts by function those that were not refused. */
async function compare(std: Std): Promise<Record<string, number>> {
  const { answered, tables } = await readAnswers();
  const counts: Record<string, number> = {};
  for (const line of answered.filter((line) => !isPainting(line))) {
    const row = JSON.stringify(line);
    const expected = "error" in line ? { error: line.error } : { result: line.result };
    try {
      assert.deepEqual({ result: ask(std, line, tables) }, expected, row);
    } catch (error) {
      if (!(error instanceof Error) || error instanceof assert.AssertionError) throw error;
      if (UNSUPPORTED.test(error.message)) continue;
      assert.deepEqual({ error: error.name }, expected, row);
    }
    counts[line.f] = (counts[line.f] ?? 0) + 1;
  }
  return counts;
}

/** How many questions there are. */
const ALL = { encodeBase64Url: 7, encodeHex: 7, decodeBase64Url: 34, decodeHex: 16 };

testNeeding(["read"], "@std answers what the packages answered", async () => {
  const { parseArgs, format, ...others } = await compare(RESOLVED);
  assert.deepEqual(others, ALL);
  assert.ok(parseArgs! >= 72 && format! >= 50);
});

testNeeding(["read"], "the stand-ins answer what the packages answered, or refuse", async () => {
  // 132 ways to write options, and 76 other settings of format(), are refused.
  assert.deepEqual(await compare(STAND_INS), { parseArgs: 72, format: 50, ...ALL });
});

testNeeding(["read", "run"], "@std and the stand-ins paint as the packages do", async () => {
  const paintings = (await readAnswers()).answered.filter(isPainting);
  assert.equal(paintings.length, 39);
  const child = [`${ROOT}tests/support/colors_child.ts`, JSON.stringify(paintings)];
  for (const NO_COLOR of ["", "1"]) {
    const command = [Deno.execPath(), "run", "-q", ...IMPORT_FLAGS, ...child];
    await using program = Program.spawn(command, { env: { NO_COLOR } });
    const { code, stdout, stderr } = await program.finished();
    assert.equal(code, 0, stderr);
    const expected = paintings.map((line) => {
      return NO_COLOR ? [line.text, false] : ["result" in line && line.result, line.enabled];
    });
    assert.deepEqual(JSON.parse(stdout), [expected, expected], `NO_COLOR=${NO_COLOR}`);
  }
});

const TABLE = { string: ["key", "_"], boolean: ["stay"], negatable: ["stay"] };

pureTest("parseArgs() as a stand-in refuses words that may be read in another way", () => {
  const lines = ["--key a", "-k a", "--stay true", "--stay=false", "--x", "--_", "--no-key=a"];
  for (const line of [...lines, "--no-key", "---", "--key.x=a", "--=a", "-stay"]) {
    assert.throws(() => parseAsStandIn(line.split(" "), TABLE), UNSUPPORTED, line);
  }
});

pureTest("parseArgs() as a stand-in refuses tables that mean more than it knows", () => {
  const settings = ["alias", "unknown", "collect", "stopEarly", "--"];
  for (
    const table of [
      ...settings.map((name) => ({ ...TABLE, [name]: [] })),
      ...[{}, { string: ["key"] }, { string: ["a.b", "_"] }, { string: ["constructor", "_"] }],
      ...[{ ...TABLE, boolean: ["key"] }, { ...TABLE, boolean: "stay" }],
      { ...TABLE, default: { "a.b": 1 } },
    ]
  ) {
    const what = JSON.stringify(table);
    assert.throws(() => parseAsStandIn([], table as typeof TABLE), UNSUPPORTED, what);
  }
});

pureTest("the stand-ins refuse a Buffer, from which the packages take its bytes", () => {
  for (const encode of [STAND_INS.encodeHex, STAND_INS.encodeBase64Url]) {
    assert.throws(() => encode(Buffer.from("abcd")), UNSUPPORTED);
  }
});

pureTest("encodeBase64Url() encodes a view's own bytes and leaves them alone", () => {
  const bytes = new Uint8Array([1, 2, 3, 4, 5, 6]);
  assert.equal(encodeBase64Url(bytes.subarray(2, 5)), "AwQF");
  assert.deepEqual(bytes, new Uint8Array([1, 2, 3, 4, 5, 6]));
});

pureTest("decodeBase64Url() reads what encodeBase64Url() writes, with or without padding", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200, size: "max" }), (bytes) => {
    const encoded = encodeBase64Url(bytes);
    assert.match(encoded, /^[\w-]*$/);
    assert.deepEqual(decodeBase64Url(encoded), new Uint8Array(bytes));
    const padding = "=".repeat((4 - encoded.length % 4) % 4);
    assert.deepEqual(decodeBase64Url(encoded + padding), new Uint8Array(bytes));
  }));
});

pureTest("decodeBase64Url() throws on what is not base64url", () => {
  for (const text of ["A", "AAAAA", "AA+A", "AA/A", "AA==AA", "é", "A=AA", "AAA~"]) {
    assert.throws(() => decodeBase64Url(text), Error, text);
  }
});

pureTest("encodeHex() writes two lower-case digits a byte", () => {
  const bytes = new Uint8Array([0, 1, 0x0f, 0x10, 0xab, 0xff]);
  assert.equal(encodeHex(bytes), "00010f10abff");
  assert.equal(encodeHex(bytes.buffer), "00010f10abff");
  assert.equal(encodeHex(bytes.subarray(1, 3)), "010f");
  assert.equal(encodeHex("é"), "c3a9");
  assert.equal(encodeHex(new Uint8Array()), "");
});

pureTest("format() writes three significant digits and a unit", () => {
  const decimal: [number, string][] = [[0, "0 B"], [1, "1 B"], [999, "999 B"], [1000, "1 kB"]];
  decimal.push([1337, "1.34 kB"], [9999, "10 kB"], [40_000, "40 kB"], [999_499, "999 kB"]);
  decimal.push([999_999, "1000 kB"], [1e6, "1 MB"], [65_536, "65.5 kB"], [1e9, "1 GB"]);
  decimal.push([1e12, "1 TB"], [0.5, "0.5 B"], [-1337, "-1.34 kB"], [-0, "0 B"]);
  for (const [bytes, text] of decimal) assert.equal(format(bytes), text);
  const binary: [number, string][] = [[1023, "1020 B"], [1024, "1 kiB"], [65_536, "64 kiB"]];
  binary.push([40_000, "39.1 kiB"], [1024 ** 2, "1 MiB"], [1024 ** 3, "1 GiB"]);
  for (const [bytes, text] of binary) assert.equal(format(bytes, { binary: true }), text);
});

pureTest("format() throws on what is not a finite number", () => {
  for (const bytes of [NaN, Infinity, -Infinity]) {
    assert.throws(() => format(bytes), {
      name: "TypeError",
      message: `Expected a finite number, got number: ${bytes}`,
    });
  }
});

pureTest("colors wrap a text, unless they are off", () => {
  const before = getColorEnabled();
  assert.equal(before, !Deno.noColor);
  setColorEnabled(true);
  const styled = [bold("a"), red("a\nb"), cyan(""), bold(red("a")), red(bold("a") + "b")];
  setColorEnabled(false);
  assert.equal(getColorEnabled(), false);
  const plain = [bold("a"), red("a\nb"), cyan(""), bold(red("a")), red(bold("a") + "b")];
  setColorEnabled(before);
  assert.deepEqual(plain, ["a", "a\nb", "", "a", "ab"]);
  const wrapped = ["\x1b[1ma\x1b[22m", "\x1b[31ma\nb\x1b[39m", "\x1b[36m\x1b[39m"];
  wrapped.push("\x1b[1m\x1b[31ma\x1b[39m\x1b[22m", "\x1b[31m\x1b[1ma\x1b[22mb\x1b[39m");
  assert.deepEqual(styled, Deno.noColor ? plain : wrapped);
});
