/**
 * Who answers a knock: one of those who can, after a random time.
 *
 * @module
 * @see docs/PROTOCOL.md, "Knocking"
 */

import { TokenBucket } from "../../async/token_bucket.ts";
import {
  ANSWER_KNOCK_MS,
  ANSWER_KNOCK_PER_CLIENT_MS,
  ANSWER_RATE,
  ANSWER_TO_ONE_MS,
  ANSWERS_TO_ONE_BURST,
  MAX_ANSWER_KNOCK_MS,
  MAX_KNOCKERS,
  MIN_ANSWER_KNOCK_MS,
  REFUSE_KNOCK_MS,
} from "./limits.ts";

/** A knock that waits for an answer. */
export interface Knock {
  /** Who knocked, by id. */
  readonly id: string;
  /** The X25519 key that was made for it, in base64url. */
  readonly key: string;
  /** Whether the member belongs to the generation of now: else it is told that it does not. */
  readonly isWelcome: boolean;
}

/** What a {@linkcode Doorkeeper} works with. */
export interface DoorkeeperParts {
  /** Returns a number from 0 to 1. */
  readonly random: () => number;
  /** How many clients may answer. */
  readonly members: () => number;
}

/**
 * Decides which knocks to answer, and when. It has no clock of its own: the caller says what time it
 * is, in ms.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const keeper = new Doorkeeper({ random: () => 0, members: () => 3 });
 * const knock = { id: "carol", key: "k", isWelcome: true };
 * keeper.take(knock, 0);
 * assert.deepEqual(keeper.due(1000), [knock]);
 * keeper.take(knock, 2000);
 * keeper.noteAnswered("carol", "k");
 * assert.deepEqual(keeper.due(9000), []);
 * ```
 */
export class Doorkeeper {
  readonly #parts: DoorkeeperParts;
  readonly #welcome: TokenBucket;
  /** Of their own, so that they keep nobody out who is welcome. */
  readonly #unwelcome: TokenBucket;
  /** A bucket for each member that knocked. The last one comes last. */
  readonly #knockers = new Map<string, TokenBucket>();
  /** The knocks that wait, each with the time at which it is answered. */
  #waiting: { readonly knock: Knock; readonly at: number }[] = [];

  constructor(parts: DoorkeeperParts) {
    this.#parts = parts;
    this.#welcome = new TokenBucket(ANSWER_RATE, 0);
    this.#unwelcome = new TokenBucket(ANSWER_RATE, 0);
  }

  /** Takes a knock. Of too many, the further ones are not answered: the rate bounds those that wait. */
  take(knock: Knock, now: number): void {
    const isKnown = this.#waiting.some((each) => isSame(each.knock, knock));
    if (isKnown) return;
    const all = knock.isWelcome ? this.#welcome : this.#unwelcome;
    if (!this.#bucketOf(knock.id, now).take(1, now) || !all.take(1, now)) return;
    const { random, members } = this.#parts;
    const perClient = members() * ANSWER_KNOCK_PER_CLIENT_MS;
    const spread = Math.min(Math.max(ANSWER_KNOCK_MS, perClient), MAX_ANSWER_KNOCK_MS);
    const later = knock.isWelcome ? 0 : REFUSE_KNOCK_MS;
    this.#waiting.push({ knock, at: now + MIN_ANSWER_KNOCK_MS + random() * spread + later });
  }

  /** Notes that somebody has answered a knock. */
  noteAnswered(id: string, key: string): void {
    this.#waiting = this.#waiting.filter(({ knock }) => !isSame(knock, { id, key }));
  }

  /** Forgets the knocks: this client is behind itself, or not connected. */
  clear(): void {
    this.#waiting = [];
  }

  /** The knocks that are to be answered now. */
  due(now: number): Knock[] {
    const due = this.#waiting.filter(({ at }) => at <= now);
    if (due.length === 0) return [];
    this.#waiting = this.#waiting.filter(({ at }) => at > now);
    return due.map(({ knock }) => knock);
  }

  #bucketOf(id: string, now: number): TokenBucket {
    const size = { burst: ANSWERS_TO_ONE_BURST, perSecond: 1000 / ANSWER_TO_ONE_MS };
    const bucket = this.#knockers.get(id) ?? new TokenBucket(size, now);
    this.#knockers.delete(id);
    this.#knockers.set(id, bucket);
    if (this.#knockers.size > MAX_KNOCKERS) {
      this.#knockers.delete(this.#knockers.keys().next().value!);
    }
    return bucket;
  }
}

function isSame(a: Pick<Knock, "id" | "key">, b: Pick<Knock, "id" | "key">): boolean {
  return a.id === b.id && a.key === b.key;
}
