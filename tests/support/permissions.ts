/**
 * Tests that need permissions, in a run that may not have them.
 *
 * @module
 */

/** What a test may need. */
export type Need = "net" | "read" | "write" | "run" | "env" | "sys";

/**
 * Registers a test that needs permissions. A bare `deno test` has none: the
 * test is then ignored, and its name tells the task that runs it.
 */
export function testNeeding(
  needs: readonly Need[],
  name: string,
  fn: (t: Deno.TestContext) => void | Promise<void>,
): void {
  const ignore = needs.some((need) =>
    Deno.permissions.querySync({ name: need }).state !== "granted"
  );
  Deno.test({ name: ignore ? `${name} (needs permissions: deno task test)` : name, ignore, fn });
}
