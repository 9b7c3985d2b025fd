/**
 * Closing a connection so that its last line arrives.
 *
 * @module
 */

import { LINGER_MS, MAX_LINGER_BYTES } from "../limits.ts";
import { writeAll } from "../write_all.ts";

/**
 * Writes a last line, ends the output, drops what still comes in, and closes.
 *
 * Closed with unread input, TCP would answer with a reset, and the other side
 * might lose the line. Takes 1 MiB of input at most.
 *
 * @param conn Closed when this returns, whatever happens.
 * @param lastLine The bytes to write first, if any.
 * @param maxMs Longest time that it takes, in ms; 1 s by default.
 * @example
 * ```ts ignore
 * await closeGently(conn, formatRelayError(RELAY_ERRORS.full));
 * ```
 */
export async function closeGently(
  conn: Deno.Conn,
  lastLine?: Uint8Array,
  maxMs: number = LINGER_MS,
): Promise<void> {
  const timer = setTimeout(() => closeQuietly(conn), maxMs);
  try {
    if (lastLine) await writeAll(conn, lastLine);
    await conn.closeWrite();
    const sink = new Uint8Array(16 * 1024);
    for (let dropped = 0; dropped < MAX_LINGER_BYTES;) {
      const bytes = await conn.read(sink);
      if (bytes === null) break;
      dropped += bytes;
    }
  } catch {
    // The other side was faster, or time was up: closed is what was wanted.
  } finally {
    clearTimeout(timer);
    closeQuietly(conn);
  }
}

/**
 * Closes a connection, even one that is closed already.
 *
 * @param conn Closed when this returns.
 * @example
 * ```ts ignore
 * closeQuietly(conn);
 * ```
 */
export function closeQuietly(conn: Deno.Conn): void {
  try {
    conn.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}
