/**
 * The command line of `chat-server health`.
 *
 * @module
 */

import { UsageError } from "../errors.ts";
import type { PlainPhrase } from "../messages/phrases.ts";
import { worded } from "../messages/wording.ts";
import type { ProgramSpec } from "./spec.ts";

/** What a server answers whether it is well at. */
const HEALTH_PATH = "/healthz";

/** Longest `--wait`, in seconds: no start takes longer. */
export const MAX_HEALTH_WAIT_SECONDS = 600;

/** The table of the command. */
export const HEALTH_SPEC: ProgramSpec<PlainPhrase> = {
  name: "chat-server health",
  summary: "Tells whether a server with --metrics is well.",
  args: [["url", "Where its metrics are, such as http://127.0.0.1:9464"]],
  options: [{
    name: "wait",
    value: "SECONDS",
    help: "How long it may take to get well",
    range: { min: 0, max: MAX_HEALTH_WAIT_SECONDS },
    fallback: 0,
  }],
  notes: [],
  helpNotes: ["Exit codes: 0 it is, 1 it is not or does not answer in 5 s, 2 wrong usage."],
};

/**
 * Reads where to ask.
 *
 * @param text A URL of HTTP. Without a path, the server's own one is taken.
 * @throws {UsageError} If it is none, or has a user, a password or a fragment.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(parseHealthUrl("http://[::1]:9464").href, "http://[::1]:9464/healthz");
 * ```
 */
export function parseHealthUrl(text: string): URL {
  const url = /^http:\/\//i.test(text) ? URL.parse(text) : null;
  if (!url || url.username !== "" || url.password !== "" || url.hash !== "") {
    throw new UsageError(
      worded("Not a URL of a server's metrics: {text}", { text: JSON.stringify(text) }),
      worded("Use the address of --metrics, such as http://127.0.0.1:9464."),
    );
  }
  if (url.pathname === "/") url.pathname = HEALTH_PATH;
  return url;
}
