/**
 * Members of the room of `SECRET` who are far away, or who measure how soon they hear each other.
 *
 * @module
 */

import { writeAll } from "../../lib/bytes/write_all.ts";
import { prove, untilLine } from "./member_client.ts";
import { fakeToken, RawClient } from "./raw_client.ts";

/** A way to a relay on which each byte takes some time. */
export class LongWay implements Disposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #target: number;
  readonly #ms: number;

  /**
   * @param target The relay's port on this machine.
   * @param ms How long a byte takes in one direction.
   */
  constructor(target: number, ms: number) {
    this.#target = target;
    this.#ms = ms;
    this.#accept();
  }

  /** Where clients connect. */
  get port(): number {
    return this.#listener.addr.port;
  }

  /** Takes nobody any more. */
  [Symbol.dispose](): void {
    this.#listener.close();
  }

  async #accept(): Promise<void> {
    try {
      for await (const client of this.#listener) this.#connect(client);
    } catch {
      // The listener was closed.
    }
  }

  async #connect(client: Deno.TcpConn): Promise<void> {
    try {
      await sleep(this.#ms);
      const relay = await Deno.connect({ hostname: "127.0.0.1", port: this.#target });
      relay.setNoDelay(true);
      client.setNoDelay(true);
      await sleep(this.#ms);
      await Promise.all([this.#pass(client, relay), this.#pass(relay, client)]);
    } catch {
      // One of them was closed.
    }
  }

  async #pass(from: Deno.TcpConn, to: Deno.TcpConn): Promise<void> {
    let last = Promise.resolve();
    const buffer = new Uint8Array(65_536);
    try {
      for (;;) {
        const bytes = await from.read(buffer);
        const chunk = bytes === null ? undefined : buffer.slice(0, bytes);
        const arrived = sleep(this.#ms);
        last = last.then(() => arrived).then(() => chunk ? writeAll(to, chunk) : to.close());
        last.catch(() => {});
        if (!chunk) break;
      }
      await last;
    } catch {
      // It is closed already.
    }
  }
}

/** How those got in who tried. */
export interface Entries {
  readonly tried: number;
  /** How long each took who got in within 2 s, in ms. */
  readonly ms: readonly number[];
}

/** Longest that a member tries to get in, in ms. */
const ENTRY_MS = 2000;
/** Time, in ms, after which it tries again, as the client does. */
const AGAIN_MS = 500;

/** Has a member try to get in, in each of some moments: again, as the client does, for 2 s. */
export async function tryToEnter(port: number, tries: number, everyMs: number): Promise<Entries> {
  const all = Array.from({ length: tries }, async (_, i) => {
    await sleep(i * everyMs);
    const start = performance.now();
    for (let leftMs = ENTRY_MS; leftMs > 0; leftMs = start + ENTRY_MS - performance.now()) {
      if (await entersWithin(port, leftMs)) return performance.now() - start;
      await sleep(AGAIN_MS);
    }
    return undefined;
  });
  const ms = (await Promise.all(all)).filter((each) => each !== undefined);
  return { tried: tries, ms: ms.sort((a, b) => a - b) };
}

/** Whether one connection leads in. */
async function entersWithin(port: number, ms: number): Promise<boolean> {
  try {
    using client = await RawClient.connect(port);
    const entering = prove(client).then(() => untilLine(client, "!WELCOME"));
    entering.catch(() => {});
    await Promise.race([entering, sleep(ms)]);
    return client.lines().some((line) => line.startsWith("!WELCOME"));
  } catch {
    return false;
  }
}

const BETWEEN_MS = 50;
/** Characters of what tells the lines of a talk apart. */
const LABEL_CHARS = "gAAAAA-me0000000-".length;

/** Two members, one of whom sends 20 short lines a second to the other. */
export class Talk implements Disposable {
  readonly #sender: RawClient;
  readonly #reader: RawClient;

  private constructor(sender: RawClient, reader: RawClient) {
    this.#sender = sender;
    this.#reader = reader;
  }

  /** Connects both. */
  static async begin(port: number): Promise<Talk> {
    const [sender, reader] = [await RawClient.connect(port), await RawClient.connect(port)];
    for (const client of [sender, reader]) {
      await prove(client);
      await untilLine(client, "!LIVE");
    }
    return new Talk(sender, reader);
  }

  /** How long the lines of that many seconds took, in ms, the quickest first; late ones come too. */
  async listen(seconds: number): Promise<number[]> {
    const sentAt: number[] = [];
    const delays: number[] = [];
    let tail = "";
    this.#reader.onChunk = (chunk) => {
      const now = performance.now();
      const text = tail + new TextDecoder("latin1").decode(chunk);
      tail = text.slice(-(LABEL_CHARS - 1));
      for (const [, number] of text.matchAll(/gAAAAA-me(\d{7})-/g)) {
        delays.push(now - sentAt[Number(number)]!);
      }
    };
    const start = performance.now();
    for (let i = 0; i < seconds * 1000 / BETWEEN_MS; i++) {
      await sleep(start + i * BETWEEN_MS - performance.now());
      sentAt.push(performance.now());
      await this.#sender.send(`${fakeToken(`-me${String(i).padStart(7, "0")}-`)}\n`);
    }
    const until = performance.now() + 20_000;
    while (delays.length < sentAt.length && performance.now() < until) await sleep(20);
    while (delays.length < sentAt.length) delays.push(Infinity);
    return delays.sort((a, b) => a - b);
  }

  /** Ends both. */
  [Symbol.dispose](): void {
    this.#sender[Symbol.dispose]();
    this.#reader[Symbol.dispose]();
  }
}

/** The value that a share of sorted ones do not exceed. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}

async function sleep(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
