import assert from "node:assert/strict";
import { readDocument, readHeadings } from "./support/documents.ts";
import { testNeeding } from "./support/needs.ts";
import { ROOT } from "./support/programs.ts";

const FOLDERS = "lib|tests|docs|tools|offline|bench|soak|\\.github|\\.ci";

/** What documents name ahead of the change that brings it. */
const COMING: readonly string[] = [];

/** A document without its fenced blocks. */
async function readProse(path: string): Promise<string> {
  return (await readDocument(path)).replaceAll(/^```[^]*?^```$/gm, "");
}

async function exists(path: string): Promise<boolean> {
  if (COMING.includes(path)) return true;
  return await Deno.stat(ROOT + path).then(() => true, () => false);
}

async function* listFiles(directory = ""): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(ROOT + directory)) {
    if (name === ".git" || name === "node_modules" || name === "dist") continue;
    if (isDirectory) yield* listFiles(`${directory}${name}/`);
    else yield directory + name;
  }
}

async function listDocuments(): Promise<string[]> {
  const files = await Array.fromAsync(listFiles());
  const documents = files.filter((file) => /^(?:docs\/[^/]+|\.github\/.*|[^/]+)\.md$/.test(file));
  assert.ok(documents.includes("docs/PROTOCOL.md") && documents.includes("README.md"));
  return documents;
}

/** The name under which a heading is linked to. */
function anchorOf(heading: string): string {
  return heading.toLowerCase().replaceAll(/[^\p{L}\p{N} -]/gu, "").replaceAll(" ", "-");
}

testNeeding(
  ["read"],
  "every link in a document leads to a file, and to a heading in it",
  async () => {
    for (const path of await listDocuments()) {
      const links = [...(await readProse(path)).matchAll(/\]\((?!https?:)([^)]+)\)/g)];
      for (const [, link] of links) {
        const [file, anchor] = decodeURI(link!).split("#");
        const url = file === "" ? path : new URL(file!, `file:///${path}`).pathname.slice(1);
        assert.ok(await exists(url), `${path}: ${link}`);
        if (anchor === undefined) continue;
        const anchors = readHeadings(await readDocument(url)).map(anchorOf);
        assert.ok(anchors.includes(anchor), `${path}: ${link}`);
      }
    }
  },
);

testNeeding(["read"], "every file that a document names exists", async () => {
  const files = await Array.fromAsync(listFiles());
  assert.ok(files.includes("lib/fernet.ts"), "the files were not listed");
  const missing: string[] = [];
  for (const path of await listDocuments()) {
    const spans = [...(await readProse(path)).matchAll(/`([^`\n]+)`/g)].map(([, span]) => span!);
    for (const span of spans) {
      if (!isFound(span, files)) missing.push(`${path}: ${span}`);
    }
  }
  assert.deepEqual(missing, []);
});

/** Whether a code span names no file, or one that is there; folders end with a slash. */
function isFound(span: string, files: readonly string[]): boolean {
  if (COMING.includes(span)) return true;
  if (RegExp(`^(?:${FOLDERS})(?:/[\\w./-]*)?$`).test(span)) {
    return files.some((file) => file === span || file.startsWith(span.replace(/\/?$/, "/")));
  }
  if (!/^[\w./-]+\.(?:ts|py|md|json)$/.test(span) || GIVEN.has(span)) return true;
  return files.some((file) => file === span || file.endsWith(`/${span}`));
}

/** Files that users have, and the project has not. */
const GIVEN = new Set(["config.json", "room.json"]);

testNeeding(["read"], "every task that a document names exists", async () => {
  const { tasks } = JSON.parse(await readDocument("deno.json"));
  for (const path of await listDocuments()) {
    for (const [, name] of (await readDocument(path)).matchAll(/\bdeno task ([a-z:-]+)/g)) {
      assert.ok(Object.hasOwn(tasks, name!) || COMING.includes(name!), `${path}: ${name}`);
    }
  }
});

testNeeding(["read"], "docs/ARCHITECTURE.md has the wings of tests/graph_test.ts", async () => {
  const code = await readDocument("tests/graph_test.ts");
  const [, rows] = /const WINGS[^=]*= \{\n([^]*?)\n\};/.exec(code)!;
  const wings = [...rows!.matchAll(/^ {2}(\w+): \[(.*)\],$/gm)].map(([, wing, under]) => {
    return [wing, [...under!.matchAll(/"(\w+)"/g)].map(([, name]) => name)];
  });
  assert.equal(wings.length, rows!.split("\n").length, "the wings were not read");
  const document = await readDocument("docs/ARCHITECTURE.md");
  const [table] = /^\| wing .*\n(?:\|.*\n)+/m.exec(document)!;
  const told = table.trimEnd().split("\n").slice(2).map((row) => {
    const [, wing, , under] = row.split("|");
    return [/`(\w+)`/.exec(wing!)![1], [...under!.matchAll(/`(\w+)`/g)].map(([, name]) => name)];
  });
  assert.deepEqual(told, wings);
});

testNeeding(["read"], "isFound() sees a file that is not there", () => {
  const files = ["lib/relay/relay.ts", "server.ts"];
  for (
    const span of ["lib/relay/", "lib/relay", "relay/relay.ts", "relay.ts", "server.ts", "a b"]
  ) {
    assert.ok(isFound(span, files), span);
  }
  for (const span of ["lib/relays/", "lib/relay/peer.ts", "peer.ts", "client.ts", "lay.ts"]) {
    assert.ok(!isFound(span, files), span);
  }
});
