/**
 * Errors in the reader's language.
 *
 * An error is worded in English where it is thrown, far from any reader: it is told
 * apart by its class, and tests name it by its message. Here the message is found
 * again in the catalogue, by the text around its values.
 *
 * @module
 */

import { FAILURES } from "./failures.ts";
import type { Language } from "./phrases.ts";

/** Messages within messages that are translated, such as reasons of failures. */
export const MAX_NESTED_MESSAGES = 4;

/**
 * Translates the message or the hint of an error, and the reason within it.
 *
 * @param text English, as an error has it.
 * @param language Into which language.
 * @returns The text as it is if it is not in the catalogue.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const text = "Cannot listen: port 5050 is in use";
 * assert.equal(translateFailure(text, "fr"), "Impossible d’écouter : le port 5050 est déjà pris");
 * ```
 */
export function translateFailure(text: string, language: Language): string {
  return language === "en" ? text : translate(text, listTemplates(), MAX_NESTED_MESSAGES);
}

interface Entry {
  readonly template: ReturnType<typeof parseTemplate>;
  readonly french: string;
}

/** The catalogue, the most specific first: those with the most text of their own. */
function listTemplates(): Entry[] {
  const entries = Object.entries(FAILURES).map(([english, french]): Entry & { own: number } => {
    const template = parseTemplate(english);
    return { template, french, own: template.pieces.join("").length };
  });
  return entries.sort((a, b) => b.own - a.own);
}

function translate(text: string, entries: readonly Entry[], depth: number): string {
  if (depth === 0) return text;
  for (const { template, french } of entries) {
    const gaps = matchTemplate(template, text);
    if (!gaps) continue;
    const values = new Map(template.names.map((name, i) => {
      return [name, translate(gaps[i]!, entries, depth - 1)];
    }));
    return french.replace(/\{(\w+)\}/g, (all, name: string) => values.get(name) ?? all);
  }
  return text;
}

/** The literal pieces of a template, and the names of the gaps between them. */
export interface Template {
  /** One more than there are names; those at the ends may be empty. */
  readonly pieces: readonly string[];
  readonly names: readonly string[];
}

/**
 * Takes a template apart.
 *
 * @param text Text with `{names}`.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const template = parseTemplate("there is no {path}");
 * assert.deepEqual(template, { pieces: ["there is no ", ""], names: ["path"] });
 * ```
 */
export function parseTemplate(text: string): Template {
  const parts = text.split(/\{(\w+)\}/);
  return {
    pieces: parts.filter((_, i) => i % 2 === 0),
    names: parts.filter((_, i) => i % 2 === 1),
  };
}

/**
 * Fits a text into a template; each gap is as short as it can be, but never empty.
 *
 * @param template As `parseTemplate()` makes it.
 * @param text The text.
 * @returns What is in the gaps, in their order; undefined if it does not fit.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const template = parseTemplate("{path} cannot be read");
 * assert.deepEqual(matchTemplate(template, "/a b cannot be read"), ["/a b"]);
 * assert.equal(matchTemplate(template, "/a b"), undefined);
 * ```
 */
export function matchTemplate({ pieces }: Template, text: string): string[] | undefined {
  if (pieces.length === 1) return text === pieces[0] ? [] : undefined;
  const first = pieces[0]!;
  const last = pieces.at(-1)!;
  if (!text.startsWith(first) || !text.endsWith(last)) return undefined;
  const end = text.length - last.length;
  const gaps: string[] = [];
  let start = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const next = text.indexOf(piece, start + 1);
    if (next < 0 || next + piece.length > end) return undefined;
    gaps.push(text.slice(start, next));
    start = next + piece.length;
  }
  if (start >= end) return undefined;
  gaps.push(text.slice(start, end));
  return gaps;
}
