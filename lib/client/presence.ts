/**
 * Presence: when this client says that it is here. Members answer newcomers at random times, so
 * that not all answer at once.
 *
 * @module
 * @see docs/PROTOCOL.md, "Presence"
 */

import type { NewMessage } from "./author.ts";
import {
  MAX_ANSWER_MS,
  MAX_HEARTBEAT_MS,
  MAX_IDLE_HEARTBEAT_MS,
  MIN_ANSWER_MS,
  MIN_HEARTBEAT_MS,
  MIN_IDLE_HEARTBEAT_MS,
  MS_PER_ANSWERING_MEMBER,
} from "./limits.ts";

/** What a {@linkcode Presence} works with. */
export interface PresenceParts {
  /** Tells this member's X25519 key of now, in base64url. */
  readonly agreementKey: () => string;
  /** Tells the day of that key, from 1970. */
  readonly keyDay?: () => number;
  /** Time, in ms, before which it says nothing; Infinity for one that says nothing at all. */
  readonly quietMs: number;
  /** From 0 to 1. */
  readonly random: () => number;
  /** A clock in ms that never runs back. */
  readonly monotonic: () => number;
}

/** What decides whether `here` is due. */
export interface Surroundings {
  /** Clients that may answer too: the more, the later. */
  readonly members: number;
  /** Whether one of them expects to hear of others each minute. */
  readonly isImpatient: boolean;
  /** When this client wrote a message that is kept; -Infinity if it has not. */
  readonly wroteAt: number;
}

/**
 * Decides when to say `here`. It has no clock of its own: the caller says what time it is, in ms.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * let now = 0;
 * const clock = { random: () => 0.5, monotonic: () => now };
 * const presence = new Presence({ agreementKey: () => "x", quietMs: 0, ...clock });
 * presence.introduce("join", 7);
 * now = 60_000;
 * const idle = { members: 1, isImpatient: false, wroteAt: -Infinity };
 * assert.equal(presence.due(7, idle).length, 0);
 * assert.equal(presence.due(7, { ...idle, wroteAt: 1 })[0]?.kind, "here");
 * ```
 */
export class Presence {
  /** Why this member is away, perhaps ""; undefined while it is here. */
  away: string | undefined;
  readonly #parts: PresenceParts;
  /** When this client introduced itself last. */
  #saidAt: number;
  /** From 0 to 1: how late it does so again. */
  #lateness: number;
  /** When it may introduce itself. */
  #speaksAt: number;
  #hasJoined = false;
  #answerAt: number | undefined;
  #isAnswerDue = false;

  /** @param parts What it works with. */
  constructor(parts: PresenceParts) {
    this.#parts = parts;
    this.#saidAt = parts.monotonic();
    this.#speaksAt = this.#saidAt + parts.quietMs;
    this.#lateness = parts.random();
  }

  /** This member's X25519 key, in base64url. */
  get agreementKey(): string {
    return this.#parts.agreementKey();
  }

  /**
   * Introduces this client as soon as may be.
   *
   * @returns Whether it has kept to itself so far.
   */
  endQuiet(): boolean {
    const wasQuiet = this.#parts.monotonic() < this.#speaksAt;
    this.#speaksAt = -Infinity;
    return wasQuiet;
  }

  /**
   * Introduces this client.
   *
   * @param kind `join` if the client has just come, else `here`.
   * @param cid The number of this client's connection.
   */
  introduce(kind: "join" | "here", cid: number | undefined): NewMessage[] {
    const { agreementKey } = this;
    const { keyDay, random, monotonic } = this.#parts;
    if (monotonic() < this.#speaksAt) return [];
    // One answer is for all who came meanwhile, and a heartbeat too.
    this.#answerAt = undefined;
    this.#hasJoined = true;
    this.#saidAt = monotonic();
    this.#lateness = random();
    const away = this.away === undefined ? {} : { text: this.away };
    const silenceSeconds = MAX_IDLE_HEARTBEAT_MS / 1000;
    const key = keyDay ? { agreementKey, keyDay: keyDay() } : { agreementKey };
    return [{ kind, ...key, cid, silenceSeconds, ...away }];
  }

  /** Notes that a member has come, which this client has to answer. */
  noteArrival(): void {
    this.#isAnswerDue = true;
  }

  /**
   * Tells what to say now.
   *
   * @param now The time, in ms.
   * @param members How many clients may answer. The more they are, the longer the wait may be.
   * @param cid The number of this client's connection.
   */
  due(cid: number | undefined, { members, isImpatient, wroteAt }: Surroundings): NewMessage[] {
    const { random, monotonic } = this.#parts;
    const now = monotonic();
    if (!this.#hasJoined) return now < this.#speaksAt ? [] : this.introduce("join", cid);
    if (this.#isAnswerDue) {
      const spread = Math.min(
        Math.max(MIN_ANSWER_MS, members * MS_PER_ANSWERING_MEMBER),
        MAX_ANSWER_MS,
      );
      this.#answerAt ??= now + random() * spread;
      this.#isAnswerDue = false;
    }
    const soon = this.#between(MIN_HEARTBEAT_MS, MAX_HEARTBEAT_MS);
    const idle = this.#between(MIN_IDLE_HEARTBEAT_MS, MAX_IDLE_HEARTBEAT_MS);
    const dueAt = Math.min(
      this.#answerAt ?? Infinity,
      this.#saidAt + (isImpatient ? soon : idle),
      // It shows those who missed the last message that they did.
      wroteAt >= this.#saidAt ? wroteAt + soon : Infinity,
    );
    return now < dueAt ? [] : this.introduce("here", cid);
  }

  #between(least: number, greatest: number): number {
    return least + this.#lateness * (greatest - least);
  }
}
