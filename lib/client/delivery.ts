/**
 * Getting messages to the relay: encrypted, in order, and known to be there.
 *
 * @module
 * @see docs/PROTOCOL.md, "Reconnecting"
 */

import { concat } from "../bytes/concat.ts";
import { encrypt, type FernetKey } from "../fernet.ts";
import { formatControl } from "../protocol/control.ts";
import type { SequenceRange } from "../protocol/sequence_window.ts";
import { frameToken } from "../protocol/wire.ts";
import { MAX_CRYPTO_IN_FLIGHT, RESEND_BURST, RESENDS_PER_SECOND } from "./limits.ts";
import type { Link } from "./link.ts";
import type { Outbox, OutboxEntry } from "./outbox.ts";

/** Says that the relay is not to keep the next token. */
const FLEETING = formatControl({ verb: "FLEETING" });

/** The times that a delivery goes by. */
export interface Clocks {
  readonly now: () => number;
  readonly monotonic: () => number;
}

/** A ping that is under way: once it is answered, the relay has all up to a message. */
interface Ping {
  readonly n: number;
  /** Undefined for one that only asks for a sign of life. */
  readonly sequence: number | undefined;
  /** When it was sent, in ms. */
  readonly at: number;
}

/**
 * Empties an outbox into one connection after the other.
 */
export class Delivery {
  /** How long the relay took for its last answer, in ms; undefined before its first one on this connection. */
  latencyMs: number | undefined;
  readonly #key: FernetKey;
  readonly #outbox: Outbox;
  readonly #clocks: Clocks;
  readonly #onPlainToken: (token: string) => void;
  #isFinishing = false;
  #link: Link | undefined;
  #pings: Ping[] = [];
  #pingCount = 0;
  /** How many messages may be sent again, and since when that is so. */
  #budget = RESEND_BURST;
  #budgetAt = 0;

  /**
   * @param key The room's key.
   * @param outbox What is to be sent.
   * @param clocks `now`: in ms since 1970, for the time in tokens; `monotonic`: in ms, never
   * runs back.
   * @param onPlainToken Told of each token that has no number, before it is sent.
   */
  constructor(
    key: FernetKey,
    outbox: Outbox,
    clocks: Clocks,
    onPlainToken: (token: string) => void = () => {},
  ) {
    this.#onPlainToken = onPlainToken;
    this.#key = key;
    this.#outbox = outbox;
    this.#clocks = clocks;
  }

  /** Whether no more may be written for now. */
  get isFull(): boolean {
    return this.#outbox.isFull;
  }

  /** Messages that the relay has not taken. */
  get untaken(): number {
    return this.#outbox.untaken;
  }

  /** Whether it says goodbye once the relay has everything. */
  get isFinishing(): boolean {
    return this.#isFinishing;
  }

  /** Says goodbye once the relay has everything. */
  finish(): void {
    this.#isFinishing = true;
    this.#outbox.wake();
  }

  /** Whether the relay has everything, and no more will come. */
  get isDone(): boolean {
    return this.#isFinishing && this.#outbox.untaken === 0;
  }

  /**
   * Looks at what is written by now.
   *
   * @returns What tells whether the relay has all of it.
   */
  mark(): () => boolean {
    const { last } = this.#outbox;
    return () => this.#outbox.hasTaken(last);
  }

  /** Settles when there may be something to send, or room for more. */
  get changed(): Promise<void> {
    return this.#outbox.changed;
  }

  /** Sends what was not taken, and what the relay may have lost, on the next connection. */
  reconnect(now: number): void {
    this.#outbox.reconnect(now);
  }

  /**
   * Sends messages again that somebody asked for: so many a second at most.
   *
   * @param range Their numbers, both ends included.
   */
  resend([from, to]: SequenceRange): void {
    const now = this.#clocks.monotonic();
    const refill = Math.max(0, now - this.#budgetAt) / 1000 * RESENDS_PER_SECOND;
    this.#budget = Math.min(RESEND_BURST, this.#budget + refill);
    this.#budgetAt = now;
    if (this.#budget < 1) return;
    this.#budget -= this.#outbox.resend(from, to, now);
  }

  /**
   * Sends all there is and all that comes, until `stop()` or the end.
   *
   * @param link A connection that is live.
   * @returns It never rejects: the reading side learns why a connection broke.
   */
  async run(link: Link): Promise<void> {
    this.#link = link;
    this.#pings = [];
    this.latencyMs = undefined;
    try {
      while (this.#link === link) {
        const { changed } = this.#outbox;
        const batch = this.#outbox.nextToSend(MAX_CRYPTO_IN_FLIGHT, this.#clocks.monotonic());
        if (batch.length > 0) await this.#send(link, batch);
        else if (this.isDone) {
          await link.say({ verb: "BYE" });
          return await link.finish();
        } else await changed;
      }
    } catch {
      // What was not taken is sent again.
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
   * @param sequence The last message that its answer confirms.
   */
  async ping(link: Link, sequence?: number): Promise<void> {
    const n = ++this.#pingCount;
    this.#pings.push({ n, sequence, at: this.#clocks.monotonic() });
    await link.say({ verb: "PING", n });
  }

  /**
   * Takes the relay's answer.
   *
   * @param n The number of the ping.
   */
  confirm(n: number): void {
    const done = this.#pings.filter((ping) => ping.n <= n);
    this.#pings = this.#pings.slice(done.length);
    const last = done.at(-1);
    if (last) this.latencyMs = this.#clocks.monotonic() - last.at;
    for (const { sequence } of done) {
      if (sequence !== undefined) {
        this.#outbox.take(sequence, this.#clocks.monotonic());
      }
    }
  }

  async #send(link: Link, batch: readonly OutboxEntry[]): Promise<void> {
    const now = Math.floor(this.#clocks.now() / 1000);
    const lines = await Promise.all(batch.map(async (entry) => {
      const token = entry.token ?? await encrypt(this.#key, entry.plaintext, { now });
      // Receivers know a plain message by its token alone.
      if (!entry.isNumbered && entry.token === undefined) {
        entry.token = token;
        this.#onPlainToken(token);
      }
      return entry.isFleeting ? concat(FLEETING, frameToken(token)) : frameToken(token);
    }));
    await link.write(concat(...lines));
    await this.ping(link, Math.max(...batch.map(({ sequence }) => sequence)));
  }
}
