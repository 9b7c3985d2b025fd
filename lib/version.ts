/**
 * Which version this is.
 *
 * @module
 */

import config from "../deno.json" with { type: "json" };

/** The version of both programs, as deno.json has it. */
export const VERSION: string = config.version;

/**
 * Tells which program this is, and what it runs on: what a report of a fault needs.
 *
 * @param name The program.
 * @returns Such as `chat-client 1.2.3 (Deno 2.9.6, x86_64-unknown-linux-gnu)`.
 */
export function formatVersion(name: string): string {
  return `${name} ${VERSION} (Deno ${Deno.version.deno}, ${Deno.build.target})`;
}
