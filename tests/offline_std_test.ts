import assert from "node:assert/strict";
import * as parse from "@std/cli/parse-args";
import * as base64url from "@std/encoding/base64url";
import * as hex from "@std/encoding/hex";
import * as bytes from "@std/fmt/bytes";
import * as colors from "@std/fmt/colors";
import fc from "fast-check";
import * as standInParse from "../offline/std/cli/parse_args.ts";
import * as standInBase64url from "../offline/std/encoding/base64url.ts";
import * as standInHex from "../offline/std/encoding/hex.ts";
import * as standInBytes from "../offline/std/fmt/bytes.ts";
import type { Painting } from "./support/colors_child.ts";
import { testNeeding } from "./support/needs.ts";
import { IMPORT_FLAGS, Program, ROOT } from "./support/programs.ts";
import { pureTest } from "./support/pure.ts";

// All that is expected here is what the packages on JSR answer; with them, this file passes too.

const { decodeBase64Url, encodeBase64Url } = base64url;
const { encodeHex } = hex;
const { format } = bytes;
const { bold, cyan, getColorEnabled, red, setColorEnabled } = colors;

/** What this run takes for `@std`; offline these are the stand-ins, too. */
const RESOLVED = { ...parse, ...base64url, ...hex, ...bytes };
const STAND_INS = { ...standInParse, ...standInBase64url, ...standInHex, ...standInBytes };

/** What a function of the packages answered. */
interface Answer {
  readonly f:
    | Painting["f"]
    | ("parseArgs" | "format" | "encodeBase64Url" | "decodeBase64Url" | "encodeHex" | "decodeHex");
  readonly args?: readonly string[];
  /** Name of the options of `parseArgs()`. */
  readonly table?: string;
  readonly n?: number;
  readonly options?: Record<string, unknown>;
  readonly text?: string;
  readonly bytes?: readonly number[];
  readonly enabled?: boolean;
  readonly result?: unknown;
  /** Class of what it threw. */
  readonly error?: string;
}

type Tables = Record<string, standInParse.ParseOptions>;

const UNSUPPORTED = /: not supported by the stand-in$/;

/** Reads what the packages answered; the file's first line says which versions. */
async function readAnswers(): Promise<[Answer[], Tables]> {
  const text = await Deno.readTextFile(new URL("data/std_answers.jsonl", import.meta.url));
  const [{ tables }, ...answers] = text.trimEnd().split("\n").map((line) => JSON.parse(line));
  return [answers, tables];
}

function isPainting(answer: Answer): boolean {
  return answer.enabled !== undefined;
}

/** Asks the same again. */
function ask(std: typeof STAND_INS, answer: Answer, tables: Tables): unknown {
  const { f, args = [], table = "", n = 0, options, text = "" } = answer;
  switch (f) {
    case "parseArgs":
      return { ...std.parseArgs(args, tables[table]) };
    case "format":
      return std.format(n, options);
    case "encodeBase64Url":
    case "encodeHex":
      return std[f](new Uint8Array(answer.bytes!));
    case "decodeBase64Url":
    case "decodeHex":
      return [...std[f](text)];
    default:
      throw new Error(`Cannot ask ${f}`);
  }
}

/** Asks all again, and counts by function what was answered rather than refused. */
async function countAnswers(std: typeof STAND_INS): Promise<Record<string, number>> {
  const [answers, tables] = await readAnswers();
  const counts: Record<string, number> = {};
  for (const answer of answers.filter((each) => !isPainting(each))) {
    const row = JSON.stringify(answer);
    let found: unknown;
    try {
      found = ask(std, answer, tables);
    } catch (error) {
      assert.ok(error instanceof Error, row);
      if (!UNSUPPORTED.test(error.message)) assert.equal(error.name, answer.error, row);
      continue;
    }
    assert.deepEqual({ result: found }, { result: answer.result }, row);
    counts[answer.f] = (counts[answer.f] ?? 0) + 1;
  }
  return counts;
}

const ENCODINGS = { encodeBase64Url: 7, encodeHex: 7, decodeBase64Url: 14, decodeHex: 6 };

testNeeding(["read"], "@std answers what the packages answered", async () => {
  const { parseArgs, format, ...others } = await countAnswers(RESOLVED as typeof STAND_INS);
  assert.deepEqual(others, ENCODINGS);
  assert.ok(parseArgs! >= 72 && format! >= 50);
});

testNeeding(["read"], "the stand-ins answer what the packages answered, or refuse", async () => {
  assert.deepEqual(await countAnswers(STAND_INS), { parseArgs: 72, format: 50, ...ENCODINGS });
});

testNeeding(
  ["read", "run"],
  "colours are those of the packages, with @std and stand-in",
  async () => {
    const [answers] = await readAnswers();
    const paintings = answers.filter(isPainting);
    assert.equal(paintings.length, 36);
    const child = `${ROOT}tests/support/colors_child.ts`;
    const command = [
      Deno.execPath(),
      "run",
      "-q",
      ...IMPORT_FLAGS,
      child,
      JSON.stringify(paintings),
    ];
    await using program = Program.spawn(command, { env: { NO_COLOR: "" } });
    const { code, stdout, stderr } = await program.finished();
    assert.equal(code, 0, stderr);
    const expected = paintings.map(({ result, enabled }) => [result, enabled]);
    assert.deepEqual(JSON.parse(stdout), [expected, expected]);
  },
);

pureTest("parseArgs() as a stand-in refuses what it might read in another way", () => {
  const { parseArgs } = standInParse;
  const table = { string: ["key", "_"], boolean: ["stay"], negatable: ["stay"] };
  const lines = [["--key", "a"], ["-k", "a"], ["--stay", "true"], ["--stay=false"], ["--x"], [
    "--_",
  ]];
  for (const args of [...lines, ["--no-key=a"], ["--no-key"], ["---"], ["--key.x=a"], ["--=a"]]) {
    assert.throws(() => parseArgs(args, table), UNSUPPORTED, args.join(" "));
  }
  const tables = [{}, { string: ["key"] }, { ...table, alias: { key: "k" } }];
  tables.push({ ...table, boolean: ["key"] }, { string: ["a.b", "_"] });
  for (
    const other of [...tables, { string: ["constructor", "_"] }, { ...table, boolean: "stay" }]
  ) {
    assert.throws(() => parseArgs([], other as typeof table), UNSUPPORTED, JSON.stringify(other));
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
  decimal.push([1e12, "1 TB"], [0.5, "0.5 B"], [-1337, "-1.34 kB"]);
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
