/**
 * A connection that is made of what a test says.
 *
 * @module
 */

import type { PeerConn } from "../../lib/relay/peer/parts.ts";

/** What {@linkcode fakeConn} was asked for. Each call that is not given fails the test. */
export function fakeConn(parts: Partial<PeerConn> = {}): PeerConn {
  const unexpected = (): never => {
    throw new Error("Cannot use the connection: the test did not expect it");
  };
  return {
    remoteAddr: { transport: "tcp", hostname: "192.0.2.1", port: 5050 },
    read: unexpected,
    write: unexpected,
    closeWrite: unexpected,
    close: unexpected,
    ...parts,
  };
}
