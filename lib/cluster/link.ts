/**
 * Holding a connection to one of several servers of NATS, one after the other.
 *
 * @module
 */

import { Connection, type ConnectionOptions, UnauthorizedError } from "./connection.ts";
import { MAX_RETRY_MS, MIN_RETRY_MS } from "./limits.ts";
import type { NatsServer } from "./servers.ts";

/** What a {@linkcode hold} works with. */
export interface HoldOptions extends Omit<ConnectionOptions, "server"> {
  /** The servers, one at least. */
  readonly servers: readonly NatsServer[];
  /** Returns a number from 0 to 1. */
  readonly random: () => number;
  /** Uses a connection until it has ended, or is of no use. Never rejects. */
  readonly use: (connection: Connection) => Promise<void>;
  /** Is told why there is no connection, at each attempt. */
  readonly onFailed: (reason: string) => void;
  /** Ends the connection, and all attempts. */
  readonly signal: AbortSignal;
}

/**
 * Connects, and connects again. The servers are tried in turn, from one chosen at random.
 *
 * @throws {UnauthorizedError} If no server knows the credentials, before there was a connection.
 */
export async function hold(options: HoldOptions): Promise<void> {
  const { servers, random, signal } = options;
  let next = Math.floor(random() * servers.length);
  let wait = 0;
  let wasConnected = false;
  while (!signal.aborted) {
    const server = servers[next % servers.length]!;
    next++;
    const connection = await open(options, server, wasConnected);
    if (connection) {
      wasConnected = true;
      wait = 0;
      if (signal.aborted) connection.abandon();
      else await options.use(connection);
    }
    // All servers are tried before the wait begins.
    const isRound = next % servers.length === 0;
    wait = !connection && isRound ? Math.min(Math.max(2 * wait, MIN_RETRY_MS), MAX_RETRY_MS) : wait;
    await pause(
      connection || isRound ? Math.max(wait, MIN_RETRY_MS) * (1 + random()) / 2 : 0,
      signal,
    );
  }
}

async function open(
  options: HoldOptions,
  server: NatsServer,
  wasConnected: boolean,
): Promise<Connection | undefined> {
  try {
    return await Connection.open({ ...options, server });
  } catch (error) {
    if (error instanceof UnauthorizedError && !wasConnected) throw error;
    options.onFailed(`${server.hostname}:${server.port}: ${(error as Error).message}`);
    return undefined;
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  const stop = () => resolve();
  signal.addEventListener("abort", stop, { once: true });
  await promise;
  signal.removeEventListener("abort", stop);
  clearTimeout(timer);
}
