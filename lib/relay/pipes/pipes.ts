/**
 * The pipes of a relay: connections that wait for each other, and those that are joined.
 *
 * The relay knows no members, so a pipe counts for the networks of its ends. Behind a tunnel all
 * clients come from this machine: its own addresses count for nothing but the pipes in all.
 *
 * @module
 * @see docs/PROTOCOL.md, "Pipes"
 */

import type { Departures } from "../peer/departure.ts";
import { isLoopbackNetwork } from "../peer/network.ts";
import type { RelayEvent } from "../watch/events.ts";
import type { RelayStats } from "../watch/stats.ts";
import {
  DEFAULT_MAX_PIPES,
  DEFAULT_PIPE_BYTES_PER_SECOND,
  MAX_PIPES_OF_NETWORK,
  PIPE_IDLE_MS,
  PIPE_MEETING_MS,
} from "./limits.ts";
import { Pipe, type PipeEnd, type PipeHost } from "./pipe.ts";
import { PipeTurn } from "./turn.ts";

/** Settings of {@linkcode Pipes}. */
export interface PipesOptions {
  /** Pipes at once; 16 by default, 0 for none. */
  readonly maxPipes?: number;
  /** How much goes through one pipe, in bytes a second; 32 MiB by default. */
  readonly pipeBytesPerSecond?: number;
  /** Whether that rate holds; true by default. */
  readonly rateLimit?: boolean;
  /** Is told what happens. */
  readonly report: (event: RelayEvent) => void;
  /** The numbers in which pipes are counted. */
  readonly stats: RelayStats;
  /** Writes a last line to an end that is refused. */
  readonly departures: Pick<Departures, "dismiss">;
  /** A clock in ms that never runs back; `performance.now()` by default. */
  readonly now?: () => number;
}

/** Joins connections by the name that both of them say. */
export class Pipes {
  readonly #options: PipesOptions;
  readonly #host: PipeHost;
  readonly #pipes = new Map<string, Pipe>();
  #isStopped = false;

  constructor(options: PipesOptions) {
    this.#options = options;
    const { pipeBytesPerSecond, rateLimit = true, now, stats } = options;
    this.#host = {
      turn: new PipeTurn(),
      stats,
      bytesPerSecond: rateLimit ? pipeBytesPerSecond ?? DEFAULT_PIPE_BYTES_PER_SECOND : undefined,
      now: now ?? (() => performance.now()),
    };
  }

  /** Pipes now, also those with one end. */
  get size(): number {
    return this.#pipes.size;
  }

  /**
   * Takes a connection that has proved the key.
   *
   * @param name The pipe that it wants to be an end of.
   * @param end The connection, which is closed when this returns.
   */
  async take(name: string, end: PipeEnd): Promise<void> {
    const pipe = this.#pipes.get(name);
    const isClosed = this.#isStopped || pipe?.second || pipe?.isOver;
    if (isClosed || this.#isTooMany(end, pipe)) return await this.#refuse(end, "no pipe");
    if (!pipe) return await this.#open(name, end);
    this.#options.report({ kind: "piped", cid: pipe.first.cid, other: end.cid });
    pipe.meet(end);
    await pipe.ended;
  }

  /** Ends the pipes whose time is up: an end came alone for 60 s, or nothing moved for as long. */
  sweep(): void {
    const now = this.#host.now();
    for (const pipe of this.#pipes.values()) {
      const most = pipe.second ? PIPE_IDLE_MS : PIPE_MEETING_MS;
      if (now - pipe.movedAt > most) pipe.end("timeout");
    }
  }

  /** Ends all pipes. There are no others afterwards. */
  stop(): void {
    this.#isStopped = true;
    for (const pipe of this.#pipes.values()) pipe.end("stopped");
  }

  async #open(name: string, first: PipeEnd): Promise<void> {
    const { report } = this.#options;
    const pipe = new Pipe(first, this.#host);
    this.#pipes.set(name, pipe);
    const reason = await pipe.ended;
    this.#pipes.delete(name);
    const { second, bytes } = pipe;
    if (second) report({ kind: "unpiped", cid: first.cid, other: second.cid, reason, bytes });
    else if (reason === "timeout") await this.#refuse(first, "timeout");
  }

  async #refuse({ conn, address }: PipeEnd, reason: "no pipe" | "timeout"): Promise<void> {
    const { report, stats, departures } = this.#options;
    stats.closed[reason]++;
    report({ kind: "refused", reason, address });
    await departures.dismiss(conn, reason);
  }

  #isTooMany({ network }: PipeEnd, pipe: Pipe | undefined): boolean {
    const { maxPipes = DEFAULT_MAX_PIPES } = this.#options;
    if (!pipe && this.#pipes.size >= maxPipes) return true;
    if (isLoopbackNetwork(network) || pipe?.first.network === network) return false;
    const isOfNetwork = ({ first, second }: Pipe) =>
      first.network === network || second?.network === network;
    return [...this.#pipes.values()].filter(isOfNetwork).length >= MAX_PIPES_OF_NETWORK;
  }
}
