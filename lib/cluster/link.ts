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
 * @throws {UnauthorizedError} If one server does not know the credentials, and none lets this relay
 * in, before there was a connection.
 */
export async function hold(options: HoldOptions): Promise<void> {
  const { servers, random, signal } = options;
  const first = Math.floor(random() * servers.length);
  let wait = 0;
  let wasConnected = false;
  let refusal: UnauthorizedError | undefined;
  for (let tries = 0; !signal.aborted;) {
    const server = servers[(first + tries++) % servers.length]!;
    let failure: Error | undefined;
    const connection = await Connection.open({ ...options, server }).catch((error) => {
      failure = error;
    });
    if (failure instanceof UnauthorizedError) refusal = failure;
    if (connection) {
      wasConnected = true;
      wait = 0;
      if (signal.aborted) connection.abandon();
      else await options.use(connection);
    }
    // All servers are tried before the wait begins.
    const isRound = tries % servers.length === 0;
    if (isRound && refusal && !wasConnected) throw refusal;
    if (failure) options.onFailed(`${server.hostname}:${server.port}: ${failure.message}`);
    wait = !connection && isRound ? Math.min(Math.max(2 * wait, MIN_RETRY_MS), MAX_RETRY_MS) : wait;
    await pause(
      connection || isRound ? Math.max(wait, MIN_RETRY_MS) * (1 + random()) / 2 : 0,
      signal,
    );
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
