/**
 * The way of messages from the outbox to the relay: they are encrypted, sent in order, and
 * confirmed by the relay's answers to pings.
 *
 * @module
 * @see docs/PROTOCOL.md, "Reconnecting"
 */

import { concat } from "../bytes/concat.ts";
import { encrypt } from "../fernet.ts";
import { formatControl } from "../protocol/control.ts";
import type { SequenceRange } from "../protocol/sequence_window.ts";
import { frameToken } from "../protocol/wire.ts";
import type { KeyRing } from "./keys/key_ring.ts";
import { MAX_CRYPTO_IN_FLIGHT, MAX_SENT_AT_ONCE_BYTES } from "./limits.ts";
import type { Link } from "./link.ts";
import type { Outbox, OutboxEntry } from "./outbox.ts";
import type { Reader } from "./reader.ts";
import { ResendBudget } from "./resend_budget.ts";

/** Time, in ms, in which nothing is read, that is no silence of the relay. */
const UNREAD_MS = 1000;

/** Says that the relay is not to keep the next token. */
const FLEETING = formatControl({ verb: "FLEETING" });

/** What a {@linkcode Delivery} is made of. */
export interface DeliveryParts {
  /** The room's keys, and the time in tokens. */
  readonly keys: Pick<KeyRing, "writing">;
  readonly outbox: Outbox;
  /** Is told each token of a plain message before it is sent, so that it is not shown again. */
  readonly reader: Pick<Reader, "noteOwn">;
  /** A clock in ms that never runs back. */
  readonly monotonic: () => number;
}

/** A ping without an answer. The answer tells that the relay has all messages sent before it. */
interface Ping {
  readonly n: number;
  /** The last message sent before the ping; undefined if the ping asks for a sign of life alone. */
  readonly sequence: number | undefined;
  /** When the ping was sent, in ms. */
  readonly at: number;
}

