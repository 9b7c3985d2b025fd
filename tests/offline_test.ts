import assert from "node:assert/strict";
import config from "../deno.json" with { type: "json" };
import offline from "../offline/import_map.json" with { type: "json" };
import { testNeeding } from "./support/needs.ts";

const ROOT = new URL("../", import.meta.url);
const CODE = ["lib", "tools", "tests"];

const configImports: Record<string, string> = config.imports;
const offlineImports: Record<string, string> = offline.imports;

async function* readSources(directory: URL): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(directory)) {
    const url = new URL(entry.name, directory);
    if (entry.isDirectory) yield* readSources(new URL(`${url}/`));
    else if (entry.name.endsWith(".ts")) yield await Deno.readTextFile(url);
  }
}

/** The specifiers that start with `@std/` in the project's code. */
async function usedSpecifiers(): Promise<Set<string>> {
  const used = new Set<string>();
  for (const directory of CODE) {
    for await (const source of readSources(new URL(`${directory}/`, ROOT))) {
      for (const [, specifier] of source.matchAll(/from "(@std\/[^"]+)"/g)) used.add(specifier!);
    }
  }
  return used;
}

function isNpm([, target]: [string, string]): boolean {
  return target.startsWith("npm:");
}

Deno.test({
  name: "the offline import map repeats the npm imports of deno.json, and has no others",
  permissions: "none",
  fn() {
    assert.deepEqual(
      Object.entries(offlineImports).filter(isNpm).sort(),
      Object.entries(configImports).filter(isNpm).sort(),
    );
  },
});

Deno.test({
  name: "the offline import map names what deno.json names",
  permissions: "none",
  fn() {
    for (const specifier of Object.keys(offlineImports)) {
      const prefix = Object.keys(configImports).find((name) =>
        specifier === name || specifier.startsWith(`${name}/`)
      );
      assert.ok(prefix, `${specifier} is not in deno.json`);
    }
    for (const target of Object.values(configImports)) {
      assert.match(
        target,
        /^(?:npm|jsr):(?:@[a-z-]+\/)?[a-z-]+@\^[0-9]+\.[0-9]+\.[0-9]+(?:\/[a-z]+)?$/,
      );
    }
  },
});

testNeeding(["read"], "the offline import map maps every @std that is imported", async () => {
  const used = await usedSpecifiers();
  assert.ok(used.has("@std/fmt/colors"), "the search finds nothing");
  const mapped = Object.keys(offlineImports).filter((specifier) => specifier.startsWith("@std/"));
  assert.deepEqual(mapped.sort(), [...used].sort());
});

testNeeding(["read"], "the offline import map maps @std to files of offline/", async () => {
  for (const [specifier, target] of Object.entries(offlineImports)) {
    if (!specifier.startsWith("@std/")) continue;
    const path = `./${specifier.slice(1).replaceAll("-", "_")}.ts`;
    assert.equal(target, path);
    assert.ok((await Deno.stat(new URL(`offline/${target}`, ROOT))).isFile);
  }
});
