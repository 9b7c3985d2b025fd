/**
 * A bound on how often something may happen: a steady rate, and a burst at first.
 *
 * @module
 * @see https://en.wikipedia.org/wiki/Token_bucket
 */

/** What a {@linkcode TokenBucket} allows. */
export interface BucketSize {
  /** Tokens that come in each second. */
  readonly perSecond: number;
  /** Tokens that are in the bucket at first. It never holds more. */
  readonly burst: number;
}

/**
 * A bucket of tokens that fills with time. The caller says what time it is.
 *
 * A clock that is set back adds no tokens. The bucket then fills again from that time on.
 */
export class TokenBucket {
  readonly #perSecond: number;
  readonly #burst: number;
  #level: number;
  #filledAt: number;

  /**
   * @param size What is allowed.
   * @param now The time, in ms.
   */
  constructor({ perSecond, burst }: BucketSize, now: number) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#level = burst;
    this.#filledAt = now;
  }

  /**
   * Takes tokens, all or none.
   *
   * @param tokens How many.
   * @param now The time, in ms.
   * @returns Whether the tokens were taken.
   */
  take(tokens: number, now: number): boolean {
    this.#fill(now);
    if (this.#level < tokens) return false;
    this.#level -= tokens;
    return true;
  }

  /**
   * Takes tokens, even more than there are. The bucket then owes the rest.
   *
   * @param tokens How many.
   * @param now The time, in ms.
   * @returns The time until the bucket owes nothing, in whole ms, rounded up.
   */
  spend(tokens: number, now: number): number {
    this.#fill(now);
    this.#level -= tokens;
    return this.#level >= 0 ? 0 : Math.ceil((-this.#level / this.#perSecond) * 1000);
  }

  /**
   * Tells how full the bucket is.
   *
   * @param now The time, in ms.
   * @returns From 0 to 1; less than 0 if it owes tokens.
   */
  fullness(now: number): number {
    this.#fill(now);
    return this.#level / this.#burst;
  }

  #fill(now: number): void {
    const seconds = Math.max(0, now - this.#filledAt) / 1000;
    this.#filledAt = now;
    this.#level = Math.min(this.#burst, this.#level + seconds * this.#perSecond);
  }
}
