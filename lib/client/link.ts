/**
 * One connection of a client to its relay, admitted as a member.
 *
 * @module
 * @see docs/PROTOCOL.md, "Handshake"
 */

import { LineSplitter } from "../bytes/lines.ts";
import { KIB } from "../bytes/units.ts";
import { writeAll } from "../bytes/write_all.ts";
import type { RoomKey } from "../crypto/room_key.ts";
import { ChatError, LineTooLongError, RefusedError } from "../errors.ts";
import { worded } from "../messages/wording.ts";
import { signAdmission } from "../protocol/admission.ts";
import {
  CLIENT_NONCE_BYTES,
  type ClientControl,
  formatControl,
  parseRelayControl,
  type RelayControl,
  type RoomMode,
} from "../protocol/control.ts";
import { MAX_LINE_BYTES } from "../protocol/limits.ts";
import { classifyLine } from "../protocol/wire.ts";
import { dial, type RelayConn, type RelayPlace } from "./dial.ts";
import { HANDSHAKE_TIMEOUT_MS } from "./limits.ts";

/** Bytes that are read from the relay at once. */
const READ_BUFFER_BYTES = 64 * KIB;

/** The relay that a link goes to, and what the client asks it for. */
export interface LinkOptions extends RelayPlace {
  readonly room: RoomKey;
  /** How many of the last messages to ask for. */
  readonly backlog: number;
}

/** A line from the relay. */
export type LinkEvent =
  /** `isPast` is set if it came before, and was not for the user. */
  | { readonly kind: "token"; readonly token: string; readonly isPast?: boolean }
  | { readonly kind: "control"; readonly control: RelayControl }
  /** A line that is neither a token nor a control line. */
  | { readonly kind: "noise" };

/** What the relay said when it admitted this client. */
export interface Welcome {
  readonly cid: number;
  /** The relay's clock, in unix seconds. */
  readonly time: number;
  /** Connections, this one included. */
  readonly peers: number;
  readonly mode: RoomMode;
}

/** A connection whose handshake is done. Lines are written in the order of the calls. */
export class Link implements Disposable {
  readonly #conn: RelayConn;
  #isAnswering = false;
  readonly #splitter = new LineSplitter(MAX_LINE_BYTES);
  readonly #buffer = new Uint8Array(READ_BUFFER_BYTES);
  /** Lines that were read and not handled. The first came with the end of the handshake. */
  #pending: Uint8Array[] = [];
  #writing: Promise<void> = Promise.resolve();
  #isClosed = false;
  /** Whether anything has come, or TLS is there already. */
  #hasHeard: boolean;
  #welcome: Welcome | undefined;

  private constructor(conn: RelayConn, hasTls: boolean) {
    this.#conn = conn;
    this.#hasHeard = hasTls;
  }

  /**
   * Connects and proves the room's key. Connecting and the handshake may each take 10 s.
   *
   * @throws {RefusedError} If the relay refuses this client and says why.
   * @throws {ChatError} If nothing answers at the address, or something that is no relay.
   */
  static async connect(options: LinkOptions): Promise<Link> {
    const conn = await dial(options);
    const link = new Link(conn, options.secure !== undefined);
    const timer = setTimeout(() => link[Symbol.dispose](), HANDSHAKE_TIMEOUT_MS);
    try {
      await link.#shakeHands(options);
      return link;
    } catch (error) {
      const isTimeout = link.#isClosed;
      link[Symbol.dispose]();
      if (error instanceof ChatError && !isTimeout) throw error;
      throw new ChatError(worded("Cannot connect: no chat server answers there"), {
        cause: error,
        hint: worded("Check the address and the port."),
      });
    } finally {
      clearTimeout(timer);
    }
  }

  /** What the relay said at the end of the handshake. */
  get welcome(): Welcome {
    return this.#welcome!;
  }

