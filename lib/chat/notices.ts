/**
 * A flood of notices, told in a few lines.
 *
 * @module
 */

import { type Schedule, scheduleByTimer } from "../async/schedule.ts";
import { TokenBucket } from "../async/token_bucket.ts";
import type { Say } from "../messages/phrases.ts";
import { describeHappening, type MarkedHappening, markName } from "./describe.ts";
import {
  MAX_NAMES_SUMMED_UP,
  MAX_NOTICED_MEMBERS,
  MEMBER_NOTICE_MS,
  MEMBER_NOTICES_BURST,
  NOTICE_MS,
  NOTICES_BURST,
  SUM_UP_MS,
} from "./limits.ts";

/** What is summed up together. Other events are told each. */
const TOPICS = {
  joined: "came",
  returned: "came",
  left: "went",
  lost: "went",
  renamed: "renamed",
  away: "away",
  back: "away",
  missing: "missing",
  mended: "mended",
  impostor: "impostor",
  offer: "offers",
} as const;

type Topic = (typeof TOPICS)[keyof typeof TOPICS];
type Notice = Extract<MarkedHappening, { readonly kind: keyof typeof TOPICS }>;

/** Notices of one topic that were not told. */
interface Tally {
  /** Notices; for missing and mended messages, how many messages. */
  count: number;
  /** Whose they are, if all are one member's. */
  member: string | undefined;
  last: Notice;
  /** Nicknames of a few of the members. */
  readonly names: Set<string>;
}

/** What {@linkcode Notices} work with. */
export interface NoticesParts {
  readonly say: Say;
  /** Tells what many notices came to; undefined for one who is told each. */
  readonly sumUp: ((text: string) => void) | undefined;
  /** A clock in ms that never runs back; the process's by default. */
  readonly monotonic?: () => number;
  readonly schedule?: Schedule;
}

/**
 * Lets some notices through, and sums up the others a few seconds later: a member that makes many
 * has few of its own told, and hides the others' only when all make too many.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { sayIn } from "../messages/say.ts";
 * const told: string[] = [];
 * const notices = new Notices({ say: sayIn("en"), sumUp: (text) => told.push(text) });
 * const event = { kind: "renamed", id: "b", before: "bo", nickname: "bob", trust: "verified" };
 * for (let i = 0; i < 317; i++) notices.admits(event as never);
 * notices.close();
 * assert.deepEqual(told, ["bob changed its name 312 times"]);
 * ```
 */
export class Notices {
  readonly #parts: NoticesParts;
  readonly #monotonic: () => number;
  readonly #all: TokenBucket;
  /** A bucket for each member. The member of the last notice comes last. */
  readonly #members = new Map<string, TokenBucket>();
  readonly #tallies = new Map<Topic, Tally>();
  #cancel: (() => void) | undefined;

  constructor(parts: NoticesParts) {
    this.#parts = parts;
    this.#monotonic = parts.monotonic ?? (() => performance.now());
    this.#all = createBucket(NOTICES_BURST, NOTICE_MS, this.#monotonic());
  }

  /**
   * Takes a notice.
   *
   * @returns Whether it is to be told now. Otherwise it is summed up with others.
   */
  admits(event: MarkedHappening): boolean {
    if (!this.#parts.sumUp || !isNotice(event)) return true;
    const now = this.#monotonic();
    const member = memberOf(event);
    if (this.#bucketOf(member, now).take(1, now) && this.#all.take(1, now)) return true;
    this.#count(event, member);
    const { schedule = scheduleByTimer } = this.#parts;
    this.#cancel ??= schedule(() => this.#sumUp(), SUM_UP_MS);
    return false;
  }

  /** Tells what was not told yet. */
  close(): void {
    this.#sumUp();
  }

  #bucketOf(member: string, now: number): TokenBucket {
    const bucket = this.#members.get(member) ??
      createBucket(MEMBER_NOTICES_BURST, MEMBER_NOTICE_MS, now);
    this.#members.delete(member);
    this.#members.set(member, bucket);
    if (this.#members.size > MAX_NOTICED_MEMBERS) {
      this.#members.delete(this.#members.keys().next().value!);
    }
    return bucket;
  }

  #count(event: Notice, member: string): void {
    const topic = TOPICS[event.kind];
    const count = "count" in event ? event.count : 1;
    const name = this.#nameOf(event);
    const tally = this.#tallies.get(topic);
    if (!tally) {
      this.#tallies.set(topic, { count, member, last: event, names: new Set([name]) });
      return;
    }
    tally.count += count;
    tally.last = event;
    if (tally.member !== member) tally.member = undefined;
    if (tally.names.size < MAX_NAMES_SUMMED_UP) tally.names.add(name);
  }

  #sumUp(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    for (const [topic, tally] of this.#tallies) this.#parts.sumUp!(this.#describe(topic, tally));
    this.#tallies.clear();
  }

  #describe(topic: Topic, { count, member, last, names }: Tally): string {
    const { say } = this.#parts;
    if (count === 1) return describeHappening(last, say)!;
    if (member !== undefined) return this.#describeOne(topic, count, last);
    const values = { count, names: [...names].join(", ") };
    switch (topic) {
      case "came":
        return say("{count} more joined, among them {names}", values);
      case "went":
        return say("{count} more left, among them {names}", values);
      case "renamed":
        return say("{count} more changes of names, by {names} and others", values);
      case "away":
        return say("{count} more went away or came back, among them {names}", values);
      case "missing":
        return say("{count} more messages are missing, of {names} and others", values);
      case "mended":
        return say("{count} more messages of {names} and others came late, and were put right", {
          ...values,
        });
      case "offers":
        return say("{count} more files are offered, by {names} and others: see /files", values);
      case "impostor":
        return say(
          "WARNING: somebody writes with other keys under {count} more names, such as {names}. Compare with /verify",
          values,
        );
    }
  }

  #describeOne(topic: Topic, count: number, last: Notice): string {
    const { say } = this.#parts;
    const values = { count, nickname: this.#nameOf(last) };
    switch (topic) {
      case "came":
        return say("{nickname} joined {count} times", values);
      case "went":
        return say("{nickname} left {count} times", values);
      case "renamed":
        return say("{nickname} changed its name {count} times", values);
      case "away":
        return say("{nickname} went away or came back {count} times", values);
      case "offers":
        return say("{nickname} offers {count} more files: see /files", values);
      default:
        return describeHappening({ ...last, count } as Notice, say)!;
    }
  }

  #nameOf(event: Notice): string {
    return "trust" in event ? markName(event, this.#parts.say) : event.nickname;
  }
}

function createBucket(burst: number, msForOne: number, now: number): TokenBucket {
  return new TokenBucket({ burst, perSecond: 1000 / msForOne }, now);
}

function isNotice(event: MarkedHappening): event is Notice {
  return Object.hasOwn(TOPICS, event.kind);
}

function memberOf(event: Notice): string {
  return "id" in event && typeof event.id === "string" ? event.id : event.nickname;
}
