/**
 * A room of real programs that moves on: a server, a proxy in front of it, and clients.
 *
 * @module
 */

import { deriveRoomKey } from "../../lib/crypto/room_key.ts";
import { generateKey } from "../../lib/fernet.ts";
import { formatAdmission } from "../../lib/protocol/admission.ts";
import { type Part, testNeeding } from "./needs.ts";
import { type Server, startServer } from "./programs.ts";
import { Proxy } from "./proxy.ts";
import { type RoomClient, RoomClients } from "./room_clients.ts";
import { withDirectory } from "./temporary.ts";

/** What a test of a room that moves on gets. */
export interface Setting {
  readonly cwd: string;
  readonly server: Server;
  /** Between the clients and the server: it records all lines. */
  readonly proxy: Proxy;
  readonly clients: RoomClients;
}

/** Runs a function in a new room with a server. A keyless one has the room's admission alone. */
export async function withRoom(
  fn: (setting: Setting) => Promise<void>,
  { isKeyless = false } = {},
): Promise<void> {
  await withDirectory(async (cwd) => {
    const keyText = generateKey();
    const { roomId, admission: { publicKey } } = await deriveRoomKey(keyText);
    await Deno.writeTextFile(`${cwd}/secret.key`, keyText, { mode: 0o600 });
    await Deno.writeTextFile(`${cwd}/admission.pub`, formatAdmission({ roomId, publicKey }));
    const args = isKeyless ? ["--keyless", "admission.pub"] : [];
    await using server = await startServer({ cwd, args });
    using proxy = new Proxy(server.port);
    await fn({ cwd, server, proxy, clients: new RoomClients(cwd, proxy.port, keyText) });
  });
}

/** Registers a test in such a room. */
export function rotationTest(
  name: string,
  fn: (setting: Setting) => Promise<void>,
  { isKeyless = false, parts = [] }: { isKeyless?: boolean; parts?: readonly Part[] } = {},
): void {
  testNeeding(
    ["net", "read", "write", "run", "env", ...parts],
    name,
    () => withRoom(fn, { isKeyless }),
  );
}

/** Starts clients of several members, and has them meet. */
export async function startAll(
  clients: RoomClients,
  stack: AsyncDisposableStack,
  names: readonly string[],
): Promise<Map<string, RoomClient>> {
  const all = new Map<string, RoomClient>();
  for (const name of names) {
    const client = await clients.start(name);
    stack.use(client.program);
    all.set(name, client);
  }
  await clients.meet(all);
  return all;
}
