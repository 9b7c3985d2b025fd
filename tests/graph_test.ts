import assert from "node:assert/strict";
import { testNeeding } from "./support/needs.ts";
import { IMPORT_FLAGS, ROOT } from "./support/programs.ts";
import { withDirectory } from "./support/temporary.ts";

/** A module that another imports. */
interface Import {
  readonly target: string;
  /** Whether only types of it are imported: nothing of it runs. */
  readonly isOfTypes: boolean;
  /** Whether it is imported only when the code comes to it. */
  readonly isLazy: boolean;
}

/** Modules by path, each with its imports. */
type Graph = Map<string, readonly Import[]>;

interface DependencyInfo {
  readonly code?: { readonly specifier?: string };
  readonly type?: { readonly specifier?: string };
  readonly isDynamic?: boolean;
}

/**
 * The wings of lib/ from the ground up, each with those that it stands on directly. A wing may
 * import all that lies under it, and the files of lib/ itself are `lib`.
 */
const WINGS: Readonly<Record<string, readonly string[]>> = {
  bytes: [],
  async: [],
  messages: [],
  crypto: ["bytes"],
  lib: ["crypto", "messages"],
  text: ["bytes"],
  tls: ["crypto"],
  protocol: ["crypto", "lib", "text"],
  storage: ["protocol", "async"],
  relay: ["protocol", "async"],
  cluster: ["relay"],
  client: ["storage", "messages"],
  chat: ["client"],
  terminal: ["chat"],
  script: ["chat"],
  cli: ["terminal", "cluster"],
  programs: ["cli", "script", "tls"],
  bot: ["script"],
  entry: ["programs"],
};
/** From which wings which others import types alone: they are handed what they work with. */
const TYPES_ALONE: Readonly<Record<string, readonly string[]>> = {
  terminal: ["client", "chat"],
  script: ["client", "chat"],
  cli: ["cluster"],
};
/** What is not loaded at the start: a relay that is alone, and a client, need nothing of it. */
const LAZY = ["lib/cluster/", "npm:@nats-io/", "npm:prom-client"];
/** What every wing may import: of others, they import messages alone. */
const EVERYWHERE = ["lib/errors.ts", "lib/version.ts"];

/** What must not be reachable from where: a file, or a folder with all that is in it. */
const FORBIDDEN: readonly [from: string, to: string][] = [
  ["server.ts", "lib/fernet.ts"],
  ["server.ts", "lib/protocol/envelope.ts"],
  ["server.ts", "lib/storage/identity.ts"],
  ["server.ts", "lib/client/"],
  ["server.ts", "lib/chat/"],
  ["server.ts", "lib/script/"],
  ["server.ts", "lib/terminal/"],
];

async function readGraph(root: string): Promise<Graph> {
  const graph: Graph = new Map();
  for (const entry of ["server.ts", "client.ts", "lib/bot.ts"]) {
    const args = ["info", "--json", ...IMPORT_FLAGS, `${root}${entry}`];
    const { stdout } = await new Deno.Command(Deno.execPath(), { args, cwd: root }).output();
    const { modules } = JSON.parse(new TextDecoder().decode(stdout));
    for (const { specifier, dependencies = [] } of modules) {
      const path = pathOf(specifier, root);
      if (!path || path.startsWith("npm:")) continue;
      const imports = dependencies.flatMap((dependency: DependencyInfo): Import[] => {
        const { code, type, isDynamic: isLazy = false } = dependency;
        const target = pathOf(code?.specifier ?? type?.specifier ?? "", root);
        return target === undefined ? [] : [{ target, isOfTypes: code === undefined, isLazy }];
      });
      graph.set(path, imports);
    }
  }
  return graph;
}

/** The path below the root; undefined for what is not ours. */
function pathOf(specifier: string, root: string): string | undefined {
  const prefix = `file://${root}`;
  const path = specifier.startsWith(prefix) ? specifier.slice(prefix.length) : "";
  // As the module names it, or where it was found.
  const [, name] = /(?:^npm:\/?|\/npm\/[^/]+\/)((?:@[^/@]+\/)?[^/@]+)/.exec(specifier) ?? [];
  if (name !== undefined) return `npm:${name}`;
  return /^(?:lib\/|server\.ts|client\.ts)/.test(path) ? path : undefined;
}

