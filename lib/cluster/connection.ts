/**
 * One connection to a server of NATS. It is not repaired: a new one takes its place.
 *
 * @module
 */

import {
  type Authenticator,
  credsAuthenticator,
  errors,
  type MsgImpl,
  NatsConnectionImpl,
  nkeyAuthenticator,
  setTransportFactory,
  usernamePasswordAuthenticator,
} from "@nats-io/nats-core/internal";
import { formatHostPort } from "../text/host_port.ts";
import { NATS_CONNECT_MS, NATS_PING_MS, REQUEST_TIMEOUT_MS } from "./limits.ts";
import type { Credentials, NatsServer } from "./servers.ts";
import { DenoTransport } from "./transport.ts";

const [ENCODER, DECODER] = [new TextEncoder(), new TextDecoder()];

/** A message. Its bytes are valid during the call only. */
export type Message = Pick<MsgImpl, "subject" | "reply" | "headers" | "data">;

/** The server does not let this relay in. */
export class UnauthorizedError extends Error {
  override readonly name = "UnauthorizedError";
}

/** What a {@linkcode Connection} is opened with. */
export interface ConnectionOptions {
  readonly server: NatsServer;
  /** From a file; undefined for what is in the address. */
  readonly credentials: Credentials | undefined;
  /** Certificates of those who vouch for the servers, in PEM; undefined for the usual ones. */
  readonly ca: string | undefined;
  /** Name of the relay. */
  readonly name: string;
  /** Is told what the server does not let this relay do. */
  readonly onDenied: (what: string) => void;
}

/** An open connection. */
export class Connection {
  /** `host:port` of the server. */
  readonly place: string;
  /** Begins all subjects that this connection alone is sent. */
  readonly inbox: string;
  /** Settles when the connection has ended, with the reason. */
  readonly ended: Promise<string>;
  readonly #nats: NatsConnectionImpl;
  readonly #expected = new Map<string, (message: Message) => void>();
  #count = 0;
  /** What the server did not let this relay do last. */
  #denied: string | undefined;

  private constructor(nats: NatsConnectionImpl, { server, name, onDenied }: ConnectionOptions) {
    this.#nats = nats;
    this.place = formatHostPort(server.hostname, server.port);
    this.inbox = `_INBOX.${name}.${crypto.randomUUID().replaceAll("-", "")}`;
    this.subscribe(`${this.inbox}.*`, (message) => this.#dispatch(message));
    this.ended = nats.closed().then((error) => {
      this.#expected.clear();
      return error instanceof Error ? error.message : "the connection was closed";
    });
    this.#watch(onDenied);
  }

  /**
   * Connects.
   *
   * @throws {UnauthorizedError} If the server does not know the credentials.
   * @throws {Error} If nobody answers, or what answers is no server of NATS.
   */
  static async open(options: ConnectionOptions): Promise<Connection> {
    const { server, credentials, ca, name } = options;
    setTransportFactory({ factory: () => new DenoTransport() });
    try {
      const nats = await NatsConnectionImpl.connect({
        servers: [formatHostPort(server.hostname, server.port)],
        name,
        authenticator: authenticatorOf(credentials ?? server.credentials),
        tls: server.isTls ? { ca } : ca === undefined ? undefined : { ca },
        timeout: NATS_CONNECT_MS,
        pingInterval: NATS_PING_MS,
        reconnect: false,
        ignoreClusterUpdates: true,
        noAsyncTraces: true,
      });
      return new Connection(nats as NatsConnectionImpl, options);
    } catch (error) {
      if (!isUnauthorized(error)) throw error;
      throw new UnauthorizedError((error as Error).message, { cause: error });
    }
  }

  /** Publishes bytes, which must not change any more. */
  publish(subject: string, bytes: Uint8Array, reply?: string): void {
    if (!this.#nats.isClosed()) this.#nats.publish(subject, bytes, { reply });
  }

  /** Has a function called with each message to a subject. Returns what ends that. */
  subscribe(subject: string, take: (message: Message) => void): () => void {
    const subscription = this.#nats.subscribe(subject, {
      callback: (error, message) => {
        if (!error) take(message as MsgImpl);
      },
    });
    return () => subscription.unsubscribe();
  }

  /** Makes a subject to which one answer is expected, and has a function called with that. */
  expect(take: (message: Message) => void): string {
    const token = `${++this.#count}`;
    this.#expected.set(token, take);
    return `${this.inbox}.${token}`;
  }

  /** Expects no answer any more. */
  forget(subject: string): void {
    this.#expected.delete(subject.slice(this.inbox.length + 1));
  }

  /**
   * Asks for something.
   *
   * @param againMs Time after which it is asked again, in ms, until there is an answer. It is for
   * questions that change nothing: while the servers elect a leader, nobody hears them.
   * @returns The answer, parsed.
   * @throws {Error} If nobody answers in 2 s, or may, or what answers is no JSON object.
   */
  async request(
    subject: string,
    question: unknown,
    againMs = Infinity,
  ): Promise<Record<string, unknown>> {
    const { promise, resolve, reject } = Promise.withResolvers<Record<string, unknown>>();
    const reply = this.expect((message) => {
      try {
        if (isNobody(message)) throw new Error("no JetStream answers");
        resolve(parseObject(message.data));
      } catch (error) {
        reject(error);
      }
    });
    this.#denied = undefined;
    const fail = () => reject(new Error(this.#denied ?? "no answer in time"));
    const ask = () => this.publish(subject, ENCODER.encode(JSON.stringify(question)), reply);
    const timer = setTimeout(fail, REQUEST_TIMEOUT_MS);
    const again = againMs < REQUEST_TIMEOUT_MS ? setInterval(ask, againMs) : undefined;
    try {
      ask();
      return await promise;
    } finally {
      clearTimeout(timer);
      clearInterval(again);
      this.forget(reply);
    }
  }

  /** Writes what is queued, and ends the connection. */
  async close(): Promise<void> {
    if (!this.#nats.isClosed()) await this.#nats.flush().catch(() => {});
    this.abandon();
  }

  /** Ends the connection at once. */
  abandon(): void {
    this.#nats.close().catch(() => {});
  }

  #dispatch(message: Message): void {
    const token = message.subject.slice(this.inbox.length + 1);
    const take = this.#expected.get(token);
    this.#expected.delete(token);
    take?.(message);
  }

  async #watch(onDenied: (what: string) => void): Promise<void> {
    for await (const status of this.#nats.status()) {
      if (status.type !== "error") continue;
      this.#denied = status.error.message;
      onDenied(this.#denied);
    }
  }
}

/** Whether an answer says that nobody listens. */
export function isNobody({ headers }: Pick<Message, "headers">): boolean {
  return headers?.code === 503;
}

/** Parses a JSON object. Throws if it is none. */
export function parseObject(bytes: Uint8Array): Record<string, unknown> {
  const value = JSON.parse(DECODER.decode(bytes));
  if (typeof value !== "object" || value === null) throw new Error("the answer is no JSON object");
  return value;
}

function isUnauthorized(error: unknown): boolean {
  return error instanceof errors.AuthorizationError ||
    error instanceof errors.UserAuthenticationExpiredError;
}

function authenticatorOf(credentials: Credentials | undefined): Authenticator | undefined {
  if (!credentials) return undefined;
  if (credentials.kind === "user") {
    return usernamePasswordAuthenticator(credentials.user, credentials.password);
  }
  const bytes = ENCODER.encode(credentials.text);
  return credentials.kind === "seed" ? nkeyAuthenticator(bytes) : credsAuthenticator(bytes);
}
