/**
 * Errors in the reader's language.
 *
 * An error is worded in English where it is thrown, far from any reader: it is told
 * apart by its class, and tests name it by its message. Here the message is found
 * again in the catalogue, by the text around its values.
 *
 * @module
 */

import { MAX_NESTED_MESSAGES } from "../limits.ts";
import { FAILURES } from "./failures.ts";
import type { Language } from "./phrases.ts";
import { matchTemplate, parseTemplate } from "./template.ts";

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