/** What runs, or may run, before the code comes to a lazy import. */
function loadedBy(graph: Graph, start: string): Set<string> {
  const seen = new Set([start]);
  for (const module of seen) {
    for (const { target, isOfTypes, isLazy } of graph.get(module) ?? []) {
      if (!isOfTypes && !isLazy) seen.add(target);
    }
  }
  return seen;
}

function reachableFrom(graph: Graph, start: string): Set<string> {
  const seen = new Set([start]);
  for (const module of seen) for (const { target } of graph.get(module) ?? []) seen.add(target);
  return seen;
}

/** Lists every breach of the rules, in the order of the modules. */
function findBreaches(graph: Graph): string[] {
  const breaches: string[] = [];
  for (const [module, imports] of graph) {
    const wing = wingOf(module);
    if (!(wing in WINGS)) breaches.push(`${module} is in no wing`);
    for (const { target, isOfTypes } of imports) {
      if (target.startsWith("npm:")) continue;
      if (!mayImport(EVERYWHERE.includes(module) ? "messages" : wing, target)) {
        breaches.push(`${module} imports ${target}`);
      }
      if (!isOfTypes && TYPES_ALONE[wing]?.includes(wingOf(target))) {
        breaches.push(`${module} imports more than types of ${target}`);
      }
    }
    const below = imports.map(({ target }) => reachableFrom(graph, target));
    if (below.some((modules) => modules.has(module))) breaches.push(`${module} is in a circle`);
  }
  for (const [from, to] of FORBIDDEN) {
    const reached = [...reachableFrom(graph, from)];
    if (reached.some((module) => module.startsWith(to))) breaches.push(`${from} reaches ${to}`);
  }
  for (const entry of ["lib/programs/server.ts", "lib/programs/client.ts", "lib/bot.ts"]) {
    const loaded = [...loadedBy(graph, entry)];
    for (const lazy of LAZY) {
      if (loaded.some((module) => module.startsWith(lazy))) breaches.push(`${entry} loads ${lazy}`);
    }
  }
  return breaches;
}

function wingOf(module: string): string {
  if (module === "lib/bot.ts") return "bot";
  return /^lib\/([a-z]+)\//.exec(module)?.[1] ?? (module.startsWith("lib/") ? "lib" : "entry");
}

function mayImport(wing: string, target: string): boolean {
  const allowed = new Set([wing]);
  for (const name of allowed) for (const next of WINGS[name] ?? []) allowed.add(next);
  return EVERYWHERE.includes(target) || allowed.has(wingOf(target));
}

testNeeding(
  ["read", "run", "env"],
  "modules import downwards, in no circle, and none leads to decryption",
  async () => {
    const graph = await readGraph(ROOT);
    assert.ok(graph.size > 20, "the graph was not read");
    assert.ok(reachableFrom(graph, "server.ts").has("lib/relay/relay.ts"));
    for (const lazy of LAZY) {
      const reached = [...reachableFrom(graph, "server.ts")];
      assert.ok(reached.some((module) => module.startsWith(lazy)), `${lazy} is not found`);
    }
    assert.ok(reachableFrom(graph, "client.ts").has("lib/fernet.ts"));
    assert.deepEqual(findBreaches(graph), []);
  },
);