/** Sends the messages of an outbox over one connection after the other. */
export class Delivery {
  /**
   * How long the last answer to a ping took, in ms; undefined before the first answer on a link.
   */
  latencyMs: number | undefined;
  readonly #parts: DeliveryParts;
  readonly #outbox: Outbox;
  #isFinishing = false;
  /** Whether the goodbye was said. What becomes due until the relay closes is of no use any more. */
  #hasLeft = false;
  #link: Link | undefined;
  #pings: Ping[] = [];
  #pingCount = 0;
  /** When the relay last answered, in ms. */
  #answeredAt = -Infinity;
  readonly #budget: ResendBudget;

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
    this.#outbox = parts.outbox;
    this.#budget = new ResendBudget(parts.monotonic());
  }

  /** Whether no more messages may be written for now. */
  get isFull(): boolean {
    return this.#outbox.isFull;
  }

  /** For how long the relay has left pings without any answer, in ms; 0 if it has answered all. */
  get silentMs(): number {
    const [oldest] = this.#pings;
    return oldest ? this.#parts.monotonic() - Math.max(oldest.at, this.#answeredAt) : 0;
  }

  /** How old the oldest ping without an answer is, in ms: what the relay sent before is unread. */
  get lagMs(): number {
    const [oldest] = this.#pings;
    return oldest ? this.#parts.monotonic() - oldest.at : 0;
  }

  /** Does not count a time, in ms, as silence: nothing was read in it. */
  excuse(ms: number): void {
    if (ms > UNREAD_MS) this.#answeredAt = this.#parts.monotonic();
  }

  /** How many messages the relay has not taken. */
  get untaken(): number {
    return this.#outbox.untaken;
  }

  /** Whether `finish()` was called. */
  get isFinishing(): boolean {
    return this.#isFinishing;
  }

  /** Makes `run()` end the connection as soon as the relay has all messages. */
  finish(): void {
    this.#isFinishing = true;
    this.#outbox.wake();
  }

  /** Whether `finish()` was called and the relay has all messages. */
  get isDone(): boolean {
    return this.#hasLeft || this.#isFinishing && this.#outbox.untaken === 0;
  }

  /**
   * Remembers the messages that are written by now.
   *
   * @returns A function that tells whether the relay has all of them.
   */
  mark(): () => boolean {
    const { last } = this.#outbox;
    return () => this.#outbox.hasTaken(last);
  }

  /** Settles when there may be a message to send, or room for more messages. */
  get changed(): Promise<void> {
    return this.#outbox.changed;
  }

  /**
   * Plans for the next connection what the relay has not taken, and what it may have lost. Pings of
   * the last one get no answer any more.
   */
  reconnect(now: number): void {
    this.#pings = [];
    this.#answeredAt = -Infinity;
    this.latencyMs = undefined;
    this.#outbox.reconnect(now);
  }

  /** Sends again, under the key of now, what others may not have been able to read. */
  repeatRecent(): void {
    this.#outbox.reconnect(this.#parts.monotonic());
    this.#outbox.wake();
  }

  /**
   * Sends messages again that somebody asked for, if the asker's budget allows it.
   *
   * @param range The numbers of the messages, both ends included.
   * @param asker The asker's key.
   */
  resend([from, to]: SequenceRange, asker: string): void {
    const now = this.#parts.monotonic();
    if (!this.#budget.mayAnswer(asker, now)) return;
    this.#budget.charge(asker, this.#outbox.resend(from, to, now), now);
  }

  /**
   * Sends all messages that are there or come, until `stop()`, or until `finish()` takes effect.
   *
   * It never rejects. The reading side learns why a connection broke.
   *
   * @param link A connection that is live.
   */
  async run(link: Link): Promise<void> {
    this.#link = link;
    try {
      while (this.#link === link) {
        const { changed } = this.#outbox;
        const now = this.#parts.monotonic();
        const batch = this.#outbox.nextToSend(MAX_CRYPTO_IN_FLIGHT, now, MAX_SENT_AT_ONCE_BYTES);
        if (batch.length > 0) await this.#send(link, batch);
        else if (this.isDone) {
          this.#hasLeft = true;
          await link.say({ verb: "BYE" });
          return await link.finish();
        } else await changed;
      }
    } catch {
      // The next connection sends what the relay has not taken.
    }
  }

  /** Ends `run()`. */
  stop(): void {
    this.#link = undefined;
    this.#outbox.wake();
  }

  /**
   * Asks the relay for a sign of life.
   *
   * @param link The connection.
   * @param sequence The last message that the answer confirms; undefined for none.
   */
  async ping(link: Link, sequence?: number): Promise<void> {
    const n = ++this.#pingCount;
    this.#pings.push({ n, sequence, at: this.#parts.monotonic() });
    await link.say({ verb: "PING", n });
  }

  /**
   * Takes the relay's answer to a ping.
   *
   * @param n The number of the ping. All earlier pings count as answered, too. A number that no open
   * ping has is no answer.
   */
  confirm(n: number): void {
    if (!this.#pings.some((ping) => ping.n === n)) return;
    const done = this.#pings.filter((ping) => ping.n <= n);
    this.#pings = this.#pings.slice(done.length);
    this.#answeredAt = this.#parts.monotonic();
    this.latencyMs = this.#answeredAt - done.at(-1)!.at;
    for (const { sequence } of done) {
      if (sequence !== undefined) this.#outbox.take(sequence, this.#parts.monotonic());
    }
  }

  async #send(link: Link, batch: readonly OutboxEntry[]): Promise<void> {
    const { keys, reader } = this.#parts;
    const current = await keys.writing();
    const lines = await Promise.all(batch.map(async (entry) => {
      const { key, now } = entry.under ? await keys.writing(entry.under) : current;
      const token = entry.token ?? await encrypt(key, entry.plaintext, { now });
      // Receivers know a plain message by its token alone, so all its copies have one token.
      if (!entry.isNumbered && entry.token === undefined) {
        entry.token = token;
        reader.noteOwn(token);
      }
      return entry.isFleeting ? concat(FLEETING, frameToken(token)) : frameToken(token);
    }));
    await link.write(concat(...lines));
    await this.ping(link, Math.max(...batch.map(({ sequence }) => sequence)));
  }
}
