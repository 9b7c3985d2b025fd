/**
 * Those who look whether the port is open, and are no clients: load balancers and monitors.
 *
 * @module
 * @see docs/PROTOCOL.md, "Checks and proxies"
 */

import type { CloseReason } from "../watch/events.ts";
import { formatAnswer } from "../watch/http_message.ts";

/** Time after which a silent connection counts as a client, in ms. A check of the port is over by then,
 * also on a busy machine or a slow network. */
export const SILENT_CLIENT_MS = 1000;
/** Longest line that is looked at for a request of HTTP, in bytes: as most web servers have it. */
export const MAX_REQUEST_LINE_BYTES = 8192;

/** What a request of HTTP is answered, whatever it asks for: the relay is there. */
export const HTTP_ANSWER: Uint8Array = formatAnswer({ status: 200, body: "" }, false);

/** Ends that need no event for a connection that was no client. */
export const SILENT_ENDS: readonly CloseReason[] = [
  "end",
  "reset",
  "stopped",
  "pipe",
  "probe",
  "http",
];

/**
 * Tells whether a line of noise is the first one of an HTTP request.
 *
 * @param line The line, CR and LF excluded.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(isHttpRequest(new TextEncoder().encode("GET /healthz HTTP/1.1")), true);
 * ```
 */
export function isHttpRequest(line: Uint8Array): boolean {
  if (line.length > MAX_REQUEST_LINE_BYTES) return false;
  return /^[A-Z]+ [!-~]+ HTTP\/[0-9](?:\.[0-9])?$/.test(new TextDecoder().decode(line));
}

/**
 * Tells why a connection ended.
 *
 * @param peer Whether it counted as a client, and whether it ever said a whole line.
 * @param reason How it ended.
 * @returns "probe" if it was no client and ended by itself without a word; else the same reason.
 */
export function recognizeProbe(
  peer: { readonly isCounted: boolean; readonly hasSpoken: boolean },
  reason: CloseReason,
): CloseReason {
  const isOver = reason === "end" || reason === "reset";
  return isOver && !peer.isCounted && !peer.hasSpoken ? "probe" : reason;
}
