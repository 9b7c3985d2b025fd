/**
 * The client's side of TLS.
 *
 * @module
 * @see docs/PROTOCOL.md, "TLS"
 */

import { connect } from "node:tls";
import type { PlainConnection } from "./byte_stream.ts";
import { SecureConnection } from "./secure_connection.ts";

/** Which certificate a client takes. */
export interface Trust {
  /** The name that it has to be for. */
  readonly name: string;
  /** What it has to be, or be signed by, in PEM; public authorities by default. */
  readonly authorities?: string;
  /** Whether any certificate will do. */
  readonly isAny?: boolean;
}

/**
 * Puts TLS 1.3 on a connection, and shakes hands.
 *
 * @param conn The connection, which is closed if this fails.
 * @param trust Which certificate is taken.
 * @throws {Error} If the handshake fails, or the other side shows another certificate.
 */
export async function secureClient(conn: PlainConnection, trust: Trust): Promise<SecureConnection> {
  const { name: servername, authorities: ca, isAny = false } = trust;
  const options = {
    ...{ servername, ca, rejectUnauthorized: !isAny },
    ...{ minVersion: "TLSv1.3" as const, allowHalfOpen: true },
  };
  const secure = new SecureConnection(
    conn,
    (bytes) => connect({ socket: bytes, ...options }),
    "secureConnect",
  );
  try {
    await secure.handshake();
    return secure;
  } catch (error) {
    secure.close();
    throw error;
  }
}