  /**
   * Writes whole lines.
   *
   * @param lines The lines, each with its LF.
   * @throws {Error} If the connection is gone.
   */
  async write(lines: Uint8Array): Promise<void> {
    const previous = this.#writing;
    const writing = previous.then(() => writeAll(this.#conn, lines));
    // This call reports its failure. The next write fails by itself.
    this.#writing = writing.catch(() => {});
    await writing;
  }

  /** Writes a control line. */
  async say(control: ClientControl): Promise<void> {
    await this.write(formatControl(control));
  }

  /**
   * Answers a `!PING` of the relay, unless an answer is under way.
   *
   * The caller does not wait for the answer. If it waited, a relay that pings and does not read
   * would never count as silent.
   *
   * @param n The number of the ping.
   */
  answer(n: number): void {
    if (this.#isAnswering) return;
    this.#isAnswering = true;
    this.say({ verb: "PONG", n }).catch(() => {}).finally(() => this.#isAnswering = false);
  }

  /** Ends the output. The relay takes what was written, and closes the connection. */
  async finish(): Promise<void> {
    await this.#writing;
    await this.#conn.closeWrite();
  }

  /**
   * Reads until the connection ends.
   *
   * @returns The lines in order, in batches as they arrive.
   * @throws {ChatError} If the connection breaks, or the relay sends a line that is too long.
   */
  async *events(): AsyncGenerator<LinkEvent[]> {
    for (;;) {
      const lines = this.#pending;
      this.#pending = [];
      if (lines.length > 0) yield lines.map(readLine).filter((event) => event !== undefined);
      const more = await this.#readLines();
      if (!more) return;
      this.#pending = more;
    }
  }

  /** Closes the connection at once. */
  [Symbol.dispose](): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#conn.close();
  }

  async #shakeHands({ room, backlog }: LinkOptions): Promise<void> {
    const client = crypto.getRandomValues(new Uint8Array(CLIENT_NONCE_BYTES));
    await this.say({ verb: "HELLO", nonce: client, backlog });
    const { nonce: server, mode } = await this.#expect("CHAL");
    const { privateKey } = room.admission;
    const signature = await signAdmission(privateKey, room.roomId, { server, client });
    await this.say({ verb: "AUTH", signature });
    const { cid, time, peers } = await this.#expect("WELCOME");
    this.#welcome = { cid, time, peers, mode };
  }

  /**
   * Reads on to a control line of a verb, and drops the lines before it. Tokens that come before
   * the end of the handshake are not for a member.
   */
  async #expect<V extends RelayControl["verb"]>(
    verb: V,
  ): Promise<Extract<RelayControl, { verb: V }>> {
    for (;;) {
      for (const [i, line] of this.#pending.entries()) {
        const control = parseRelayControl(line);
        if (control?.verb === "ERR") throw new RefusedError(control.error);
        if (control?.verb !== verb) continue;
        this.#pending = this.#pending.slice(i + 1);
        return control as Extract<RelayControl, { verb: V }>;
      }
      const lines = await this.#readLines();
      if (!lines) throw this.#explainEnd();
      this.#pending = lines;
    }
  }

  /** Who speaks plainly to a port for TLS is cut without a word. */
  #explainEnd(): ChatError {
    const hint = this.#hasHeard ? undefined : worded("A port for TLS needs --tls.");
    return new ChatError(worded("Connection lost: the server is gone"), { hint });
  }

  /** Reads some lines. Returns undefined at the end of the input. */
  async #readLines(): Promise<Uint8Array[] | undefined> {
    try {
      const bytes = await this.#conn.read(this.#buffer);
      if (bytes === null) return undefined;
      this.#hasHeard = true;
      return this.#splitter.push(this.#buffer.subarray(0, bytes));
    } catch (cause) {
      if (this.#isClosed) return undefined;
      if (cause instanceof LineTooLongError) {
        const wording = worded("Cannot read from the server: it sent a line that is too long");
        const hint = worded("Is there a chat server at this address?");
        throw new ChatError(wording, { cause, hint });
      }
      // A relay that is done with a client ends the connection in order. This connection broke.
      throw new ChatError(worded("Connection lost: the server is gone"), { cause });
    }
  }
}

function readLine(line: Uint8Array): LinkEvent | undefined {
  const kind = classifyLine(line, 0, line.length);
  if (kind === "token") return { kind, token: new TextDecoder().decode(line) };
  if (kind === "noise") return { kind };
  const control = parseRelayControl(line);
  return control && { kind: "control", control };
}
