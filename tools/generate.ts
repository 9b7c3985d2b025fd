/**
 * Makes what is in docs/ from the programs' tables: `deno task generate`.
 *
 * @module
 */

import { generateDocuments } from "./documents.ts";

for (const [path, text] of generateDocuments()) {
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  await Deno.writeTextFile(path, text);
  console.log(path);
}
