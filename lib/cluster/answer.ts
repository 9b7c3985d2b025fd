/**
 * What JetStream says to an entry that was published.
 *
 * @module
 */

import { isNobody, type Message, parseObject } from "./connection.ts";

/**
 * Tells why an entry was not stored.
 *
 * @param message The answer.
 * @returns Undefined if it was stored.
 */
export function readRefusal(message: Pick<Message, "headers" | "data">): string | undefined {
  if (isNobody(message)) return "no JetStream answers";
  try {
    const { seq, error } = parseObject(message.data) as {
      seq?: number;
      error?: { description?: string };
    };
    if (error) return String(error.description ?? "refused");
    return typeof seq === "number" ? undefined : "an answer that is none";
  } catch {
    return "an answer that is none";
  }
}
