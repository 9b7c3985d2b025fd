/**
 * A room with a real server, as long as a test lasts.
 *
 * @module
 */

import { generateKey } from "../../lib/fernet.ts";
import { type Part, testNeeding } from "./needs.ts";
import { startServer } from "./programs.ts";
import { withDirectory } from "./temporary.ts";

/** What a test of a room gets. */
export interface Room {
  /** The server's directory; the test may write there. */
  readonly directory: string;
  /** 44 characters. */
  readonly keyText: string;
  /** The server's port on this machine. */
  readonly port: number;
}

/** Registers a test with a room of its own, and with what else it needs. */
export function roomTest(
  name: string,
  fn: (room: Room) => Promise<void>,
  parts: readonly Part[] = [],
): void {
  testNeeding(["net", "read", "write", "run", "env", ...parts], name, async () => {
    await withDirectory(async (directory) => {
      const keyText = generateKey();
      await Deno.writeTextFile(`${directory}/secret.key`, keyText, { mode: 0o600 });
      await using server = await startServer({ cwd: directory });
      await fn({ directory, keyText, port: server.port });
    });
  });
}
