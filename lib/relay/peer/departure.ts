/**
 * The end of a connection: its queue, its last line, its socket.
 *
 * @module
 * @see docs/PROTOCOL.md, "End of a connection"
 */

import { writeAll } from "../../bytes/write_all.ts";
import { formatRelayError, RELAY_ERRORS, type RelayError } from "../../protocol/wire.ts";
import { DRAIN_MS, LINGER_MS, MAX_LINGER_BYTES, MAX_LINGERING, STOP_LINGER_MS } from "../limits.ts";
import type { CloseReason } from "../watch/events.ts";
import type { PeerConn } from "./peer.ts";
import type { Writer } from "./writer.ts";

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

/** What a departure uses of a peer. */
export interface DepartingPeer {
  readonly writer: Pick<Writer, "drain" | "isAtLineEnd">;
  /** Whether it has sent something in the last second, or waits for the relay to take it. */
  readonly isTalking: boolean;
  /** Leaves the log and hands the connection over. */
  release(): LeavingConn;
}

/** What a departure uses of a connection. */
export type LeavingConn = Omit<PeerConn, "remoteAddr">;

/**
 * Ends connections; a bounded number of them at once gets a last line.
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
  async drain(peer: DepartingPeer, reason: CloseReason): Promise<void> {
    if (reason !== "reset" && reason !== "too slow") await peer.writer.drain(DRAIN_MS);
  }

  /**
   * Takes a peer out of the log, says why it goes if that can be said, and closes.
   *
   * @param peer Written to no more.
   * @param reason Why it goes.
   */
  async close(peer: DepartingPeer, reason: CloseReason): Promise<void> {
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
  async dismiss(conn: LeavingConn, reason: CloseReason): Promise<void> {
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
  async #sayGoodbye(peer: DepartingPeer, conn: LeavingConn, isAtLineEnd: boolean): Promise<void> {
    if (!isAtLineEnd || !peer.isTalking) return closeQuietly(conn);
    await closeGently(conn, formatRelayError(RELAY_ERRORS.stopping), STOP_LINGER_MS);
  }
}

/**
 * Writes a last line, ends the output, drops what still comes in, and closes.
 *
 * Closed with unread input, TCP would answer with a reset, and the other side
 * might lose the line. Takes 1 MiB of input at most.
 *
 * @param conn Closed when this returns, whatever happens.
 * @param lastLine The bytes to write first, if any.
 * @param maxMs Longest time that it takes, in ms; 1 s by default.
 */
export async function closeGently(
  conn: LeavingConn,
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
 */
export function closeQuietly(conn: Pick<Deno.Conn, "close">): void {
  try {
    conn.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}
