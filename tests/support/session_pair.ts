/**
 * A session and the relay's end of its connection.
 *
 * @module
 */

import { Session } from "../../lib/client/session.ts";
import { encrypt, type FernetKey, generateKey, importKey } from "../../lib/fernet.ts";
import { testNeeding } from "./permissions.ts";

/** What a test of a session gets. */
export interface SessionPair {
  readonly session: Session;
  /** The relay's end, without delay. */
  readonly relay: Deno.TcpConn;
  /** The session's key. */
  readonly key: FernetKey;
  /** Makes a token of a text under that key. */
  readonly seal: (text: string) => Promise<string>;
}

/** Registers a test with a session that is connected to a real socket. */
export function sessionTest(name: string, fn: (pair: SessionPair) => Promise<void>): void {
  testNeeding(["net"], name, async () => {
    const key = await importKey(generateKey());
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const options = { hostname: "127.0.0.1", port: listener.addr.port, key };
    const [session, relay] = await Promise.all([Session.connect(options), listener.accept()]);
    using _session = session;
    using _relay = relay;
    relay.setNoDelay(true);
    await fn({ session, relay, key, seal: (text) => encrypt(key, new TextEncoder().encode(text)) });
  });
}

/** Reads text until the other side ends its output. */
export async function readAll(conn: Deno.TcpConn): Promise<string> {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(65_536);
  let text = "";
  for (let n = await conn.read(buffer); n !== null; n = await conn.read(buffer)) {
    text += decoder.decode(buffer.subarray(0, n), { stream: true });
  }
  return text;
}
