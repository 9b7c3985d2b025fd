/**
 * The relay: accepts connections and passes each line to everyone but its
 * sender. It cannot decrypt: nothing here reaches `fernet.ts`.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "The relay is a log with cursors"
 */

import {
  ACCEPT_RETRY_MS,
  DRAIN_MS,
  FULL_LOG_WAIT_MS,
  MAX_LINGERING,
  MAX_LOG_BYTES,
} from "../limits.ts";
import { formatRelayError, RELAY_ERRORS, type RelayError } from "../wire.ts";
import { closeGently, closeQuietly } from "./linger.ts";
import { BroadcastLog } from "./log.ts";
import { Peer, type PeerHost } from "./peer.ts";

/** Settings of a {@linkcode Relay}. */
export interface RelayOptions {
  /** Clients at once; a further one is told `!ERR 503 full`. */
  readonly maxClients: number;
  /** Told what happens, one line each, without addresses or content. */
  readonly report: (event: string) => void;
}

/**
 * A relay for one room.
 *
 * @example
 * ```ts ignore
 * const relay = new Relay({ maxClients: 100, report: console.error });
 * await relay.serve(Deno.listen({ hostname: "127.0.0.1", port: 5050 }), signal);
 * ```
 */
export class Relay implements PeerHost {
  readonly #options: RelayOptions;
  readonly #log = new BroadcastLog();
  readonly #peers = new Set<Peer>();
  readonly #serving = new Set<Promise<void>>();
  #lingering = 0;
  #isFlushDue = false;
  #roomMade: PromiseWithResolvers<void> | undefined;

  /** @param options Limits, and where events go. */
  constructor(options: RelayOptions) {
    this.#options = options;
    this.#log.onFreed = () => this.#announceRoom();
  }

  /** Clients connected now. */
  get clients(): number {
    return this.#peers.size;
  }

  /**
   * Serves until it is told to stop; then writes what is queued (2 s at most)
   * and closes everything.
   *
   * @param listener Closed when this returns.
   * @param signal Stops the relay.
   */
  async serve(listener: Deno.Listener, signal: AbortSignal): Promise<void> {
    const close = () => listener.close();
    signal.addEventListener("abort", close, { once: true });
    if (signal.aborted) close();
    await this.#accept(listener, signal);
    await this.#stop();
  }

  async waitForRoom(): Promise<void> {
    while (this.#log.heldBytes > MAX_LOG_BYTES) {
      this.#roomMade ??= this.#makeRoom();
      await this.#roomMade.promise;
    }
  }

  publish(peer: Peer, run: Uint8Array): void {
    this.#log.append(run);
    peer.cursor.skipTo(this.#log.end, run.length);
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    // One microtask later: all that arrived in this turn leaves in one write.
    queueMicrotask(() => {
      this.#isFlushDue = false;
      for (const each of this.#peers) each.pump();
    });
  }

  async #accept(listener: Deno.Listener, signal: AbortSignal): Promise<void> {
    let isFailing = false;
    while (!signal.aborted) {
      try {
        const conn = await listener.accept();
        isFailing = false;
        this.#admit(conn);
      } catch (error) {
        if (signal.aborted) return;
        if (!isFailing) this.#options.report(`cannot accept connections: ${reasonOf(error)}`);
        isFailing = true;
        await new Promise((resolve) => setTimeout(resolve, ACCEPT_RETRY_MS));
      }
    }
  }

  #admit(conn: Deno.Conn): void {
    const isFull = this.#peers.size >= this.#options.maxClients;
    const serving = isFull ? this.#dismiss(conn, RELAY_ERRORS.full) : this.#servePeer(conn);
    this.#serving.add(serving);
    serving.finally(() => this.#serving.delete(serving));
  }

  async #servePeer(conn: Deno.Conn): Promise<void> {
    setNoDelay(conn);
    const peer = new Peer(conn, this.#log.openCursor(), this);
    this.#peers.add(peer);
    const why = await peer.read();
    if (why !== "reset") await peer.drain(DRAIN_MS);
    this.#peers.delete(peer);
    const isAtLineEnd = peer.isAtLineEnd;
    peer.release();
    if (why === "end" || why === "reset" || !isAtLineEnd) closeQuietly(conn);
    else await this.#dismiss(conn, why);
  }

  async #dismiss(conn: Deno.Conn, error: RelayError): Promise<void> {
    this.#options.report(`connection closed: ${error.reason}`);
    if (this.#lingering >= MAX_LINGERING) return closeQuietly(conn);
    this.#lingering++;
    try {
      await closeGently(conn, formatRelayError(error));
    } finally {
      this.#lingering--;
    }
  }

  async #stop(): Promise<void> {
    await Promise.all([...this.#peers].map((peer) => peer.drain(DRAIN_MS)));
    for (const peer of this.#peers) peer.close();
    await Promise.all(this.#serving);
  }

  #makeRoom(): PromiseWithResolvers<void> {
    const room = Promise.withResolvers<void>();
    const timer = setTimeout(() => {
      this.#cutSlowest();
      this.#announceRoom();
    }, FULL_LOG_WAIT_MS);
    room.promise.finally(() => clearTimeout(timer));
    return room;
  }

  #announceRoom(): void {
    this.#roomMade?.resolve();
    this.#roomMade = undefined;
  }

  /** Cuts those who keep the oldest segment in memory. */
  #cutSlowest(): void {
    const end = this.#log.oldestEnd;
    for (const peer of this.#peers) {
      if (peer.cursor.position >= end) continue;
      this.#options.report("connection closed: too slow");
      peer.close();
    }
  }
}

function setNoDelay(conn: Deno.Conn): void {
  try {
    if ("setNoDelay" in conn) (conn as Deno.TcpConn).setNoDelay(true);
  } catch {
    // Reset before it was served; the first read says so.
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
