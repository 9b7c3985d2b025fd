/**
 * How many connections the file descriptors of a process are enough for.
 *
 * @module
 */

import {
  MAX_HTTP_CONNECTIONS,
  MAX_LINGERING,
  MAX_SHAKING,
  MAX_WAITING,
  SPARE_DESCRIPTORS,
} from "../limits.ts";

/** Connections that a pipe has. */
const ENDS = 2;

/** How many connections of each kind there may be at once. */
export interface ConnectionLimits {
  /** Clients in the room. */
  readonly maxClients: number;
  /** Connections that wait outside the room. */
  readonly maxWaiting: number;
  /** Connections that shake hands for TLS. */
  readonly maxShaking: number;
  /** Closing connections that are still read from. */
  readonly maxLingering: number;
  /** Connections to the metrics. */
  readonly maxHttp: number;
  /** Pipes, of two connections each. */
  readonly maxPipes: number;
}

/**
 * Counts the descriptors that are free, by taking them for a moment. There is no other way without
 * the permission to do everything.
 *
 * @param open Takes one.
 * @param most More need not be found.
 * @returns How many; undefined if none can be taken for another reason than that.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const open = () => ({ [Symbol.dispose]() {} });
 * assert.equal(countDescriptors(open, 100), 100);
 * ```
 */
export function countDescriptors(open: () => Disposable, most: number): number | undefined {
  using taken = new DisposableStack();
  for (let count = 0; count < most; count++) {
    try {
      taken.use(open());
    } catch (error) {
      return isOut(error) ? count : undefined;
    }
  }
  return most;
}

/**
 * Tells how many descriptors a server needs at most.
 *
 * @param maxClients Clients at once.
 * @param maxPipes Pipes at once.
 * @param hasTls Whether there is a port for TLS.
 */
export function neededDescriptors(maxClients: number, maxPipes = 0, hasTls = false): number {
  const others = MAX_WAITING + MAX_LINGERING + MAX_HTTP_CONNECTIONS + SPARE_DESCRIPTORS;
  return maxClients + others + ENDS * maxPipes + (hasTls ? MAX_SHAKING : 0);
}

/**
 * Shares out descriptors, so that a crowd of one kind takes none from another: a full room still
 * answers, and so do the metrics.
 *
 * @param free How many there are.
 * @param maxClients Clients that are wanted at once.
 * @param maxPipes Pipes that are wanted at once.
 * @param hasTls Whether there is a port for TLS.
 * @returns What is wanted, if there are enough; else less of everything, one client at least, and
 * perhaps no pipe.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(shareDescriptors(1000, 100).maxClients, 100);
 * assert.equal(shareDescriptors(1000, 2000).maxClients, 819);
 * ```
 */
export function shareDescriptors(
  free: number,
  maxClients: number,
  maxPipes = 0,
  hasTls = false,
): ConnectionLimits {
  const isEnough = free >= neededDescriptors(maxClients, maxPipes, hasTls);
  const share = (most: number, part: number) =>
    isEnough ? most : Math.max(1, Math.min(most, Math.floor(free / part)));
  const maxWaiting = share(MAX_WAITING, 8);
  const maxShaking = hasTls ? share(MAX_SHAKING, 8) : 0;
  const maxLingering = share(MAX_LINGERING, 8);
  const maxHttp = share(MAX_HTTP_CONNECTIONS, 4);
  const pipes = isEnough ? maxPipes : Math.min(maxPipes, Math.floor(free / 8 / ENDS));
  const strangers = maxWaiting + maxShaking + maxLingering;
  const others = strangers + maxHttp + ENDS * pipes + share(SPARE_DESCRIPTORS, 8);
  return {
    maxClients: Math.max(1, Math.min(maxClients, free - others)),
    maxWaiting,
    maxShaking,
    maxLingering,
    maxHttp,
    maxPipes: pipes,
  };
}

function isOut(error: unknown): boolean {
  return error instanceof Error && /^Too many open files/.test(error.message);
}
