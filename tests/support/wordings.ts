/**
 * Warnings and other wordings, as tests need them.
 *
 * @module
 */

import assert from "node:assert/strict";
import { fill, type Wording } from "../../lib/messages/wording.ts";

/** Words any text, though the catalogue does not have it. */
export function inWords(text: string): Wording {
  return { phrase: text, values: {} };
}

/** Fails at the first warning. */
export function noWarning(warning: Wording): never {
  assert.fail(fill(warning));
}

/** Collects warnings, in English. */
export function collectWarnings(): { warnings: string[]; warn: (warning: Wording) => void } {
  const warnings: string[] = [];
  return { warnings, warn: (warning) => warnings.push(fill(warning)) };
}
