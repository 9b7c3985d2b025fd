/**
 * The texts of errors, hints and warnings, as the sources of lib/ word them.
 *
 * @module
 */

import { ROOT } from "./programs.ts";

/** A text, and where it is. */
export interface FailureText {
  readonly file: string;
  /** With `XYZ` in the place of each value. */
  readonly text: string;
}

const VALUE = "XYZ";
/** What comes in front of such a text; a text that is a variable is found where it is set. */
const BEFORE = [
  /\bnew (?:Chat|Usage|Range|Type)?Error\(\s*/g,
  /\b(?:hint|HINT|HINTS|message|problem|reason)(?:: | =\s+|\s*\?\s*|\s*\?\? )/g,
  /\b(?:PAUSED_HINT|STOPPING_HINT) = /g,
  /^ {2}\d{3}: /gm,
  /\bwarn\(/g,
  /\bwarnOnce\("[a-z]+", /g,
];

/** Reads all of them. */
export async function collectFailures(): Promise<FailureText[]> {
  const found: FailureText[] = [];
  for await (const file of listSources(`${ROOT}lib`)) {
    // Texts of the log and of a room are for others; the catalogue is not a source.
    if (/\/(?:messages|terminal|text)\/|script\/json_|event_line|limits\.ts/.test(file)) continue;
    const source = withoutComments(await Deno.readTextFile(file));
    const name = file.slice(ROOT.length);
    for (const pattern of BEFORE) {
      for (const match of source.matchAll(pattern)) {
        for (const text of readTexts(source, match.index + match[0].length)) {
          found.push({ file: name, text });
        }
      }
    }
  }
  return found;
}

/**
 * Reads what the program is made of, without comments and the catalogue.
 *
 * @returns The text of each file; literals that are joined by `+` are one.
 */
export async function readSources(): Promise<string[]> {
  const sources: string[] = [];
  for await (const file of listSources(`${ROOT}lib`)) {
    if (file.includes("/messages/")) continue;
    const source = withoutComments(await Deno.readTextFile(file));
    sources.push(source.replaceAll(/["`] \+\s+["`]/g, ""));
  }
  return sources;
}

async function* listSources(directory: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(directory)) {
    if (isDirectory) yield* listSources(`${directory}/${name}`);
    else if (name.endsWith(".ts")) yield `${directory}/${name}`;
  }
}

function withoutComments(source: string): string {
  return source.replaceAll(/\/\*\*[^]*?\*\//g, "").replaceAll(/^\s*\/\/.*$/gm, "");
}

/** The text at a place, joined over `+`; and the one behind a comma or colon, as of `a ? b : c`. */
function readTexts(source: string, start: number): string[] {
  const literal = /"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|`((?:[^`\\]|\\.)*)`/y;
  const texts: string[] = [];
  let text: string | undefined;
  for (let at = start;;) {
    literal.lastIndex = at;
    const match = literal.exec(source);
    if (!match) break;
    const part = match[1] ?? match[2] ?? match[3]!;
    text = (text ?? "") + part.replaceAll(/\$\{[^}]*(?:\{[^}]*\}[^}]*)*\}/g, VALUE)
      .replaceAll(/\\(.)/g, "$1");
    at = literal.lastIndex;
    const plus = /\s*\+\s*/y;
    const next = /\s*[,:]\s*(?=["'`])/y;
    plus.lastIndex = next.lastIndex = at;
    if (plus.test(source)) at = plus.lastIndex;
    else {
      texts.push(text);
      text = undefined;
      if (!next.test(source)) break;
      at = next.lastIndex;
    }
  }
  // One word is a name, such as "path" in a call, and no message.
  return texts.filter((each) => /\S \S/.test(each));
}