testNeeding(["read", "run", "env"], "TLS is loaded only by what is loaded for it", async () => {
  const graph = await readGraph(ROOT);
  const importers = [...graph].filter(([module, imports]) => {
    return !module.startsWith("lib/tls/") &&
      imports.some(({ target, isOfTypes }) => target.startsWith("lib/tls/") && !isOfTypes);
  });
  // The first is itself imported for a port alone, and the second imports it when TLS is asked for.
  const names = ["lib/programs/secure_link.ts", "lib/programs/tls_port.ts"];
  assert.deepEqual(importers.map(([module]) => module).sort(), names);
  for (const name of names) {
    const source = await Deno.readTextFile(`${ROOT}${name}`);
    if (name.endsWith("link.ts")) assert.doesNotMatch(source, /^import \{[^}]*\} from "\.\.\/tls/m);
  }
  const server = await Deno.readTextFile(`${ROOT}lib/programs/server.ts`);
  assert.doesNotMatch(server, /^import .* from "\.\/tls_port\.ts"/m);
});

/** Lines to plant in front of a file, each with the breaches that they make. */
const PLANTS: readonly [file: string, line: string, ...breaches: string[]][] = [
  ["lib/relay/relay.ts", 'import "../fernet.ts";', "server.ts reaches lib/fernet.ts"],
  [
    "lib/relay/log/log.ts",
    'import type { Decrypted } from "../../fernet.ts";\nexport type X = Decrypted;',
    "server.ts reaches lib/fernet.ts",
  ],
  [
    "lib/relay/relay.ts",
    'import "../protocol/envelope.ts";',
    "server.ts reaches lib/protocol/envelope.ts",
  ],
  [
    "lib/programs/server.ts",
    'import type {} from "../storage/identity.ts";',
    "server.ts reaches lib/storage/identity.ts",
  ],
  ["lib/programs/server.ts", 'import "../client/room.ts";', "server.ts reaches lib/client/"],
  ["lib/programs/server.ts", 'import "../chat/limits.ts";', "server.ts reaches lib/chat/"],
  ["lib/programs/server.ts", 'import "../script/json_types.ts";', "server.ts reaches lib/script/"],
  [
    "lib/programs/server.ts",
    'import type {} from "../terminal/entries.ts";',
    "server.ts reaches lib/terminal/",
  ],
  [
    "lib/protocol/wire.ts",
    'import "../cli/address.ts";',
    "lib/protocol/wire.ts imports lib/cli/address.ts",
  ],
  [
    "lib/script/pipe.ts",
    'import "../client/limits.ts";',
    "lib/script/pipe.ts imports more than types of lib/client/limits.ts",
  ],
  [
    "lib/terminal/show/format.ts",
    'import { MAX_KEYS_SHOWN } from "../../chat/limits.ts";\nexport const X = MAX_KEYS_SHOWN;',
    "lib/terminal/show/format.ts imports more than types of lib/chat/limits.ts",
  ],
  [
    "lib/programs/server.ts",
    'import "../cluster/cluster.ts";',
    "lib/programs/server.ts loads lib/cluster/",
  ],
  [
    "lib/cli/server_options.ts",
    'import "../cluster/transport.ts";\nimport "@nats-io/nats-core/internal";',
    "lib/programs/server.ts loads npm:@nats-io/",
    "lib/cli/server_options.ts imports more than types of lib/cluster/transport.ts",
  ],
  ["lib/errors.ts", 'import "./bytes/units.ts";', "lib/errors.ts imports lib/bytes/units.ts"],
  [
    "lib/relay/log/log.ts",
    'import type {} from "./cursor.ts";',
    "lib/relay/log/log.ts is in a circle",
    "lib/relay/log/cursor.ts is in a circle",
  ],
];

testNeeding(["read", "write", "run", "env"], "findBreaches() sees what is planted", async () => {
  await withDirectory(async (directory) => {
    const copy = `${directory}/`;
    const files = ["server.ts", "client.ts", "deno.json", "lib", "offline"];
    const args = ["-r", ...files.map((file) => ROOT + file), copy];
    await new Deno.Command("cp", { args }).output();
    for (const [file, line, ...breaches] of PLANTS) {
      const original = await Deno.readTextFile(copy + file);
      await Deno.writeTextFile(copy + file, `${line}\n${original}`);
      const found = findBreaches(await readGraph(copy));
      for (const breach of breaches) assert.ok(found.includes(breach), `${breach}: ${found}`);
      await Deno.writeTextFile(copy + file, original);
    }
  });
});
