/**
 * Reading the stream, from one position to the next, whatever happens to the connection.
 *
 * @module
 */

import type { Connection, Message } from "./connection.ts";
import {
  FOLLOW_RETRY_MS,
  FOLLOWER_HEARTBEAT_MS,
  MAX_FAILED_REQUESTS,
  MAX_INBOX_BYTES,
  MAX_SILENCES,
} from "./limits.ts";
import { parsePlace } from "./place.ts";
import { Position } from "./position.ts";
import { readInfo, type StreamInfo } from "./stream_info.ts";

/** An entry as it lies in the stream. */
export interface StreamEntry {
  readonly subject: string;
  /** Valid during the call only. */
  readonly bytes: Uint8Array;
  /** When it was stored, in ms since 1970, by the server's clock. */
  readonly storedAt: number;
}

/** What a {@linkcode Follower} works with. */
export interface FollowerParts {
  /** Name of the stream. */
  readonly stream: string;
  /** Entries before the end that are read back at the start. */
  readonly readBack: number;
  /** Tells what is wrong with how the stream is set up; undefined if nothing is. */
  readonly findFault: (config: StreamInfo["config"]) => string | undefined;
  /** Waits until entries can be taken; undefined if they can be now. */
  readonly untilRoom: () => Promise<void> | undefined;
  readonly take: (entry: StreamEntry) => void;
  /** Is told that the stream is followed from now on: there is a leader. */
  readonly onFollowing: () => void;
  /** Is told why the stream cannot be read; undefined when it can be. */
  readonly onHeld: (reason: string | undefined) => void;
  /** Is told that the stream is not what it was. */
  readonly onReset: (what: string) => void;
}

/** Something that came and waits to be taken. */
type Waiting =
  | { readonly kind: "entry"; readonly seq: number; readonly entry: StreamEntry }
  /** The server waits for an answer before it goes on. */
  | { readonly kind: "flow"; readonly answer: () => void };

/** Reads the stream by a consumer that is made anew whenever something may be missing. */
export class Follower {
  readonly #parts: FollowerParts;
  readonly #position: Position;
  readonly #begun = Promise.withResolvers<void>();
  /** What came from the present consumer, and is not taken. */
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #isDraining = false;
  /** The number of the consumer; what came from an earlier one is dropped. */
  #consumer = 0;
  /** The consumer's number of the last entry that came. */
  #arrived = 0;
  /** How often in a row nothing was heard between two looks. */
  #silences = 0;
  #isLive = false;
  #broken = Promise.withResolvers<string>();

  constructor(parts: FollowerParts) {
    this.#parts = parts;
    this.#position = new Position(parts.readBack);
  }

  /** Settles when all that was in the stream at the start was taken. */
  get begun(): Promise<void> {
    return this.#begun.promise;
  }

  /** Whether what is stored is taken soon. */
  get isFollowing(): boolean {
    return this.#isLive && this.#waiting.length === 0;
  }

  /** Reads the last entries again: one may be missing. */
  rewind(): void {
    this.#position.rewind();
    this.#broken.resolve("an entry is missing");
  }

