import assert from "node:assert/strict";
import { VERSION } from "../../lib/version.ts";
import { checkReleased, checkTag, readEntry } from "../../tools/release_notes.ts";
import { readDocument } from "../support/documents.ts";
import { testNeeding } from "../support/needs.ts";
import { IMPORT_FLAGS, Program, ROOT } from "../support/programs.ts";
import { pureTest } from "../support/pure.ts";
import { withDirectory } from "../support/temporary.ts";

const CHANGELOG = `# Changelog

## [Unreleased]

- Not yet.

## [1.2.3] - 2026-11-30

### Added

- A thing,
  in two lines.

### Fixed

- Another.

## [1.2.0] - 2026-10-01

## [1.1.0]

- No date.

## [0.1.0] - 2026-09-01

- The first.

[1.2.3]: https://chat.example/1.2.3
`;

pureTest("readEntry() finds what is said of a version, and no more", () => {
  const text = "### Added\n\n- A thing,\n  in two lines.\n\n### Fixed\n\n- Another.";
  assert.equal(readEntry(CHANGELOG, "1.2.3"), text);
  assert.equal(readEntry(CHANGELOG, "0.1.0"), "- The first.");
});

pureTest("readEntry() refuses a version of which nothing is said", () => {
  const cases = [
    ["1.2", "CHANGELOG.md has no entry for it"],
    ["1.2.30", "CHANGELOG.md has no entry for it"],
    ["1x2.3", "CHANGELOG.md has no entry for it"],
    ["Unreleased", "its entry in CHANGELOG.md has no date"],
    ["1.1.0", "its entry in CHANGELOG.md has no date"],
    ["1.2.0", "its entry is empty"],
  ];
  for (const [version, why] of cases) {
    const error = { name: "TypeError", message: `Cannot release ${version}: ${why}` };
    assert.throws(() => readEntry(CHANGELOG, version!), error);
  }
});

pureTest("checkTag() takes the tag of the version alone", () => {
  checkTag("v1.2.3", "1.2.3");
  for (const tag of ["1.2.3", "v1.2.4", "v1.2.3-rc1", "", "V1.2.3"]) {
    const message = `Cannot release ${tag}: deno.json says that this is 1.2.3`;
    assert.throws(() => checkTag(tag, "1.2.3"), { name: "TypeError", message });
  }
});

testNeeding(["read"], "CHANGELOG.md speaks of the version that the code has", async () => {
  assert.notEqual(readEntry(await readDocument("CHANGELOG.md"), VERSION), "");
});

pureTest("checkReleased() refuses a version that leaves something untold", () => {
  const message = 'Cannot release 1.2.3: CHANGELOG.md has entries under "Unreleased"';
  for (const text of [CHANGELOG, "## [Unreleased]\n\n- Not yet.\n"]) {
    assert.throws(() => checkReleased(text, "1.2.3"), { name: "TypeError", message });
  }
  const told = CHANGELOG.replace("- Not yet.\n\n", "");
  for (const text of [told, told.replace("## [Unreleased]\n", ""), "## [Unreleased]\n", ""]) {
    checkReleased(text, "1.2.3");
  }
});

testNeeding(
  ["read", "write", "run", "env"],
  "release_notes.ts prints the entry, or why not",
  async () => {
    await withDirectory(async (cwd) => {
      const run = async (tag: string, changelog: string) => {
        await Deno.writeTextFile(`${cwd}/CHANGELOG.md`, changelog);
        const flags = ["run", "-q", "--no-prompt", "--allow-read", ...IMPORT_FLAGS];
        const command = [Deno.execPath(), ...flags, `${ROOT}tools/release_notes.ts`, tag];
        await using program = Program.spawn(command, { cwd, env: { NO_COLOR: "1" } });
        return await program.finished();
      };
      const changelog =
        `# Changelog\n\n## [Unreleased]\n\n## [${VERSION}] - 2026-11-30\n\n- A thing.\n`;
      const told = { code: 0, stdout: "- A thing.\n", stderr: "" };
      assert.deepEqual(await run(`v${VERSION}`, changelog), told);
      const cases = [
        ["v9.9.9", changelog, `v9.9.9: deno.json says that this is ${VERSION}`],
        [`v${VERSION}`, "", `${VERSION}: CHANGELOG.md has no entry for it`],
        [
          `v${VERSION}`,
          changelog.replace("]\n", "]\n\n- More.\n"),
          `${VERSION}: CHANGELOG.md has entries under "Unreleased"`,
        ],
      ] as const;
      for (const [tag, text, why] of cases) {
        const stderr = `error: Cannot release ${why}\n`;
        assert.deepEqual(await run(tag, text), { code: 1, stdout: "", stderr });
      }
    });
  },
);
