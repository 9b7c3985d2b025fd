/**
 * Members at several relays of one room, each of which sends numbered lines, and an oracle: what was
 * lost, what came twice, and in which order lines came.
 *
 * @module
 */

import { connectMember } from "./member_client.ts";
import { fakeToken, type RawClient } from "./raw_client.ts";

/** How talkers talk. */
export interface TalkOptions {
  /** The port of each talker's relay. */
  readonly ports: readonly number[];
  /** The address of all relays: 127.0.0.1 by default. */
  readonly hostname?: string;
  /** Time between two lines of a talker, in ms. */
  readonly everyMs: number;
  /** Characters of a line: 140 by default. */
  readonly chars?: number;
}

/** What the oracle found. */
export interface Finding {
  readonly sent: number;
  readonly received: number;
  readonly lost: number;
  readonly twice: number;
  /** Pairs of receivers that got lines in different orders. */
  readonly disordered: number;
  /** Lines of one sender that came out of its order. */
  readonly shuffled: number;
  /** The longest time until a line was taken, in ms. */
  readonly longestPongMs: number;
  /** Connections that ended. */
  readonly cut: number;
}

interface Talker {
  readonly client: RawClient;
  readonly got: number[];
  readonly waiting: Map<number, number>;
  sent: number;
  longestMs: number;
  rest: string;
}

/** Lines of one talker are numbered from its place times this. */
const SPAN = 1e6;
const NUMBER = /^gAAAAAt(\d+)x/;

/** Members that talk. */
export class Talkers implements Disposable {
  readonly #options: TalkOptions;
  readonly #talkers: Talker[];
  #timer: ReturnType<typeof setInterval> | undefined;

  private constructor(options: TalkOptions, clients: readonly RawClient[]) {
    this.#options = options;
    this.#talkers = clients.map((client) => {
      const talker: Talker = {
        ...{ client, got: [], waiting: new Map(), sent: 0, longestMs: 0, rest: "" },
      };
      const decoder = new TextDecoder();
      client.onChunk = (chunk) => take(talker, decoder.decode(chunk, { stream: true }));
      return talker;
    });
  }

  /** Has all members enter. */
  static async gather(options: TalkOptions): Promise<Talkers> {
    const clients = await Promise.all(
      options.ports.map((port) => connectMember(port, 0, options.hostname)),
    );
    return new Talkers(options, clients);
  }

  /** Begins to talk. */
  start(): void {
    this.#timer = setInterval(() => {
      for (const [i, talker] of this.#talkers.entries()) this.#say(i, talker);
    }, this.#options.everyMs);
  }

  /** Ends the talk. */
  stop(): void {
    clearInterval(this.#timer);
  }

  /** Whether all that was sent was taken, and has come to everyone. */
  get isSettled(): boolean {
    const total = this.#talkers.reduce((sum, { sent }) => sum + sent, 0);
    return this.#talkers.every(({ got, sent, waiting }) => {
      return waiting.size === 0 && new Set(got).size === total - sent;
    });
  }

  /** Waits until all has come, for a bounded time. */
  async settle(seconds: number): Promise<void> {
    const until = performance.now() + seconds * 1000;
    while (!this.isSettled && performance.now() < until) await pause(50);
    // What comes twice may come late.
    await pause(300);
  }

  /** Says what has come of the talk so far. */
  judge(): Finding {
    const total = this.#talkers.reduce((sum, { sent }) => sum + sent, 0);
    let [lost, twice, shuffled, received] = [0, 0, 0, 0];
    for (const { got, sent } of this.#talkers) {
      const distinct = new Set(got);
      received += got.length;
      lost += total - sent - distinct.size;
      twice += got.length - distinct.size;
      shuffled += countShuffled(got);
    }
    const longest = this.#talkers.map(({ longestMs, waiting }) => {
      const now = performance.now();
      return Math.max(longestMs, ...[...waiting.values()].map((at) => now - at));
    });
    return {
      ...{ sent: total, received, lost, twice, shuffled, disordered: this.#countDisordered() },
      longestPongMs: Math.round(Math.max(...longest)),
      cut: this.#talkers.filter(({ client }) => client.isEnded).length,
    };
  }

  [Symbol.dispose](): void {
    this.stop();
    for (const { client } of this.#talkers) client[Symbol.dispose]();
  }

  #say(i: number, talker: Talker): void {
    const number = i * SPAN + talker.sent++;
    const line = fakeToken(`t${number}x`, this.#options.chars);
    talker.waiting.set(number, performance.now());
    talker.client.send(`${line}\n!PING ${number}\n`).catch(() => {});
  }

  /** Compares each receiver with the next: the lines that both got, in their orders. */
  #countDisordered(): number {
    let count = 0;
    for (const [i, { got }] of this.#talkers.entries()) {
      const other = this.#talkers[(i + 1) % this.#talkers.length]!.got;
      const [common, theirs] = [new Set(got), new Set(other)];
      const [a, b] = [got.filter((n) => theirs.has(n)), other.filter((n) => common.has(n))];
      if (a.join() !== b.join()) count++;
    }
    return count;
  }
}

function take(talker: Talker, text: string): void {
  const lines = (talker.rest + text).split("\n");
  talker.rest = lines.pop()!;
  for (const line of lines) {
    const [, number] = NUMBER.exec(line) ?? [];
    if (number !== undefined) talker.got.push(Number(number));
    const [, pong] = /^!PONG (\d+)$/.exec(line) ?? [];
    const at = pong === undefined ? undefined : talker.waiting.get(Number(pong));
    if (at === undefined) continue;
    talker.waiting.delete(Number(pong));
    talker.longestMs = Math.max(talker.longestMs, performance.now() - at);
  }
}

function countShuffled(got: readonly number[]): number {
  const last = new Map<number, number>();
  let count = 0;
  for (const number of got) {
    const sender = Math.floor(number / SPAN);
    if (number < (last.get(sender) ?? -1)) count++;
    last.set(sender, number);
  }
  return count;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
