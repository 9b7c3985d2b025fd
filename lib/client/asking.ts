/**
 * When a client asks for messages that it misses, and how often.
 *
 * @module
 * @see docs/PROTOCOL.md, "Order"
 */

import { TokenBucket } from "../async/token_bucket.ts";
import {
  ASK_AGAIN_MS,
  ASK_JITTER_MS,
  ASK_JITTER_PER_CLIENT_MS,
  ASK_RATE,
  ASK_RATE_OF_ONE_WRITER,
  MAX_ASK_JITTER_MS,
  MAX_ASKED_WRITERS,
} from "./limits.ts";

/** How often the time between two questions doubles: it is 24 s then. */
const MAX_DOUBLINGS = 4;

/** What {@linkcode Asking} works with. */
export interface AskingParts {
  /** Returns a number from 0 to 1. */
  readonly random: () => number;
  /** How many clients may miss the same messages. */
  readonly members: () => number;
}

/** Spreads questions, so that not all members ask at once, and bounds them. All times are in ms. */
export class Asking {
  readonly #parts: AskingParts;
  /** Made at the first question, which says what time it is. */
  #all: TokenBucket | undefined;
  /** What is left of the questions for each writer, by its key. */
  readonly #writers = new Map<string, TokenBucket>();

  constructor(parts: AskingParts) {
    this.#parts = parts;
  }

  /** When to ask for a gap that was noticed now. The more may ask, the longer each may wait. */
  first(now: number): number {
    const { random, members } = this.#parts;
    const jitterMs = Math.max(ASK_JITTER_MS, members() * ASK_JITTER_PER_CLIENT_MS);
    return now + random() * Math.min(jitterMs, MAX_ASK_JITTER_MS);
  }

  /**
   * When to ask for a gap that this client has asked for now.
   *
   * @param asked How often it has asked before.
   */
  again(now: number, asked = 0): number {
    return now + ASK_AGAIN_MS * 2 ** Math.min(asked, MAX_DOUBLINGS);
  }

  /** When to ask for a gap that somebody else has asked for now: others wait, too. */
  afterAnother(now: number): number {
    return this.first(now + ASK_AGAIN_MS);
  }

  /**
   * Tells whether a question may be asked, and counts it if so.
   *
   * @param writer The key of the one whose messages are missing. Who makes many gaps is asked for few.
   */
  mayAsk(writer: string, now: number): boolean {
    this.#all ??= new TokenBucket(ASK_RATE, now);
    const isOneLeft = this.#all.fullness(now) * ASK_RATE.burst >= 1;
    if (!isOneLeft || !this.#bucketOf(writer, now).take(1, now)) return false;
    return this.#all.take(1, now);
  }

  #bucketOf(writer: string, now: number): TokenBucket {
    const known = this.#writers.get(writer);
    if (known) return known;
    const bucket = new TokenBucket(ASK_RATE_OF_ONE_WRITER, now);
    this.#writers.set(writer, bucket);
    if (this.#writers.size > MAX_ASKED_WRITERS) {
      this.#writers.delete(this.#writers.keys().next().value!);
    }
    return bucket;
  }
}
