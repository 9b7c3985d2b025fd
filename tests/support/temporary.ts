/**
 * Files and directories that last as long as a test.
 *
 * @module
 */

/** Calls `fn` with a new directory, and removes it afterwards. */
export async function withDirectory<T>(fn: (directory: string) => Promise<T>): Promise<T> {
  const directory = await Deno.makeTempDir({ prefix: "chat-test-" });
  try {
    return await fn(directory);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}
