/**
 * The end of a connection: its queue, its last line, its socket.
 *
 * @module
 * @see docs/PROTOCOL.md, "End of a connection"
 */

import { DRAIN_MS, MAX_LINGERING, STOP_LINGER_MS } from "../limits.ts";
import { formatRelayError, RELAY_ERRORS, type RelayError } from "../wire.ts";
import type { CloseReason } from "./events.ts";
import { closeGently, closeQuietly } from "./linger.ts";
import type { Peer } from "./peer.ts";

/** What is said to a client that the relay sends away. */
const FAREWELLS: Partial<Record<CloseReason, RelayError>> = {
  "bad line": RELAY_ERRORS.badLine,
  "timeout": RELAY_ERRORS.timeout,
  "too long": RELAY_ERRORS.tooLong,
  "too slow": RELAY_ERRORS.tooSlow,
  "full": RELAY_ERRORS.full,
  "auth": RELAY_ERRORS.auth,
  "paused": RELAY_ERRORS.paused,
};

/**
 * Ends connections; a bounded number of them at once gets a last line.
 *
 * @example
 * ```ts ignore
 * const departures = new Departures();
 * await departures.drain(peer, "end");
 * await departures.close(peer, "end");
 * ```
 */
export class Departures {
  #lingering = 0;

  /**
   * Writes what is queued for a peer, 2 s at most.
   *
   * @param peer Still in the log.
   * @param reason Why it goes. A stuck writer gets no more: what waits for it is what it did
   * not take.
   */
  async drain(peer: Peer, reason: CloseReason): Promise<void> {
    if (reason !== "reset" && reason !== "too slow") await peer.writer.drain(DRAIN_MS);
  }

  /**
   * Takes a peer out of the log, says why it goes if that can be said, and closes.
   *
   * @param peer Written to no more.
   * @param reason Why it goes.
   */
  async close(peer: Peer, reason: CloseReason): Promise<void> {
    const { isAtLineEnd } = peer.writer;
    const conn = peer.release();
    if (reason === "stopped") return await this.#sayGoodbye(peer, conn, isAtLineEnd);
    await this.dismiss(conn, isAtLineEnd ? reason : "reset");
  }

  /**
   * Closes a connection, and says why if there is something to say.
   *
   * @param conn Closed when this returns.
   * @param reason Why it goes.
   */
  async dismiss(conn: Deno.Conn, reason: CloseReason): Promise<void> {
    const farewell = FAREWELLS[reason];
    if (!farewell || this.#lingering >= MAX_LINGERING) return closeQuietly(conn);
    this.#lingering++;
    try {
      await closeGently(conn, formatRelayError(farewell));
    } finally {
      this.#lingering--;
    }
  }

  /** Closes; a client that is still sending is told, for its last lines are lost. */
  async #sayGoodbye(peer: Peer, conn: Deno.Conn, isAtLineEnd: boolean): Promise<void> {
    if (!isAtLineEnd || !peer.isTalking) return closeQuietly(conn);
    await closeGently(conn, formatRelayError(RELAY_ERRORS.stopping), STOP_LINGER_MS);
  }
}
