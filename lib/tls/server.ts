/**
 * The relay's side of TLS.
 *
 * @module
 * @see docs/PROTOCOL.md, "TLS"
 */

import { createSecureContext, TLSSocket } from "node:tls";
import type { CertificatePair } from "../crypto/room_certificate.ts";
import type { PlainConnection } from "./byte_stream.ts";
import { SecureConnection } from "./secure_connection.ts";

/** Puts TLS on a connection that was accepted. */
export type Secure = (conn: PlainConnection) => SecureConnection;

/**
 * Makes the relay's side of TLS 1.3.
 *
 * @param pair What the relay shows, and signs with.
 * @throws {Error} If the certificate or the key cannot be read, or one is not of the other.
 */
export function secureServer({ certificate, key }: CertificatePair): Secure {
  const context = createSecureContext({ cert: certificate, key, minVersion: "TLSv1.3" });
  const options = { isServer: true, secureContext: context, allowHalfOpen: true };
  return (conn) => new SecureConnection(conn, (bytes) => new TLSSocket(bytes, options), "secure");
}
