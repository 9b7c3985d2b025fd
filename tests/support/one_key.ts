/**
 * The keys of a room of the first form, for parts of a client in tests.
 *
 * @module
 */

import type { Candidate, Writing } from "../../lib/client/keys/key_set.ts";
import type { FernetKey } from "../../lib/fernet.ts";

/** A ring with one key. */
export function ringOf(key: FernetKey, now: () => number = Date.now) {
  const generation = { number: 0, mark: new Uint8Array(32) };
  const candidate: Candidate = { key, generation, day: 0 };
  return {
    isFirstForm: true,
    candidates: () => [candidate],
    writing: (): Promise<Writing> =>
      Promise.resolve({ key, now: Math.floor(now() / 1000), generation }),
  };
}
