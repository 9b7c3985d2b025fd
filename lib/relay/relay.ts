/**
 * The relay: accepts connections and passes each line to everyone but its
 * sender. It cannot decrypt: nothing here reaches `fernet.ts`.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "The relay is a log with cursors"
 */

import {
  ACCEPT_RECOVERY_MS,
  ACCEPT_RETRY_MS,
  DRAIN_MS,
  GUEST_RATE,
  LINE_TIMEOUT_MS,
  LINGER_MS,
  MAX_ACCEPT_TURNS,
  MAX_LINGERING,
  MAX_LOG_BYTES,
  STOP_LINGER_MS,
  SWEEP_MS,
} from "../limits.ts";
import { formatRelayError, RELAY_ERRORS, type RelayError } from "../wire.ts";
import { type CloseReason, createStats, type RelayEvent, type RelayStats } from "./events.ts";
import { Gate } from "./gate.ts";
import { closeGently, closeQuietly } from "./linger.ts";
import { BroadcastLog } from "./log.ts";
import { Peer, type PeerHost } from "./peer.ts";
import { RateLimiter } from "./rate.ts";
import { Sweeper } from "./sweep.ts";

/** Settings of a {@linkcode Relay}. */
export interface RelayOptions {
  /** Clients at once; a further one is told `!ERR 503 full`. */
  readonly maxClients: number;
  /** Whether rates hold; true by default. */
  readonly rateLimit?: boolean;
  /** Bytes that the log holds; 64 MiB by default. */
  readonly maxLogBytes?: number;
  /** Time within which a line that was begun must end, in ms; 15 s by default. */
  readonly lineTimeoutMs?: number;
  /** Told what happens. */
  readonly report: (event: RelayEvent) => void;
}

