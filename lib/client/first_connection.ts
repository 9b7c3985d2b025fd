/**
 * The first connection of a client that does not give up at once.
 *
 * @module
 */

import { retry } from "../async/backoff.ts";
import {
  ChatError,
  LineTooLongError,
  RefusedError,
  UnknownHostError,
  WrongServerError,
} from "../errors.ts";

/** How the first connection is waited for. */
export interface Patience {
  /** How long to try again, in ms; 0 for not at all. */
  readonly patienceMs: number;
  /** A clock in ms that never runs back. */
  readonly monotonic: () => number;
  /** Returns a number from 0 to 1. */
  readonly random: () => number;
  /** Is told, once, why the client waits. */
  readonly onWait: (reason: ChatError) => void;
}

/**
 * Connects, and tries again as a client does that has lost its connection: while nobody answers, and
 * while the relay is full or stops.
 *
 * @param connect Connects once.
 * @returns The connection.
 * @throws {ChatError} The last failure, when time is over. At once: if no host has that name, if
 * what answers is no relay or has another certificate, or if the relay refuses this client for good.
 * @throws {unknown} Any other error of `connect`, at once.
 */
export async function connectAtFirst<T>(
  connect: () => Promise<T>,
  { patienceMs, monotonic, random, onWait }: Patience,
): Promise<T> {
  const giveUpAt = monotonic() + patienceMs;
  const mayRetry = (error: unknown) => isTransient(error) && monotonic() < giveUpAt;
  try {
    return await connect();
  } catch (error) {
    if (!mayRetry(error)) throw error;
    onWait(error as ChatError);
  }
  const { signal } = new AbortController();
  return (await retry(connect, { random, mayRetry, signal }))!;
}

function isTransient(error: unknown): boolean {
  if (error instanceof RefusedError) return !error.isFinal;
  if (error instanceof UnknownHostError || error instanceof WrongServerError) return false;
  return error instanceof ChatError && !(error.cause instanceof LineTooLongError);
}
