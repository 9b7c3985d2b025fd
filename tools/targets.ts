/**
 * The platforms that releases are made for.
 *
 * @module
 */

/** Each as `deno compile --target` names it. The release workflow has the same list. */
export const TARGETS: readonly string[] = [
  "x86_64-unknown-linux-gnu",
  "aarch64-unknown-linux-gnu",
  "x86_64-apple-darwin",
  "aarch64-apple-darwin",
  "x86_64-pc-windows-msvc",
];

/**
 * Reads which platform is compiled for.
 *
 * @param args Arguments of the compiler.
 * @returns The platform; undefined for this one.
 * @throws {TypeError} If it is none of the list.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(readTarget(["--target", "aarch64-apple-darwin"]), "aarch64-apple-darwin");
 * assert.equal(readTarget([]), undefined);
 * ```
 */
export function readTarget(args: readonly string[]): string | undefined {
  const at = args.findIndex((arg) => /^--target(?:=|$)/.test(arg));
  if (at === -1) return undefined;
  const target = args[at]!.includes("=") ? args[at]!.slice("--target=".length) : args[at + 1];
  if (target !== undefined && TARGETS.includes(target)) return target;
  throw new TypeError(
    `Cannot compile for ${target ?? "nothing"}: use one of ${TARGETS.join(", ")}`,
  );
}
