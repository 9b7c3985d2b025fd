/**
 * The door of the port for TLS: who has not shaken hands is not in yet.
 *
 * @module
 * @see docs/PROTOCOL.md, "TLS"
 */

import {
  ENTRANCE_CHECK_MS,
  MAX_SHAKING,
  STRANGERS_OF_HANDSHAKE,
  TLS_HANDSHAKE_MS,
} from "../limits.ts";
import { formatRemote, networkOf } from "../peer/network.ts";
import type { PeerConn } from "../peer/parts.ts";
import type { CloseReason } from "../watch/events.ts";
import { Acceptance, type AcceptanceParts } from "./acceptance.ts";
import type { Entrance } from "./entrance.ts";
import { prepare } from "./listener.ts";
import { SILENT_ENDS } from "./probes.ts";
import { WaitingRoom } from "./waiting_room.ts";

/** A connection with TLS. */
export interface SecurePeerConn extends PeerConn {
  /** Whether the other side has sent anything. */
  readonly hasSpoken: boolean;
  /** Waits until both sides have shaken hands; fails if that fails, or after `close()`. */
  handshake(): Promise<void>;
}

/** A port for TLS. */
export interface TlsPort {
  readonly listeners: readonly Deno.Listener[];
  /** Puts TLS on a connection, which belongs to what is returned. */
  readonly secure: (conn: PeerConn) => SecurePeerConn;
}

/** No port. */
export const NO_TLS: TlsPort = { listeners: [], secure: (conn) => conn as SecurePeerConn };

/** What a {@linkcode TlsDoor} is made of; `arrive` lets in who has shaken hands. */
export interface TlsDoorParts extends AcceptanceParts {
  /** Tells when the next one may be accepted, and counts what a handshake costs. */
  readonly entrance: Pick<Entrance, "untilOpen" | "noteStranger">;
  /** How many can be shaking hands; 256 by default. */
  readonly maxShaking?: number;
  /** Time to shake hands, in ms; 10 s by default. */
  readonly handshakeMs?: number;
}

/** One that is shaking hands. */
class Shaking {
  readonly network: string;
  readonly #ended = Promise.withResolvers<CloseReason>();
  /** Ends it, with the reason. */
  readonly end = this.#ended.resolve;
  /** Settles when the relay ends it. */
  readonly ended: Promise<CloseReason> = this.#ended.promise;

  constructor(readonly conn: SecurePeerConn, readonly since: number) {
    this.network = networkOf(conn.remoteAddr);
  }
}

/**
 * Shakes hands with those who come, and lets them in after. Until then a connection has no place in
 * the room, nor in the log. It has 10 s, and one of 256 places. If these are taken, one goes that
 * came long enough ago, of a crowd from one network first.
 */
export class TlsDoor {
  readonly #parts: TlsDoorParts;
  readonly #shaking: WaitingRoom<Shaking>;

  constructor(parts: TlsDoorParts) {
    this.#parts = parts;
    this.#shaking = new WaitingRoom(parts.maxShaking ?? MAX_SHAKING);
  }

  /** How many are shaking hands. */
  get size(): number {
    return this.#shaking.size;
  }

  /**
   * Accepts connections until `signal` aborts. Then it ends the handshakes.
   *
   * @param port The caller closes its listeners then.
   * @param signal Ends the accepting.
   */
  async serve({ listeners, secure }: TlsPort, signal: AbortSignal): Promise<void> {
    const arrive = (conn: PeerConn) => this.#take(conn, secure, signal);
    const acceptance = new Acceptance({ ...this.#parts, arrive });
    await Promise.all(listeners.map((listener) => acceptance.serve(listener, signal)));
    for (const shaking of this.#shaking) shaking.end("stopped");
  }

  /** Ends the handshakes whose time is up. */
  sweep(now: number): void {
    const { handshakeMs = TLS_HANDSHAKE_MS } = this.#parts;
    for (const shaking of this.#shaking) if (now - shaking.since > handshakeMs) shaking.end("tls");
  }

  /** Begins a handshake. Settles when there is room for another one. */
  async #take(conn: PeerConn, secure: TlsPort["secure"], signal: AbortSignal): Promise<void> {
    const now = performance.now();
    for (let i = 0; i < STRANGERS_OF_HANDSHAKE; i++) this.#parts.entrance.noteStranger(now);
    prepare(conn);
    void this.#shake(new Shaking(secure(conn), now));
    while (!this.#shaking.hasRoom(0, performance.now()) && !signal.aborted) {
      await new Promise((resolve) => setTimeout(resolve, ENTRANCE_CHECK_MS));
    }
  }

  /** Shakes hands with one, and lets it in or sends it away. It never rejects. */
  async #shake(shaking: Shaking): Promise<void> {
    const { stats, report, arrive } = this.#parts;
    const { conn, since } = shaking;
    this.#shaking.enter(shaking, since)?.end("full");
    const failed = () => conn.hasSpoken ? "tls" as const : "probe" as const;
    const shaken = conn.handshake().then(() => undefined, failed);
    const reason = await Promise.race([shaken, shaking.ended]);
    this.#shaking.leave(shaking);
    if (reason === undefined) return void arrive(conn);
    conn.close();
    stats.closed[reason]++;
    if (SILENT_ENDS.includes(reason)) return;
    report({ kind: "refused", reason, address: formatRemote(conn.remoteAddr) });
  }
}
