import assert from "node:assert/strict";
import { testNeeding } from "./support/needs.ts";
import { IMPORT_FLAGS, ROOT } from "./support/programs.ts";
import { withDirectory } from "./support/temporary.ts";

/** Modules by path, each with the paths that it imports, types included. */
type Graph = Map<string, string[]>;

interface DependencyInfo {
  readonly code?: { readonly specifier?: string };
  readonly type?: { readonly specifier?: string };
}

/**
 * Layers from the outside in: a module imports from its own folder or from
 * later layers. Folders of one layer do not know each other.
 */
const LAYERS: readonly (readonly RegExp[])[] = [
  [/^(?:server|client)\.ts$/],
  [/^lib\/programs\//],
  [/^lib\/cli\//],
  [/^lib\/relay\//, /^lib\/client\//, /^lib\/terminal\//],
  [/^lib\/messages\//],
  [/^lib\/(?!limits|errors|version)[a-z0-9_]+\.ts$/],
  [/^lib\/(?:limits|errors|version)\.ts$/],
];
const IMPORTS_NOTHING = ["lib/limits.ts", "lib/errors.ts", "lib/version.ts"];

/** What must not be reachable from where. */
const FORBIDDEN: readonly [from: string, to: string][] = [
  ["server.ts", "lib/fernet.ts"],
  ["server.ts", "lib/envelope.ts"],
  ["server.ts", "lib/identity.ts"],
];

async function readGraph(root: string): Promise<Graph> {
  const graph: Graph = new Map();
  for (const entry of ["server.ts", "client.ts"]) {
    const args = ["info", "--json", ...IMPORT_FLAGS, `${root}${entry}`];
    const { stdout } = await new Deno.Command(Deno.execPath(), { args, cwd: root }).output();
    const { modules } = JSON.parse(new TextDecoder().decode(stdout));
    for (const { specifier, dependencies = [] } of modules) {
      const path = pathOf(specifier, root);
      if (!path) continue;
      const targets = dependencies.flatMap(({ code, type }: DependencyInfo) =>
        [code?.specifier, type?.specifier].map((target) => target && pathOf(target, root))
      );
      graph.set(path, targets.filter((target: string | undefined) => target));
    }
  }
  return graph;
}

/** The path below the root; undefined for what is not ours. */
function pathOf(specifier: string, root: string): string | undefined {
  const prefix = `file://${root}`;
  const path = specifier.startsWith(prefix) ? specifier.slice(prefix.length) : "";
  return /^(?:lib\/|server\.ts|client\.ts)/.test(path) ? path : undefined;
}

function reachableFrom(graph: Graph, start: string): Set<string> {
  const seen = new Set([start]);
  for (const module of seen) for (const next of graph.get(module) ?? []) seen.add(next);
  return seen;
}

/** Lists every breach of the house plan. */
function findBreaches(graph: Graph): string[] {
  const breaches: string[] = [];
  for (const [module, targets] of graph) {
    const layer = layerOf(module);
    if (!layer) breaches.push(`${module} has no layer`);
    for (const target of targets) {
      const below = layerOf(target);
      const isSameFolder = layer?.folder === below?.folder;
      const isDown = layer && below && layer.depth < below.depth;
      const isBarred = IMPORTS_NOTHING.includes(module);
      if (isBarred || !isDown && !isSameFolder) breaches.push(`${module} imports ${target}`);
    }
  }
  for (const [from, to] of FORBIDDEN) {
    if (reachableFrom(graph, from).has(to)) breaches.push(`${from} reaches ${to}`);
  }
  return breaches;
}

function layerOf(module: string): { depth: number; folder: string } | undefined {
  for (const [depth, folders] of LAYERS.entries()) {
    const folder = folders.find((pattern) => pattern.test(module));
    if (folder) return { depth, folder: String(folder) };
  }
}

testNeeding(
  ["read", "run", "env"],
  "modules import one way, and none leads to decryption",
  async () => {
    const graph = await readGraph(ROOT);
    assert.ok(graph.size > 20, "the graph was not read");
    assert.ok(reachableFrom(graph, "server.ts").has("lib/relay/relay.ts"));
    assert.ok(reachableFrom(graph, "client.ts").has("lib/fernet.ts"));
    assert.deepEqual(findBreaches(graph), []);
  },
);

testNeeding(["read", "write", "run", "env"], "findBreaches() sees a planted import", async () => {
  const plants: [file: string, line: string, breaches: string[]][] = [
    ["lib/relay/peer.ts", 'import "../fernet.ts";', ["server.ts reaches lib/fernet.ts"]],
    [
      "lib/relay/log.ts",
      'import type { Decrypted } from "../fernet.ts";\nexport type X = Decrypted;',
      [
        "server.ts reaches lib/fernet.ts",
      ],
    ],
    ["lib/relay/relay.ts", 'import "../client/session.ts";', [
      "lib/relay/relay.ts imports lib/client/session.ts",
      "server.ts reaches lib/fernet.ts",
      "server.ts reaches lib/envelope.ts",
    ]],
    ["lib/wire.ts", 'import "./cli/address.ts";', ["lib/wire.ts imports lib/cli/address.ts"]],
    ["lib/errors.ts", 'import "./version.ts";', ["lib/errors.ts imports lib/version.ts"]],
  ];
  await withDirectory(async (directory) => {
    const copy = `${directory}/`;
    const files = ["server.ts", "client.ts", "deno.json", "lib", "offline"];
    const args = ["-r", ...files.map((file) => ROOT + file), copy];
    await new Deno.Command("cp", { args }).output();
    for (const [file, line, breaches] of plants) {
      const original = await Deno.readTextFile(copy + file);
      await Deno.writeTextFile(copy + file, `${line}\n${original}`);
      assert.deepEqual(findBreaches(await readGraph(copy)), breaches);
      await Deno.writeTextFile(copy + file, original);
    }
  });
});
