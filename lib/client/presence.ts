/**
 * When this client says that it is here, without a storm of answers.
 *
 * @module
 * @see docs/PROTOCOL.md, "Presence"
 */

import type { Draft } from "./author.ts";
import {
  MAX_ANSWER_MS,
  MAX_HEARTBEAT_MS,
  MIN_ANSWER_MS,
  MIN_HEARTBEAT_MS,
  MS_PER_ANSWERING_MEMBER,
} from "./limits.ts";

/**
 * Decides when to say `here`. It has no clock of its own.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const presence = new Presence({ agreementKey: undefined, random: () => 0.5, isPlain: false });
 * presence.introduce("join", 7);
 * assert.equal(presence.due(0, 1, 7).length, 0);
 * assert.equal(presence.due(60_000, 1, 7)[0]?.kind, "here");
 * ```
 */
export class Presence {
  /** Why this member is away, perhaps ""; undefined while it is there. */
  away: string | undefined;
  readonly #agreementKey: string | undefined;
  readonly #random: () => number;
  readonly #isPlain: boolean;
  #hereAt = 0;
  #answerAt: number | undefined;
  #isAnswerDue = false;

  /**
   * @param options `agreementKey`: this member's X25519 key, in base64url; `random`: from 0 to
   * 1; `isPlain`: whether to say nothing of oneself.
   */
  constructor(options: {
    readonly agreementKey: string | undefined;
    readonly random: () => number;
    readonly isPlain: boolean;
  }) {
    this.#agreementKey = options.agreementKey;
    this.#random = options.random;
    this.#isPlain = options.isPlain;
  }

  /**
   * Introduces this client.
   *
   * @param kind Whether it has just come.
   * @param cid Its connection.
   */
  introduce(kind: "join" | "here", cid: number | undefined): Draft[] {
    if (this.#isPlain) return [];
    const away = this.away === undefined ? {} : { text: this.away };
    return [{ kind, agreementKey: this.#agreementKey, cid, ...away }];
  }

  /** Somebody has come: an answer is due, some time soon. */
  noteArrival(): void {
    this.#isAnswerDue = true;
  }

  /**
   * Tells what to say now.
   *
   * @param now The clock's time, in ms.
   * @param members Clients that may answer too: the more, the later.
   * @param cid This client's connection.
   */
  due(now: number, members: number, cid: number | undefined): Draft[] {
    if (this.#hereAt === 0) this.#planHeartbeat(now);
    if (this.#isAnswerDue) {
      const spread = Math.min(
        Math.max(MIN_ANSWER_MS, members * MS_PER_ANSWERING_MEMBER),
        MAX_ANSWER_MS,
      );
      this.#answerAt ??= now + this.#random() * spread;
      this.#isAnswerDue = false;
    }
    const isDue = now >= this.#hereAt || this.#answerAt !== undefined && now >= this.#answerAt;
    if (!isDue) return [];
    // One answer is for all who came meanwhile, and a heartbeat too.
    this.#answerAt = undefined;
    this.#planHeartbeat(now);
    return this.introduce("here", cid);
  }

  #planHeartbeat(now: number): void {
    const spread = MAX_HEARTBEAT_MS - MIN_HEARTBEAT_MS;
    this.#hereAt = now + MIN_HEARTBEAT_MS + this.#random() * spread;
  }
}
