/**
 * Tests that need no permission, and prove it.
 *
 * @module
 */

/** Registers a test that may do nothing but compute. */
export function pureTest(name: string, fn: () => void | Promise<void>): void {
  Deno.test({ name, permissions: "none", fn });
}
