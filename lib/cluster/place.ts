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
  if (!reply?.startsWith("$JS.ACK.")) return undefined;
  const dots: number[] = [];
  for (let at = reply.indexOf("."); at >= 0; at = reply.indexOf(".", at + 1)) dots.push(at);
  const at = dots.length === 8 ? 4 : dots.length >= 10 ? 6 : undefined;
  if (at === undefined) return undefined;
  const read = (from: number, to: number) => Number(reply.slice(from + 1, to) || NaN);
  const seq = read(dots[at]!, dots[at + 1]!);
  const delivered = read(dots[at + 1]!, dots[at + 2]!);
  // It is in ns: more digits than a number keeps.
  const storedAt = read(dots[at + 2]!, dots[at + 3]! - 6);
  const isWhole = Number.isSafeInteger(seq) && Number.isSafeInteger(delivered);
  return isWhole && Number.isFinite(storedAt) ? { seq, delivered, storedAt } : undefined;
}
