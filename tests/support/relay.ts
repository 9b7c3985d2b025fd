/**
 * A relay in the test's own process.
 *
 * @module
 */

import { AdmissionVerifier } from "../../lib/protocol/admission.ts";
import type { RelayOptions } from "../../lib/relay/options.ts";
import type { TlsPort } from "../../lib/relay/door/tls_door.ts";
import { Relay } from "../../lib/relay/relay.ts";
import { ROOM } from "./member_client.ts";

/** Runs a relay of the room of `member_client.ts`, of 10 places unless it is told otherwise. */
export async function withRelay(
  options: Partial<RelayOptions>,
  fn: (port: number, relay: Relay) => Promise<void>,
  tls?: TlsPort,
): Promise<void> {
  const { roomId, admission: { publicKey } } = ROOM;
  const verifier = await AdmissionVerifier.import({ roomId, publicKey });
  const report = () => {};
  const relay = new Relay({ mode: "open", verifier, maxClients: 10, report, ...options });
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const stop = new AbortController();
  const serving = relay.serve([listener], stop.signal, tls);
  try {
    await fn(listener.addr.port, relay);
  } finally {
    stop.abort();
    await serving;
  }
}
