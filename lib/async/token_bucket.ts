/**
 * How much of something may happen: a steady rate, and a burst at first.
 *
 * @module
 * @see https://en.wikipedia.org/wiki/Token_bucket
 */

/** What a {@linkcode TokenBucket} allows. */
export interface BucketSize {
  /** Tokens that flow in a second. */
  readonly perSecond: number;
  /** Tokens that it holds: at first, and at most. */
  readonly burst: number;
}

/**
 * A bucket of tokens that fills by itself, whatever clock the caller has.
 *
 * A clock that is set back fills nothing; from then on it counts as before.
 */
export class TokenBucket {
  readonly #perSecond: number;
  readonly #burst: number;
  #level: number;
  #filledAt: number;

  /**
   * @param size What is allowed.
   * @param now The clock's time, in ms.
   */
  constructor({ perSecond, burst }: BucketSize, now: number) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#level = burst;
    this.#filledAt = now;
  }

  /**
   * Takes tokens if there are as many.
   *
   * @param tokens How many.
   * @param now The clock's time, in ms.
   * @returns False if there are fewer; none is taken then.
   */
  take(tokens: number, now: number): boolean {
    this.#fill(now);
    if (this.#level < tokens) return false;
    this.#level -= tokens;
    return true;
  }

  /**
   * Takes tokens, even if there are fewer: the bucket then owes them.
   *
   * @param tokens How many.
   * @param now The clock's time, in ms.
   * @returns The time until nothing is owed, in whole ms, rounded up.
   */
  spend(tokens: number, now: number): number {
    this.#fill(now);
    this.#level -= tokens;
    return this.#level >= 0 ? 0 : Math.ceil((-this.#level / this.#perSecond) * 1000);
  }

  #fill(now: number): void {
    const seconds = Math.max(0, now - this.#filledAt) / 1000;
    this.#filledAt = now;
    this.#level = Math.min(this.#burst, this.#level + seconds * this.#perSecond);
  }
}
