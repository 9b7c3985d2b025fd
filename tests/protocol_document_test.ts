import assert from "node:assert/strict";
import { parseClientControl, parseRelayControl } from "../lib/protocol/control.ts";
import {
  type Block,
  Example,
  readBlocks,
  readDocument,
  readHeadings,
} from "./support/documents.ts";
import { testNeeding } from "./support/needs.ts";
import { ROOT } from "./support/programs.ts";
import { EXAMPLE_CHECKS } from "./support/protocol_examples.ts";

const PATH = "docs/PROTOCOL.md";

/** Checks a block with the check of its kind; throws if there is none. */
async function checkBlock({ info, lines }: Block): Promise<string> {
  const [, kind] = /^example ([a-z-]+)$/.exec(info) ?? [];
  const known = kind !== undefined && Object.hasOwn(EXAMPLE_CHECKS, kind);
  if (!known) throw new Error(`Not a kind of example: ${info}`);
  const { fields, check } = EXAMPLE_CHECKS[kind]!;
  const example = new Example(lines);
  for (const name of example.names) {
    const isKnown = fields.includes(name) || fields.includes(`${name}?`) ||
      fields.includes("#") && /^\d+$/.test(name) ||
      fields.includes("LIMIT") && /^[A-Z_]+(\.[A-Za-z]+)?$/.test(name);
    if (!isKnown) throw new Error(`Not a field of ${kind}: ${name}`);
  }
  const required = fields.filter((name) => /^[A-Za-z0-9-]+$/.test(name) && name !== "LIMIT");
  for (const name of required) {
    if (example.all(name).length === 0) throw new Error(`A ${kind} has no ${name}`);
  }
  await check(example);
  return kind;
}

testNeeding(["read", "env"], "every example of the protocol's document is true", async () => {
  const blocks = readBlocks(await readDocument(PATH));
  // Blocks without a name are layouts; a name that is misspelled must not hide an example.
  const named = blocks.filter(({ info }) => info !== "");
  const kinds = new Set<string>();
  for (const block of named) {
    try {
      kinds.add(await checkBlock(block));
    } catch (cause) {
      throw new Error(`In ${PATH}:\n${block.info}\n${block.lines.join("\n")}`, { cause });
    }
  }
  assert.deepEqual([...kinds].sort(), Object.keys(EXAMPLE_CHECKS).sort());
});

testNeeding(["read", "env"], "what client and relay say to each other parses", async () => {
  const blocks = readBlocks(await readDocument(PATH)).filter(({ info }) => info === "");
  for (const line of blocks.flatMap(({ lines }) => lines)) {
    const [, side, said] = /^([CS]) {2}(!.*)$/.exec(line) ?? [];
    if (said === undefined) continue;
    const parse = side === "C" ? parseClientControl : parseRelayControl;
    assert.ok(parse(new TextEncoder().encode(said)), line);
  }
});

testNeeding(["read", "env"], "every example turns red if one character of it changes", async () => {
  const blocks = readBlocks(await readDocument(PATH)).filter(({ info }) => info !== "");
  for (const { info, lines } of blocks) {
    // A list of what is refused stays true whatever is in it.
    const lists = ["refused-headers", "plaintexts", "nicknames", "small-order-keys"];
    if (lists.some((list) => info.endsWith(list))) continue;
    for (const [index, line] of lines.entries()) {
      const altered = lines.with(index, alterLast(line));
      await assert.rejects(checkBlock({ info, lines: altered }), Error, `${info}: ${line}`);
    }
  }
});

testNeeding(["read", "env"], "checkBlock() refuses what it does not know", async () => {
  for (const info of ["exmaple room", "example rooms", "example toString", "json"]) {
    await assert.rejects(checkBlock({ info, lines: [] }), /Not a kind of example/);
  }
  const padding = { info: "example padding" };
  await assert.rejects(checkBlock({ ...padding, lines: ["1 511"] }), /Not a field/);
  await assert.rejects(checkBlock({ ...padding, lines: ["one: 511"] }), /Not a field of padding/);
  await assert.rejects(checkBlock({ info: "example room", lines: ["key: A"] }), /has no room-id/);
});

testNeeding(["read", "env"], "every section that the code refers to exists", async () => {
  const headings = new Map<string, string[]>();
  const missing: string[] = [];
  let references = 0;
  for await (const path of sourceFiles("lib")) {
    const code = await readDocument(path);
    for (const [, document, section] of code.matchAll(/(docs\/[A-Z]+\.md), "([^"]+)"/g)) {
      references++;
      if (!headings.has(document!)) {
        headings.set(document!, readHeadings(await readDocument(document!)));
      }
      if (!headings.get(document!)!.includes(section!)) {
        missing.push(`${path}: ${document}, "${section}"`);
      }
    }
  }
  assert.ok(references > 40);
  assert.deepEqual(missing, []);
});

testNeeding(["read", "env"], "no section stands twice in a document", async () => {
  for (const path of [PATH, "docs/ARCHITECTURE.md", "SECURITY.md", "README.md"]) {
    const headings = readHeadings(await readDocument(path));
    assert.deepEqual(headings, [...new Set(headings)], path);
  }
});

testNeeding(["read", "env"], "every section that a document names in quotes exists", async () => {
  const text = (await readDocument(PATH)).replaceAll(/^```[^]*?^```$/gm, "");
  const headings = readHeadings(text);
  const named = [...text.matchAll(/(?:see|in|of|\() ?"([A-Z][a-z ]+)"/g)];
  assert.ok(named.length > 5);
  for (const [, section] of named) assert.ok(headings.includes(section!), section);
});

async function* sourceFiles(directory: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(`${ROOT}${directory}`)) {
    const path = `${directory}/${name}`;
    if (isDirectory) yield* sourceFiles(path);
    else if (name.endsWith(".ts")) yield path;
  }
}

/** The same text with its last letter or digit changed. */
function alterLast(text: string): string {
  return text.replace(/[A-Za-z0-9](?=[^A-Za-z0-9]*$)/, (last) => last === "B" ? "C" : "B");
}
