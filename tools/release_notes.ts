/**
 * Prints what CHANGELOG.md says of a version, as the text of its release.
 *
 * `deno run --allow-read tools/release_notes.ts v1.2.3` fails if this is not the version of the code,
 * if the changelog has no entry for it, or if it has entries for a later one.
 *
 * @module
 */

import { VERSION } from "../lib/version.ts";

/**
 * Finds the entry of a version.
 *
 * @param changelog The text of CHANGELOG.md, in the form of Keep a Changelog.
 * @param version Such as `1.2.3`.
 * @returns The entry without its heading, and without lines of spaces around it.
 * @throws {TypeError} If there is no entry, or it has no date or no text.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const changelog = "# Changelog\n\n## [1.2.3] - 2026-11-30\n\n### Added\n\n- A thing.\n";
 * assert.equal(readEntry(changelog, "1.2.3"), "### Added\n\n- A thing.");
 * ```
 */
export function readEntry(changelog: string, version: string): string {
  const heading = new RegExp(`^## \\[${RegExp.escape(version)}\\](?: - (.*))?$`, "m");
  const match = heading.exec(changelog);
  if (!match) throw new TypeError(`Cannot release ${version}: CHANGELOG.md has no entry for it`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(match[1] ?? "")) {
    throw new TypeError(`Cannot release ${version}: its entry in CHANGELOG.md has no date`);
  }
  const [entry] = changelog.slice(match.index + match[0].length).split(/^## /m) as [string];
  const text = entry.replaceAll(/^\[[^\]]+\]: .*$/gm, "").trim();
  if (text === "") throw new TypeError(`Cannot release ${version}: its entry is empty`);
  return text;
}

/**
 * Looks whether the changelog tells what the code has that no version has yet.
 *
 * @param changelog The text of CHANGELOG.md, in the form of Keep a Changelog.
 * @param version Such as `1.2.3`.
 * @throws {TypeError} If there is text under "Unreleased": it would go out untold.
 */
export function checkReleased(changelog: string, version: string): void {
  const [, text = ""] = /^## \[Unreleased\]([^]*?)(?:^## |(?![^]))/m.exec(changelog) ?? [];
  if (text.trim() === "") return;
  throw new TypeError(`Cannot release ${version}: CHANGELOG.md has entries under "Unreleased"`);
}

/**
 * Compares a tag with the version of the code.
 *
 * @param tag Such as `v1.2.3`.
 * @param version Of the code.
 * @throws {TypeError} If the tag is not that of this version.
 */
export function checkTag(tag: string, version: string): void {
  if (tag !== `v${version}`) {
    throw new TypeError(`Cannot release ${tag}: deno.json says that this is ${version}`);
  }
}

if (import.meta.main) {
  const [tag = ""] = Deno.args;
  try {
    checkTag(tag, VERSION);
    const changelog = await Deno.readTextFile("CHANGELOG.md");
    checkReleased(changelog, VERSION);
    console.log(readEntry(changelog, VERSION));
  } catch (error) {
    console.error(`error: ${(error as Error).message}`);
    Deno.exit(1);
  }
}
