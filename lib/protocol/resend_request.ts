/**
 * Asking a member for messages of its own that did not come.
 *
 * @module
 * @see docs/PROTOCOL.md, "Order"
 */

import type { SequenceRange } from "./sequence_window.ts";

/** Whose messages somebody asks for, and which. */
export interface ResendRequest {
  /** The author's Ed25519 key, in base64url. */
  readonly id: string;
  readonly epoch: string;
  readonly range: SequenceRange;
}

/**
 * Writes what `again` asks for.
 *
 * @param request Whose messages, and which.
 * @returns JSON, for the text of the message.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(formatResendRequest({ id: "i", epoch: "e", range: [5, 6] }), '{"id":"i","e":"e","from":5,"to":6}');
 * ```
 */
export function formatResendRequest({ id, epoch, range: [from, to] }: ResendRequest): string {
  return JSON.stringify({ id, e: epoch, from, to });
}

/**
 * Reads what `formatResendRequest()` wrote.
 *
 * @param text From anybody.
 * @returns Undefined if it is not of that form.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(parseResendRequest("null"), undefined);
 * ```
 */
export function parseResendRequest(text: string): ResendRequest | undefined {
  try {
    const { id, e, from, to } = JSON.parse(text);
    const isRange = [from, to].every((n) => Number.isSafeInteger(n) && n >= 0) && from <= to;
    if (typeof id !== "string" || typeof e !== "string" || !isRange) return undefined;
    return { id, epoch: e, range: [from, to] };
  } catch {
    return undefined;
  }
}
