/**
 * A connection to a server of NATS that is none.
 *
 * @module
 */

import type { Connection, Message } from "../../lib/cluster/connection.ts";

/** What was published. */
export interface Sent {
  readonly subject: string;
  readonly bytes: Uint8Array;
  readonly reply: string | undefined;
}

/** Makes a message as a server delivers it. */
export function message(
  { subject = "", reply = "", code, headers = {}, data = new Uint8Array() }: {
    readonly subject?: string;
    readonly reply?: string;
    readonly code?: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly data?: Uint8Array | string;
  },
): Message {
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  const has = code === undefined ? undefined : { code, get: (name: string) => headers[name] ?? "" };
  return { subject, reply, data: bytes, headers: has } as unknown as Message;
}

/** Records what is published, and answers as the test wants. */
export class FakeNats {
  readonly inbox = "_INBOX.test.1";
  readonly sent: Sent[] = [];
  readonly requests: {
    readonly subject: string;
    readonly question: unknown;
    readonly againMs?: number;
  }[] = [];
  /** Answers to requests, by a part of the subject: an object, or an error. */
  readonly answers = new Map<string, Record<string, unknown> | Error>();
  readonly #expected = new Map<string, (message: Message) => void>();
  readonly #subscribed = new Map<string, (message: Message) => void>();
  #count = 0;

  /** The same, as code takes it that wants a real one. */
  get connection(): Connection {
    return this as unknown as Connection;
  }

  /** The subjects that are subscribed. */
  get subjects(): string[] {
    return [...this.#subscribed.keys()];
  }

  publish(subject: string, bytes: Uint8Array, reply?: string): void {
    this.sent.push({ subject, bytes, reply });
  }

  expect(take: (message: Message) => void): string {
    const subject = `${this.inbox}.${++this.#count}`;
    this.#expected.set(subject, take);
    return subject;
  }

  forget(subject: string): void {
    this.#expected.delete(subject);
  }

  subscribe(subject: string, take: (message: Message) => void): () => void {
    this.#subscribed.set(subject, take);
    return () => this.#subscribed.delete(subject);
  }

  request(
    subject: string,
    question: unknown,
    againMs?: number,
  ): Promise<Record<string, unknown>> {
    this.requests.push({ subject, question, againMs });
    const [, answer] = [...this.answers].find(([part]) => subject.includes(part)) ?? [];
    if (answer instanceof Error || answer === undefined) {
      return Promise.reject(answer ?? new Error("no answer in time"));
    }
    return Promise.resolve(answer);
  }

  /** Answers what was published last. */
  answer(data: string, code?: number): void {
    const { reply } = this.sent.at(-1)!;
    const take = this.#expected.get(reply!);
    this.#expected.delete(reply!);
    take?.(message({ data, code }));
  }

  /** Delivers a message to whoever has subscribed. */
  deliver(subject: string, each: Message): void {
    this.#subscribed.get(subject)?.(each);
  }
}
