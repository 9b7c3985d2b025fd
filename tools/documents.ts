/**
 * What `deno task generate` makes: completions and manual pages.
 *
 * @module
 */

import { listCommands } from "../lib/chat/commands.ts";
import { CLIENT_SPEC } from "../lib/cli/client_spec.ts";
import { generateText } from "../lib/cli/generate/generate.ts";
import { SERVER_SPEC } from "../lib/cli/server_spec.ts";
import { sayIn } from "../lib/messages/phrases.ts";

/**
 * Writes all documents that are made from the programs' tables.
 *
 * @returns Text by path; paths begin in the project's directory.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.match(generateDocuments().get("docs/man/chat-server.1")!, /^\.TH chat\\-server 1 /);
 * ```
 */
export function generateDocuments(): Map<string, string> {
  const documents = new Map<string, string>();
  for (const spec of [CLIENT_SPEC, SERVER_SPEC]) {
    const write = (path: string, args: string[], language: "en" | "fr" = "en") => {
      const say = sayIn(language);
      documents.set(
        `docs/${path}`,
        generateText(spec, args, say, spec === CLIENT_SPEC ? listCommands(say) : []),
      );
    };
    write(`completions/${spec.name}.bash`, ["completions", "bash"]);
    write(`completions/_${spec.name}`, ["completions", "zsh"]);
    write(`completions/${spec.name}.fish`, ["completions", "fish"]);
    write(`man/${spec.name}.1`, ["man"]);
    write(`man/fr/${spec.name}.1`, ["man"], "fr");
  }
  return documents;
}
