/**
 * Real members, who know all relays of their room, and what came to each of them.
 *
 * @module
 */

import { SECRET } from "../tests/support/forged_tokens.ts";
import { Member } from "../tests/support/member.ts";

/** What the oracle found. */
export interface MemberFinding {
  readonly sent: number;
  readonly lost: number;
  readonly twice: number;
  /** Messages of one sender that were shown out of its order. */
  readonly shuffled: number;
  /** The longest time until the last messages had come to everyone, in ms. */
  readonly settledMs: number;
}

/** Members that talk. */
export class MemberTalk implements AsyncDisposable {
  readonly #members: readonly Member[];
  readonly #sent: number[];
  #timer: ReturnType<typeof setInterval> | undefined;

  private constructor(members: readonly Member[]) {
    this.#members = members;
    this.#sent = members.map(() => 0);
  }

  /**
   * Has members enter.
   *
   * @param ports The relays. Each member has another one first.
   */
  static async gather(ports: readonly number[], count: number): Promise<MemberTalk> {
    const members = [];
    for (let i = 0; i < count; i++) {
      const [port, ...others] = ports.map((_, k) => ports[(i + k) % ports.length]!);
      members.push(
        await Member.enter({
          ...{ port: port!, others, keyText: SECRET, nickname: `m${i}` },
          // As a client at a terminal.
          ...{ backlog: 200, reconnectMs: 86_400_000 },
        }),
      );
    }
    return new MemberTalk(members);
  }

  /** Begins to talk. */
  start(everyMs: number): void {
    this.#timer = setInterval(() => {
      for (const [i, member] of this.#members.entries()) member.say(`${i}.${this.#sent[i]!++}`);
    }, everyMs);
  }

  /** Ends the talk, and waits until all has come. */
  async settle(seconds: number): Promise<MemberFinding> {
    clearInterval(this.#timer);
    const begunAt = performance.now();
    while (!this.#isSettled && performance.now() - begunAt < seconds * 1000) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const settledMs = Math.round(performance.now() - begunAt);
    let [lost, twice, shuffled] = [0, 0, 0];
    for (const i of this.#members.keys()) {
      const got = this.#got(i);
      const distinct = new Set(got);
      lost += this.#expected(i) - distinct.size;
      twice += got.length - distinct.size;
      shuffled += countShuffled(got);
    }
    const sent = this.#sent.reduce((a, b) => a + b);
    return { sent, lost, twice, shuffled, settledMs };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#members.map((member) => member[Symbol.asyncDispose]()));
  }

  get #isSettled(): boolean {
    return this.#members.every((_, i) => new Set(this.#got(i)).size === this.#expected(i));
  }

  #expected(i: number): number {
    return this.#sent.reduce((sum, sent, k) => sum + (k === i ? 0 : sent), 0);
  }

  #got(i: number): string[] {
    return this.#members[i]!.events.flatMap((event) => {
      return event.kind === "message" && !event.text.startsWith(`${i}.`) ? [event.text] : [];
    });
  }
}

function countShuffled(got: readonly string[]): number {
  const last = new Map<string, number>();
  let count = 0;
  for (const text of got) {
    const [sender, number] = text.split(".");
    if (Number(number) < (last.get(sender!) ?? -1)) count++;
    last.set(sender!, Number(number));
  }
  return count;
}
