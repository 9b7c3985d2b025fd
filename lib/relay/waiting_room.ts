/**
 * Places for connections that have not proved the key, outside the room.
 *
 * @module
 * @see docs/PROTOCOL.md, "Who gets in"
 */

import { MAX_WAITING } from "../limits.ts";

/** Who waits, and for whom it is held responsible. */
export interface Visitor {
  /** As `networkOf()` names it. */
  readonly network: string;
}

/**
 * A bounded number of visitors, in the order in which they came.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const room = new WaitingRoom<{ network: string }>(1);
 * const [first, second] = [{ network: "192.0.2.1" }, { network: "192.0.2.2" }];
 * assert.equal(room.enter(first), undefined);
 * assert.equal(room.enter(second), first);
 * ```
 */
export class WaitingRoom<V extends Visitor> implements Iterable<V> {
  readonly #visitors = new Set<V>();
  readonly #places: number;

  /** @param places How many can wait; 32 by default. */
  constructor(places = MAX_WAITING) {
    this.#places = places;
  }

  /** How many wait. */
  get size(): number {
    return this.#visitors.size;
  }

  /** The visitors, the oldest first. */
  [Symbol.iterator](): Iterator<V> {
    return this.#visitors.values();
  }

  /**
   * Takes a visitor in.
   *
   * @param visitor Who comes.
   * @returns Who had to go for it: the oldest one, of the network that most are from. So those
   * who come from one network push each other out, and nobody else.
   */
  enter(visitor: V): V | undefined {
    this.#visitors.add(visitor);
    if (this.#visitors.size <= this.#places) return undefined;
    const byNetwork = Map.groupBy(this.#visitors, ({ network }) => network);
    let crowd: V[] = [];
    for (const group of byNetwork.values()) if (group.length > crowd.length) crowd = group;
    const [oldest] = crowd;
    this.#visitors.delete(oldest!);
    return oldest;
  }

  /**
   * Lets a visitor go.
   *
   * @param visitor Any one.
   * @returns Whether it was waiting.
   */
  leave(visitor: V): boolean {
    return this.#visitors.delete(visitor);
  }
}
