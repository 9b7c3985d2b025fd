import assert from "node:assert/strict";
import { VERSION } from "../../lib/version.ts";
import { formatBill, listComponents } from "../../tools/sbom.ts";
import { testNeeding } from "../support/needs.ts";
import { IMPORT_FLAGS, Program, ROOT } from "../support/programs.ts";
import { pureTest } from "../support/pure.ts";

const INFO = {
  modules: [
    { specifier: "file:///chat/server.ts" },
    { specifier: "https://modules.example/@std/fmt/1.0.10/colors.ts" },
    { specifier: "https://modules.example/@std/fmt/1.0.10/bytes.ts" },
    { specifier: "node:net" },
    { specifier: "npm:/a@1.0.0", npmPackage: "a@1.0.0" },
  ],
  npmPackages: {
    "a@1.0.0": { name: "a", version: "1.0.0", dependencies: ["@b/c@2.0.0"] },
    "@b/c@2.0.0": { name: "@b/c", version: "2.0.0", dependencies: ["a@1.0.0"] },
    "of-tests@3.0.0": { name: "of-tests", version: "3.0.0", dependencies: [] },
  },
};

pureTest("listComponents() lists what is loaded, with all that this needs, once", () => {
  const lock = { npm: { "a@1.0.0": { integrity: "sha512-AQID" } } };
  assert.deepEqual(listComponents([INFO, INFO], lock), [
    {
      type: "library",
      "bom-ref": "pkg:jsr/%40std/fmt@1.0.10",
      name: "@std/fmt",
      version: "1.0.10",
      purl: "pkg:jsr/%40std/fmt@1.0.10",
    },
    {
      type: "library",
      "bom-ref": "pkg:npm/%40b/c@2.0.0",
      name: "@b/c",
      version: "2.0.0",
      purl: "pkg:npm/%40b/c@2.0.0",
    },
    {
      type: "library",
      "bom-ref": "pkg:npm/a@1.0.0",
      name: "a",
      version: "1.0.0",
      purl: "pkg:npm/a@1.0.0",
      hashes: [{ alg: "SHA-512", content: "010203" }],
    },
  ]);
});

pureTest("listComponents() refuses to leave out what could not be loaded", () => {
  const lost = { specifier: "jsr:@std/fmt", error: "no network" };
  const info = { ...INFO, modules: [...INFO.modules, lost] };
  const error = { name: "TypeError", message: "Cannot list jsr:@std/fmt: no network" };
  assert.throws(() => listComponents([info], {}), error);
});

pureTest("formatBill() names the programs, the runtime, and what the programs need", () => {
  const bill = formatBill(listComponents([INFO], {}), "2.9.6", new Date(0));
  assert.deepEqual(bill.metadata, {
    timestamp: "1970-01-01T00:00:00.000Z",
    component: {
      type: "application",
      "bom-ref": "encrypted-chatroom",
      name: "encrypted-chatroom",
      version: VERSION,
    },
  });
  const refs = (bill.components as { "bom-ref": string }[]).map((each) => each["bom-ref"]);
  assert.equal(refs[0], "pkg:github/denoland/deno@v2.9.6");
  assert.deepEqual(bill.dependencies, [{ ref: "encrypted-chatroom", dependsOn: refs }]);
});

testNeeding(
  ["read", "run", "env"],
  "sbom.ts prints what the programs load, with hashes",
  async () => {
    // As `deno task deps` tells it: the lock file does not know what the map of a test names.
    const imports = IMPORT_FLAGS.length > 0 ? ["--import-map=offline/import_map.json"] : [];
    const flags = ["run", "-q", "--no-prompt", "--allow-read", "--allow-run", ...imports];
    const command = [Deno.execPath(), ...flags, "tools/sbom.ts", ...imports];
    await using program = Program.spawn(command, { cwd: ROOT });
    const { code, stdout, stderr } = await program.finished();
    assert.equal(code, 0, stderr);
    const { components, bomFormat, specVersion } = JSON.parse(stdout);
    assert.deepEqual([bomFormat, specVersion], ["CycloneDX", "1.6"]);
    const byName = new Map(components.map((each: { name: string }) => [each.name, each]));
    const { version, hashes } = byName.get("prom-client") as {
      version: string;
      hashes: { alg: string; content: string }[];
    };
    assert.match(version, /^\d+\.\d+\.\d+$/);
    assert.match(hashes[0]!.content, /^[0-9a-f]{128}$/);
    // What prom-client needs is in it, and what only tests need is not.
    assert.ok(byName.has("tdigest"));
    for (const name of ["fast-check", "typescript", "yaml"]) assert.equal(byName.has(name), false);
  },
);
