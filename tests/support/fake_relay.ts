/**
 * The relay's end of a connection, in the hands of a test.
 *
 * @module
 */

import assert from "node:assert/strict";
import { LineSplitter } from "../../lib/bytes/lines.ts";
import { writeAll } from "../../lib/bytes/write_all.ts";
import { AdmissionVerifier } from "../../lib/protocol/admission.ts";
import {
  type ClientControl,
  formatControl,
  parseClientControl,
  type RelayControl,
  type RoomMode,
} from "../../lib/protocol/control.ts";
import { MAX_LINE_BYTES } from "../../lib/protocol/limits.ts";
import { encode, ROOM } from "./fixed_members.ts";
import { within } from "./within.ts";

const SERVER_NONCE = new Uint8Array(32).fill(0x22);

/** What the relay says in a handshake. */
export interface Greeting {
  readonly cid?: number;
  /** Its clock, in unix seconds; by default that of this machine ... */
  readonly time?: number;
  /** ... less so many seconds. */
  readonly secondsBehind?: number;
  readonly mode?: RoomMode;
  /** Tokens of the past. */
  readonly backlog?: readonly string[];
}

/** Accepts connections, and does nothing by itself. */
export class FakeRelay implements Disposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #ends: RelayEnd[] = [];

  /** Where clients connect. */
  get port(): number {
    return this.#listener.addr.port;
  }

  /** Waits for a connection. */
  async accept(): Promise<RelayEnd> {
    const conn = await within(10, () => "nobody connected", this.#listener.accept());
    const end = new RelayEnd(conn);
    this.#ends.push(end);
    return end;
  }

  /** Waits for a connection and lets it in. */
  async admit(greeting: Greeting = {}): Promise<RelayEnd> {
    const end = await this.accept();
    await end.shakeHands(greeting);
    return end;
  }

  /** Closes all connections too. */
  [Symbol.dispose](): void {
    for (const end of this.#ends) end.kill();
    try {
      this.#listener.close();
    } catch {
      // The test has closed it.
    }
  }
}

/** One connection, as the relay sees it. */
export class RelayEnd {
  /** Tokens that the client sent, in order. */
  readonly tokens: string[] = [];
  /** What the client said, but for pings that were answered. */
  readonly said: ClientControl[] = [];
  /** Whether pings are answered. */
  answersPings = true;
  /** Whether the client has ended its output, or the connection broke. */
  isEnded = false;
  readonly conn: Deno.TcpConn;
  #arrived = Promise.withResolvers<void>();

  /** @param conn An accepted connection. */
  constructor(conn: Deno.TcpConn) {
    this.conn = conn;
    conn.setNoDelay(true);
    this.#read();
  }

  /** Goes through the handshake, and checks the proof. */
  async shakeHands(greeting: Greeting = {}): Promise<void> {
    const { cid = 7, mode = "open", backlog = [], secondsBehind = 0 } = greeting;
    const { time = Math.floor(Date.now() / 1000) - secondsBehind } = greeting;
    await this.challenge(mode);
    await this.say({ verb: "WELCOME", cid, time, maxBytes: MAX_LINE_BYTES, peers: 2 });
    await this.say({ verb: "BACKLOG", count: backlog.length });
    await this.send(...backlog, "!LIVE");
  }

  /** Goes through the handshake until the client has proved the key. */
  async challenge(mode: RoomMode = "open"): Promise<void> {
    const { nonce: client } = await this.hear("HELLO");
    await this.say({ verb: "CHAL", nonce: SERVER_NONCE, mode });
    const { signature } = await this.hear("AUTH");
    const { publicKey } = ROOM.admission;
    const verifier = await AdmissionVerifier.import({ roomId: ROOM.roomId, publicKey });
    assert.ok(await verifier.verify(signature, { server: SERVER_NONCE, client }), "a bad proof");
  }

  /** Sends lines, LF excluded. */
  async send(...lines: readonly string[]): Promise<void> {
    await writeAll(this.conn, encode(lines.map((line) => `${line}\n`).join("")));
  }

  /** Says something. */
  async say(control: RelayControl): Promise<void> {
    await writeAll(this.conn, formatControl(control));
  }

  /** Waits until the client has said that. */
  async hear<V extends ClientControl["verb"]>(
    verb: V,
  ): Promise<Extract<ClientControl, { verb: V }>> {
    const find = () => this.said.find((control) => control.verb === verb);
    await this.#until(() => find() !== undefined, () => `${verb} was not said`);
    return find() as Extract<ClientControl, { verb: V }>;
  }

  /** Waits until the client has sent so many tokens in all. */
  async waitForTokens(count: number): Promise<string[]> {
    const state = () => `${this.tokens.length} of ${count} tokens came`;
    await this.#until(() => this.tokens.length >= count, state);
    return this.tokens;
  }

  /** Waits until the client has ended its output. */
  async waitForEnd(): Promise<void> {
    await this.#until(() => this.isEnded, () => "the client has not ended");
  }

  /** Breaks the connection. */
  kill(): void {
    try {
      this.conn.close();
    } catch {
      // It is closed already.
    }
  }

  async #until(isDone: () => boolean, state: () => string): Promise<void> {
    const waiting = (async () => {
      while (!isDone()) await this.#arrived.promise;
    })();
    await within(10, state, waiting);
  }

  async #read(): Promise<void> {
    const splitter = new LineSplitter(MAX_LINE_BYTES);
    const buffer = new Uint8Array(65_536);
    try {
      for (let n = await this.conn.read(buffer); n !== null; n = await this.conn.read(buffer)) {
        for (const line of splitter.push(buffer.subarray(0, n))) await this.#take(line);
        this.#notify();
      }
    } catch {
      // A reset, or closed by the test.
    }
    this.isEnded = true;
    this.#notify();
  }

  async #take(line: Uint8Array): Promise<void> {
    const control = parseClientControl(line);
    if (!control) this.tokens.push(new TextDecoder().decode(line));
    else if (control.verb === "PING" && this.answersPings) {
      await this.say({ verb: "PONG", n: control.n });
    } else this.said.push(control);
  }

  #notify(): void {
    this.#arrived.resolve();
    this.#arrived = Promise.withResolvers();
  }
}