/** What is said to a client that the relay sends away. */
const FAREWELLS: Partial<Record<CloseReason, RelayError>> = {
  "bad line": RELAY_ERRORS.badLine,
  "timeout": RELAY_ERRORS.timeout,
  "too long": RELAY_ERRORS.tooLong,
  "too slow": RELAY_ERRORS.tooSlow,
  "full": RELAY_ERRORS.full,
};

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
  readonly #gate: Gate;
  readonly #sweeper: Sweeper;
  readonly #serving = new Set<Promise<void>>();
  readonly #stats: RelayStats = createStats();
  #connections = 0;
  /** Connections that count for `maxClients`, until their sockets are closed. */
  #places = 0;
  /** Bytes written to peers that are no longer here. */
  #bytesOutOfLeft = 0;
  #lingering = 0;
  #isFlushDue = false;

  /** @param options Limits, and where events go. */
  constructor(options: RelayOptions) {
    this.#options = options;
    this.#sweeper = new Sweeper(options.lineTimeoutMs ?? LINE_TIMEOUT_MS);
    this.#gate = new Gate(this.#log, this.#peers, {
      maxLogBytes: options.maxLogBytes ?? MAX_LOG_BYTES,
      cut: (peer) => peer.expel("too slow"),
    });
  }

  /** Numbers for metrics, as they are now. */
  get stats(): RelayStats {
    let bytesOut = this.#bytesOutOfLeft;
    for (const peer of this.#peers) bytesOut += peer.bytesOut;
    return Object.assign(this.#stats, { bytesOut, logBytes: this.#log.heldBytes });
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
    const sweep = setInterval(() => this.#sweep(performance.now()), SWEEP_MS);
    await this.#accept(listener, signal);
    clearInterval(sweep);
    for (const peer of this.#peers) peer.expel("stopped");
    // Below Deno 2.9.5 a stuck write settles never; the process ends all the same.
    await withDeadline(Promise.all(this.#serving), DRAIN_MS + LINGER_MS);
  }

  isClosedTo(peer: Peer): boolean {
    return this.#gate.isClosedTo(peer);
  }

  wait(peer: Peer): Promise<void> {
    return this.#gate.wait(peer);
  }

  publish(peer: Peer, run: Uint8Array, lines: number): void {
    this.#log.append(run);
    peer.cursor.skipTo(this.#log.end, run.length);
    this.#gate.note(run.length);
    this.#stats.linesIn += lines;
    this.#stats.bytesIn += run.length;
    this.#stats.deliveries += lines * (this.#peers.size - 1);
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    // One microtask later: all that arrived in this turn leaves in one write.
    queueMicrotask(() => {
      this.#isFlushDue = false;
      for (const each of this.#peers) each.pump();
      this.#gate.measure();
    });
  }

  reject(reason: "noise" | "too long"): void {
    this.#stats.rejected[reason]++;
  }

  throttle(): void {
    this.#stats.throttled++;
  }

  async #accept(listener: Deno.Listener, signal: AbortSignal): Promise<void> {
    let failedAt: number | undefined;
    while (!signal.aborted) {
      try {
        const conn = await listener.accept();
        if (failedAt !== undefined && performance.now() - failedAt > ACCEPT_RECOVERY_MS) {
          this.#options.report({ kind: "accepting again" });
          failedAt = undefined;
        }
        this.#track(this.#admit(conn));
      } catch (error) {
        if (signal.aborted) return;
        // The client was gone before its turn came: nothing is wrong here.
        if (isClientGone(error)) continue;
        const message = error instanceof Error ? error.message : String(error);
        if (failedAt === undefined) this.#options.report({ kind: "accept failed", message });
        failedAt = performance.now();
        await new Promise((resolve) => setTimeout(resolve, ACCEPT_RETRY_MS));
      }
    }
  }

  /**
   * Waits until those who connected at the same time are in the room: somebody who connects and
   * talks at once is heard by all who connected before.
   */
  async #untilAccepted(): Promise<void> {
    for (let turn = 0; turn < MAX_ACCEPT_TURNS; turn++) {
      const before = this.#connections;
      await new Promise((resolve) => setTimeout(resolve, 0));
      if (this.#connections === before) return;
    }
  }

  #track(serving: Promise<void>): void {
    this.#serving.add(serving);
    serving.finally(() => this.#serving.delete(serving));
  }

  async #admit(conn: Deno.Conn): Promise<void> {
    const address = formatRemote(conn);
    if (this.#places >= this.#options.maxClients) {
      this.#stats.closed.full++;
      this.#options.report({ kind: "refused", reason: "full", address });
      return await this.#dismiss(conn, RELAY_ERRORS.full);
    }
    prepare(conn);
    const hasRate = this.#options.rateLimit ?? true;
    const peer = new Peer({
      cid: ++this.#connections,
      conn,
      cursor: this.#log.openCursor(),
      rate: hasRate ? new RateLimiter(GUEST_RATE, performance.now()) : undefined,
      host: this,
    });
    const { cid, peerClass } = peer;
    this.#places++;
    this.#peers.add(peer);
    this.#stats.clients[peerClass]++;
    this.#options.report({ kind: "joined", cid, peerClass, address });
    const reason = await this.#servePeer(peer);
    const { linesIn, bytesIn, bytesOut } = peer;
    this.#options.report({ kind: "left", cid, reason, address, linesIn, bytesIn, bytesOut });
    await peer.settled();
    this.#places--;
  }

  async #servePeer(peer: Peer): Promise<CloseReason> {
    await this.#untilAccepted();
    const reason = await Promise.race([peer.read(), peer.expelled]);
    // A stuck writer gets no more: what waits for it is what it did not take.
    if (reason !== "reset" && reason !== "too slow") await peer.drain(DRAIN_MS);
    this.#peers.delete(peer);
    this.#stats.clients[peer.peerClass]--;
    this.#stats.closed[reason]++;
    this.#bytesOutOfLeft += peer.bytesOut;
    const { isAtLineEnd } = peer;
    const conn = peer.release();
    const farewell = FAREWELLS[reason];
    if (reason === "stopped") await this.#sayGoodbye(peer, conn, isAtLineEnd);
    else if (farewell && isAtLineEnd) await this.#dismiss(conn, farewell);
    else closeQuietly(conn);
    return reason;
  }

  async #dismiss(conn: Deno.Conn, error: RelayError): Promise<void> {
    if (this.#lingering >= MAX_LINGERING) return closeQuietly(conn);
    this.#lingering++;
    try {
      await closeGently(conn, formatRelayError(error));
    } finally {
      this.#lingering--;
    }
  }

  /** Closes; a client that is still sending is told, for its last lines are lost. */
  async #sayGoodbye(peer: Peer, conn: Deno.Conn, isAtLineEnd: boolean): Promise<void> {
    if (!isAtLineEnd || !peer.isTalking) return closeQuietly(conn);
    await closeGently(conn, formatRelayError(RELAY_ERRORS.stopping), STOP_LINGER_MS);
  }

  #sweep(now: number): void {
    for (const peer of this.#peers) {
      const reason = this.#sweeper.judge(peer, now);
      if (reason) peer.expel(reason);
    }
  }
}

function isClientGone(error: unknown): boolean {
  const { NotConnected, ConnectionReset, ConnectionAborted } = Deno.errors;
  return [NotConnected, ConnectionReset, ConnectionAborted].some((type) => error instanceof type);
}

async function withDeadline(promise: Promise<unknown>, ms: number): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([promise, late]);
  clearTimeout(timer);
}

function prepare(conn: Deno.Conn): void {
  try {
    const { setNoDelay, setKeepAlive } = conn as Deno.TcpConn;
    setNoDelay.call(conn, true);
    setKeepAlive.call(conn, true);
  } catch {
    // Reset before it was served; the first read says so.
  }
}

function formatRemote({ remoteAddr }: Deno.Conn): string {
  if (remoteAddr.transport !== "tcp") return remoteAddr.transport;
  const { hostname, port } = remoteAddr;
  return hostname.includes(":") ? `[${hostname}]:${port}` : `${hostname}:${port}`;
}
