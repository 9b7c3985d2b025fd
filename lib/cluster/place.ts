/**
 * Where an entry lies in the stream.
 *
 * @module
 */

/** The place of an entry. */
export interface Place {
  /** Its number in the stream. */
  readonly seq: number;
  /** How many entries the consumer has sent, this one included. */
  readonly delivered: number;
  /** When it was stored, in ms since 1970, by the server's clock. */
  readonly storedAt: number;
}

/**
 * Reads a place from where an answer would go.
 *
 * It is `$JS.ACK.<stream>.<consumer>.<times>.<seq>.<delivered>.<time>.<left>`. Servers with domains
 * put two names in front of the stream's.
 *
 * @returns Undefined if it is no place.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const place = { seq: 7, delivered: 2, storedAt: 5 };
 * assert.deepEqual(parsePlace("$JS.ACK.stream.consumer.1.7.2.5000000.0"), place);
 * ```
 */
export function parsePlace(reply: string | undefined): Place | undefined {
  const words = (reply ?? "").split(".");
  const at = words.length === 9 ? 5 : words.length >= 11 ? 7 : undefined;
  if (at === undefined || words[0] !== "$JS" || words[1] !== "ACK") return undefined;
  const [seq, delivered] = [Number(words[at]), Number(words[at + 1])];
  const storedAt = Number(words[at + 2]) / 1e6;
  const isWhole = Number.isSafeInteger(seq) && Number.isSafeInteger(delivered);
  return isWhole && Number.isFinite(storedAt) ? { seq, delivered, storedAt } : undefined;
}