  /**
   * Reads until a signal comes, or the connection seems to be of no use.
   *
   * @throws {Error} If the server has not answered several times.
   */
  async follow(connection: Connection, signal: AbortSignal): Promise<void> {
    signal.addEventListener("abort", () => this.#broken.resolve("the end"), { once: true });
    let failures = 0;
    while (!signal.aborted) {
      this.#broken = Promise.withResolvers();
      this.#silences = 0;
      let stop = () => {};
      try {
        stop = await this.#consume(connection);
        failures = 0;
        this.#isLive = true;
        this.#parts.onHeld(undefined);
        this.#parts.onFollowing();
        const watch = setInterval(() => {
          if (++this.#silences > MAX_SILENCES) this.#broken.resolve("silence");
        }, FOLLOWER_HEARTBEAT_MS);
        const reason = await this.#broken.promise;
        clearInterval(watch);
        // Another consumer would bring the same at once.
        if (reason === "a jump" && this.#arrived === 0) await pause();
      } catch (error) {
        if (signal.aborted) break;
        this.#parts.onHeld((error as Error).message);
        if (++failures >= MAX_FAILED_REQUESTS) throw error;
        await pause();
      } finally {
        this.#isLive = false;
        this.#drop();
        stop();
      }
    }
  }

  /** Makes a consumer. Returns what ends it. */
  async #consume(connection: Connection): Promise<() => void> {
    const { stream } = this.#parts;
    const info = await readInfo(connection, stream);
    const fault = this.#parts.findFault(info.config);
    if (fault !== undefined) throw new Error(fault);
    const change = this.#position.compare(info);
    if (change !== undefined) this.#parts.onReset(change);
    this.#lookForBegin();
    const consumer = ++this.#consumer;
    this.#arrived = 0;
    const inbox = `${connection.inbox}.stream.${consumer}`;
    const stop = connection.subscribe(inbox, (message) => {
      if (consumer === this.#consumer) this.#hear(connection, message);
    });
    try {
      const answer = await connection.request(`$JS.API.CONSUMER.CREATE.${stream}`, {
        stream_name: stream,
        config: {
          deliver_subject: inbox,
          deliver_policy: "by_start_sequence",
          opt_start_seq: this.#position.next,
          ack_policy: "none",
          max_deliver: 1,
          replay_policy: "instant",
          flow_control: true,
          idle_heartbeat: FOLLOWER_HEARTBEAT_MS * 1e6,
          mem_storage: true,
          num_replicas: 1,
        },
      });
      const { error } = answer as { error?: { description?: string } };
      if (error) throw new Error(error.description ?? "the server makes no consumer");
      return stop;
    } catch (error) {
      stop();
      throw error;
    }
  }

  /** Takes a message of the consumer. */
  #hear(connection: Connection, message: Message): void {
    this.#silences = 0;
    const place = parsePlace(message.reply);
    // Headers of an entry are its author's: the server's own word has no place.
    if (!place && message.headers?.code === 100) return this.#obey(connection, message);
    if (!place || place.delivered !== this.#arrived + 1) return this.#broken.resolve("a jump");
    this.#arrived++;
    const { subject, data: bytes } = message;
    const { seq, storedAt } = place;
    const canTake = this.#waiting.length === 0 && !this.#parts.untilRoom();
    if (canTake) return this.#take(seq, { subject, bytes, storedAt });
    this.#wait({ kind: "entry", seq, entry: { subject, bytes: bytes.slice(), storedAt } });
  }

  /** Answers what the server says of itself. */
  #obey(connection: Connection, { headers, reply }: Message): void {
    const asked = reply || headers!.get("Nats-Consumer-Stalled");
    const answer = () => connection.publish(asked, new Uint8Array());
    if (asked) return this.#wait({ kind: "flow", answer });
    const delivered = headers!.get("Nats-Last-Consumer");
    if (delivered !== "" && Number(delivered) !== this.#arrived) this.#broken.resolve("a jump");
  }

  /** Puts something behind what waits. The server goes on when all before it is taken. */
  #wait(waiting: Waiting): void {
    this.#waiting.push(waiting);
    if (waiting.kind === "entry") this.#waitingBytes += waiting.entry.bytes.length;
    if (this.#waitingBytes > MAX_INBOX_BYTES) return this.#broken.resolve("too much");
    if (!this.#isDraining) this.#drain();
  }

  async #drain(): Promise<void> {
    this.#isDraining = true;
    for (let next = this.#waiting[0]; next; next = this.#waiting[0]) {
      const consumer = this.#consumer;
      const room = next.kind === "entry" ? this.#parts.untilRoom() : undefined;
      if (room) await room;
      if (consumer !== this.#consumer || this.#waiting[0] !== next) continue;
      this.#waiting.shift();
      if (next.kind === "flow") next.answer();
      else {
        this.#waitingBytes -= next.entry.bytes.length;
        this.#take(next.seq, next.entry);
      }
    }
    this.#isDraining = false;
  }

  #take(seq: number, entry: StreamEntry): void {
    this.#position.take(seq);
    this.#parts.take(entry);
    this.#lookForBegin();
  }

  #lookForBegin(): void {
    if (this.#position.hasBegun) this.#begun.resolve();
  }

  /** Forgets what was not taken: the next consumer begins with it. */
  #drop(): void {
    this.#consumer++;
    this.#waiting = [];
    this.#waitingBytes = 0;
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, FOLLOW_RETRY_MS));
}
