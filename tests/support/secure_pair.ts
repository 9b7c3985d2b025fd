/**
 * Two ends of a connection with TLS, in the test's own process.
 *
 * @module
 */

import { secureClient, type Trust } from "../../lib/tls/client.ts";
import type { SecureConnection } from "../../lib/tls/secure_connection.ts";
import { secureServer } from "../../lib/tls/server.ts";
import { makeRoomPair } from "./certificates.ts";
import { SECRET } from "./forged_tokens.ts";

/** The two ends. */
export interface SecurePair extends Disposable {
  readonly server: SecureConnection;
  readonly client: SecureConnection;
}

/** The server's side for the room of `member_client.ts`, and what its clients trust. */
export async function roomTls() {
  const pair = await makeRoomPair(SECRET);
  const trust: Trust = { name: "chatroom.invalid", authorities: pair.certificate };
  return { secure: secureServer(pair), trust };
}

/** Connects two ends. */
export async function openPair(): Promise<SecurePair> {
  const { secure, trust } = await roomTls();
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { hostname, port } = listener.addr;
  const [accepted, conn] = await Promise.all([listener.accept(), Deno.connect({ hostname, port })]);
  const server = secure(accepted);
  const [client] = await Promise.all([secureClient(conn, trust), server.handshake()]);
  const close = () => {
    client.close();
    server.close();
  };
  return { server, client, [Symbol.dispose]: close };
}

/** Reads some bytes, as text; "" at the end. */
export async function readText(conn: Pick<Deno.Conn, "read">): Promise<string> {
  const buffer = new Uint8Array(64 * 1024);
  const count = await conn.read(buffer);
  return new TextDecoder().decode(buffer.subarray(0, count ?? 0));
}
