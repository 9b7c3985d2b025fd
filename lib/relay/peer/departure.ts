/**
 * The end of a connection: its queue, its last line, its socket.
 *
 * @module
 * @see docs/PROTOCOL.md, "End of a connection"
 */

import { writeAll } from "../../bytes/write_all.ts";
import { formatRelayError, RELAY_ERRORS, type RelayError } from "../../protocol/wire.ts";
import { DRAIN_MS, LINGER_MS, MAX_LINGER_BYTES, MAX_LINGERING, STOP_LINGER_MS } from "../limits.ts";
import { HTTP_ANSWER } from "../door/probes.ts";
import type { CloseReason } from "../watch/events.ts";
import type { PeerConn } from "./parts.ts";
import type { Writer } from "./writer.ts";

/** The last line to a client that the relay sends away, by reason. */
const FAREWELLS: Partial<Record<CloseReason, RelayError>> = {
  "bad line": RELAY_ERRORS.badLine,
  "no proxy header": RELAY_ERRORS.badLine,
  "timeout": RELAY_ERRORS.timeout,
  "too long": RELAY_ERRORS.tooLong,
  "too slow": RELAY_ERRORS.tooSlow,
  "full": RELAY_ERRORS.full,
  "auth": RELAY_ERRORS.auth,
  "no pipe": RELAY_ERRORS.noPipe,
  "paused": RELAY_ERRORS.paused,
  "no slot": RELAY_ERRORS.noSlot,
  "slot used": RELAY_ERRORS.slotUsed,
  "inviter gone": RELAY_ERRORS.inviterGone,
};

/** Ends after which nothing that is queued is written. */
const UNDRAINED: readonly CloseReason[] = ["reset", "too slow", "http"];

/** What a departure uses of a peer. */
export interface DepartingPeer {
  readonly writer: Pick<Writer, "drain" | "isAtLineEnd">;
  /** Whether the peer sent something in the last second, or the relay has not taken all of it. */
  readonly isTalking: boolean;
  /** Leaves the log and hands the connection over. */
  release(): LeavingConn;
}

/** What a departure uses of a connection. */
export type LeavingConn = Omit<PeerConn, "remoteAddr">;

/** Ends connections. At most 32 of them at once get a last line. */
export class Departures {
  readonly #maxLingering: number;
  #lingering = 0;

  /** @param maxLingering How many get a last line at once; 32 by default. */
  constructor(maxLingering = MAX_LINGERING) {
    this.#maxLingering = maxLingering;
  }

  /**
   * Writes what is queued for a peer, 2 s at most.
   *
   * @param peer The peer, which is still in the log.
   * @param reason Why the peer goes. After "reset" and "too slow" nothing is written: the peer has
   * not taken what was written before. Nor is it for one that speaks HTTP.
   */
  async drain(peer: DepartingPeer, reason: CloseReason): Promise<void> {
    if (!UNDRAINED.includes(reason)) await peer.writer.drain(DRAIN_MS);
  }

  /**
   * Takes a peer out of the log and closes its connection. A last line says why, unless the peer
   * got only a part of the line before.
   *
   * @param peer Nothing is written to it any more.
   * @param reason Why the peer goes.
   */
  async close(peer: DepartingPeer, reason: CloseReason): Promise<void> {
    const { isAtLineEnd } = peer.writer;
    const conn = peer.release();
    if (reason === "stopped") return await this.#sayGoodbye(peer, conn, isAtLineEnd);
    await this.dismiss(conn, isAtLineEnd ? reason : "reset");
  }

  /**
   * Closes a connection. A last line says why, if there is one for that reason.
   *
   * @param conn Is closed when this returns.
   * @param reason Why the client goes.
   */
  async dismiss(conn: LeavingConn, reason: CloseReason): Promise<void> {
    const farewell = reason === "http" ? HTTP_ANSWER : formatFarewell(reason);
    const isFull = this.#lingering >= this.#maxLingering;
    // A supervisor must not take a busy relay for a dead one: its answer fits into any socket.
    if (isFull && reason === "http") return await closeGently(conn, farewell, 0);
    if (!farewell || isFull) return closeQuietly(conn);
    this.#lingering++;
    try {
      await closeGently(conn, farewell);
    } finally {
      this.#lingering--;
    }
  }

  /** Closes. A client that is still sending is told, because its last lines are lost. */
  async #sayGoodbye(peer: DepartingPeer, conn: LeavingConn, isAtLineEnd: boolean): Promise<void> {
    if (!isAtLineEnd || !peer.isTalking) return closeQuietly(conn);
    await closeGently(conn, formatRelayError(RELAY_ERRORS.stopping), STOP_LINGER_MS);
  }
}

function formatFarewell(reason: CloseReason): Uint8Array | undefined {
  const farewell = FAREWELLS[reason];
  return farewell && formatRelayError(farewell);
}

/**
 * Writes a last line, ends the output, drops up to 1 MiB of input, and closes.
 *
 * TCP answers with a reset if a connection is closed with unread input. The other side might then
 * lose the line.
 *
 * @param conn Is closed when this returns, whatever happens.
 * @param lastLine The bytes to write first, if any.
 * @param maxMs Longest time that this takes, in ms; 1 s by default.
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
    // The other side closed first, or the time was up. The connection is closed below in any case.
  } finally {
    clearTimeout(timer);
    closeQuietly(conn);
  }
}

/** Closes a connection, if it is not closed already. */
export function closeQuietly(conn: Pick<Deno.Conn, "close">): void {
  try {
    conn.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}
