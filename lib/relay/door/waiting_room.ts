/**
 * Connections wait outside the room until they have proved the key. If too many wait, one has to go.
 *
 * @module
 * @see docs/PROTOCOL.md, "Who gets in"
 */

import { ANSWER_MS, CROWD_ANSWER_MS, CROWD_SHARE, MAX_WAITING } from "../limits.ts";

/** A connection that waits. */
export interface Visitor {
  /** The network that is held responsible for it, as `networkOf()` names it. */
  readonly network: string;
}

/**
 * A bounded number of visitors.
 *
 * A visitor is let alone for as long as it may need for its next step: for 0.3 s after it came, and
 * after each step. Of the others, if there is one too many, the one has to go that did something
 * longest ago. A network with more than a 32nd of the places is a crowd: of the largest crowd one has
 * to go first, and after 0.1 s already. So a crowd pushes out itself, and nobody who is answering.
 *
 * All times are in ms, by one clock.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const room = new WaitingRoom<{ network: string }>(1);
 * const [first, second] = [{ network: "192.0.2.1" }, { network: "192.0.2.2" }];
 * assert.equal(room.enter(first, 0), undefined);
 * assert.equal(room.hasRoom(0, 100), false);
 * assert.equal(room.hasRoom(0, 301), true);
 * assert.equal(room.enter(second, 301), first);
 * ```
 */
export class WaitingRoom<V extends Visitor> implements Iterable<V> {
  /** When each visitor did something, the longest ago first. */
  readonly #since = new Map<V, number>();
  /** The visitors of each network, in the same order. */
  readonly #byNetwork = new Map<string, Set<V>>();
  readonly #places: number;

  /** @param places How many can wait; 512 by default. */
  constructor(places = MAX_WAITING) {
    this.#places = places;
  }

  /** How many wait. */
  get size(): number {
    return this.#since.size;
  }

  /** The visitors, the one that did something longest ago first. */
  [Symbol.iterator](): Iterator<V> {
    return this.#since.keys();
  }

  /**
   * Tells whether another visitor can come without taking the place of one that may be answering.
   *
   * @param coming How many are about to come already.
   * @param now The time.
   */
  hasRoom(coming: number, now: number): boolean {
    const surplus = this.size + coming + 1 - this.#places;
    return surplus <= 0 || this.#findLeaving(surplus, now) !== undefined;
  }

  /**
   * Takes a visitor in.
   *
   * @returns The visitor that has to go for it, if there is one too many. Without a look at
   * {@linkcode hasRoom} before, that may be one that is answering.
   */
  enter(visitor: V, now: number): V | undefined {
    const isFull = this.size >= this.#places;
    const leaving = isFull ? this.#findLeaving(1, now) ?? nthOf(this.#findCrowd(), 1) : undefined;
    if (leaving) this.leave(leaving);
    this.#add(visitor, now);
    return leaving;
  }

  /** Notes that a visitor did what it has to do next. Others than those that wait have no effect. */
  noteStep(visitor: V, now: number): void {
    if (this.leave(visitor)) this.#add(visitor, now);
  }

  /** Takes a visitor out. Returns whether it was waiting. */
  leave(visitor: V): boolean {
    if (!this.#since.delete(visitor)) return false;
    const group = this.#byNetwork.get(visitor.network)!;
    group.delete(visitor);
    if (group.size === 0) this.#byNetwork.delete(visitor.network);
    return true;
  }

  #add(visitor: V, now: number): void {
    this.#since.set(visitor, now);
    const group = this.#byNetwork.get(visitor.network);
    if (group) group.add(visitor);
    else this.#byNetwork.set(visitor.network, new Set([visitor]));
  }

  /** The visitor that has to go as the nth; undefined if it may be answering. */
  #findLeaving(n: number, now: number): V | undefined {
    const crowd = this.#findCrowd();
    const isOver = (visitor: V | undefined, ms: number) =>
      visitor !== undefined && now - this.#since.get(visitor)! > ms;
    if (crowd.size > Math.max(1, this.#places / CROWD_SHARE)) {
      const first = nthOf(crowd, n);
      if (isOver(first, CROWD_ANSWER_MS)) return first;
    }
    const oldest = nthOf(this.#since.keys(), n);
    return isOver(oldest, ANSWER_MS) ? oldest : undefined;
  }

  /** The visitors of the network that has the most. */
  #findCrowd(): ReadonlySet<V> {
    let crowd = new Set<V>();
    for (const group of this.#byNetwork.values()) if (group.size > crowd.size) crowd = group;
    return crowd;
  }
}

function nthOf<T>(items: Iterable<T>, n: number): T | undefined {
  let number = 0;
  for (const item of items) if (++number === n) return item;
}
