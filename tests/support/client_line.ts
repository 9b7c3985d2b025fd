import assert from "node:assert/strict";
import { CLIENT_SPEC } from "../../lib/cli/client_spec.ts";
import { type CommandLine, parseCommandLine } from "../../lib/cli/options.ts";

/** Parses arguments of the client, which must not ask for a text such as the help. */
export function clientLine(args: readonly string[]): CommandLine {
  const line = parseCommandLine(CLIENT_SPEC, args);
  assert.ok(typeof line !== "string");
  return line;
}
