/**
 * What the functions of `@std` answered, as `tests/data/std_answers.jsonl` keeps it: a line that
 * says which versions, and then a line for each question with its answer.
 *
 * To ask another version the same, run this file with it, and say which it is:
 * `deno run --allow-read --allow-write tests/support/std_answers.ts "denoland/std: cli 1.0.32, ..."`
 *
 * @module
 */

import * as parse from "@std/cli/parse-args";
import * as base64url from "@std/encoding/base64url";
import * as hex from "@std/encoding/hex";
import * as bytes from "@std/fmt/bytes";
import * as colors from "@std/fmt/colors";
import * as standInParse from "../../offline/std/cli/parse_args.ts";
import * as standInBase64url from "../../offline/std/encoding/base64url.ts";
import * as standInHex from "../../offline/std/encoding/hex.ts";
import * as standInBytes from "../../offline/std/fmt/bytes.ts";
import * as standInColors from "../../offline/std/fmt/colors.ts";

/** The functions that the project uses. */
export type Std = typeof STAND_INS;

/** The stand-ins. */
export const STAND_INS = {
  ...standInParse,
  ...standInBase64url,
  ...standInHex,
  ...standInBytes,
  ...standInColors,
};

/** What this run takes for `@std`; offline these are the stand-ins, too. */
export const RESOLVED = { ...parse, ...base64url, ...hex, ...bytes, ...colors } as Std;

/** A call of one of the functions, with what it takes. */
export type Question =
  | { readonly f: "parseArgs"; readonly table: string; readonly args: readonly string[] }
  | { readonly f: "format"; readonly n: number; readonly options: Record<string, unknown> }
  | { readonly f: "encodeBase64Url" | "encodeHex"; readonly bytes: readonly number[] }
  | { readonly f: "decodeBase64Url" | "decodeHex"; readonly text: string }
  | Painting;

/** A text in a colour, or without where colours are turned off. */
export interface Painting {
  readonly f: "bold" | "cyan" | "red";
  readonly enabled: boolean;
  readonly text: string;
}

/** What came of it, as JSON; or the class of what was thrown. */
export type Answer = { readonly result: unknown } | { readonly error: string };

/** The options of `parseArgs()`; those in `unset` are undefined unless they are given. */
export interface Table extends standInParse.ParseOptions {
  readonly unset?: readonly string[];
}

/** All that the file keeps. */
export interface Answers {
  /** Which versions answered. */
  readonly source: string;
  readonly tables: Readonly<Record<string, Table>>;
  readonly answered: readonly (Question & Answer)[];
}

const FILE = new URL("../data/std_answers.jsonl", import.meta.url);

/** Reads the file. */
export async function readAnswers(): Promise<Answers> {
  const lines = (await Deno.readTextFile(FILE)).trimEnd().split("\n");
  const [head, ...answered] = lines.map((line) => JSON.parse(line));
  return { ...head, answered };
}

/** Tells questions about colours, which depend on `NO_COLOR`, from others. */
export function isPainting<T extends Question>(question: T): question is T & Painting {
  return "enabled" in question;
}

/** Asks a question; throws what the function throws. */
export function ask(std: Std, question: Question, tables: Answers["tables"]): unknown {
  switch (question.f) {
    case "parseArgs": {
      const { unset, ...options } = tables[question.table]!;
      const defaults = unset?.map((name) => [name, undefined]);
      const all = defaults ? { ...options, default: Object.fromEntries(defaults) } : options;
      return JSON.parse(JSON.stringify(std.parseArgs(question.args, all)));
    }
    case "format":
      return std.format(question.n, question.options);
    case "encodeBase64Url":
    case "encodeHex":
      return std[question.f](new Uint8Array(question.bytes));
    case "decodeBase64Url":
    case "decodeHex":
      return [...std[question.f](question.text)];
    default:
      std.setColorEnabled(question.enabled);
      return std[question.f](question.text);
  }
}

/** Asks all again, and writes the answers. */
async function record(source: string | undefined): Promise<void> {
  if (source === undefined || Deno.noColor || RESOLVED.format === STAND_INS.format) {
    throw new Error("Cannot record: needs the packages, their versions, and no NO_COLOR");
  }
  const { tables, answered } = await readAnswers();
  const lines = answered.map((line) => {
    const { result: _result, error: _error, ...question } = line as Record<string, unknown>;
    try {
      return { ...question, result: ask(RESOLVED, question as unknown as Question, tables) };
    } catch (error) {
      return { ...question, error: (error as Error).name };
    }
  });
  const text = [{ source, tables }, ...lines].map((line) => `${JSON.stringify(line)}\n`).join("");
  await Deno.writeTextFile(FILE, text);
}

if (import.meta.main) await record(Deno.args[0]);
