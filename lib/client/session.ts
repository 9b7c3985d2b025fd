/**
 * The client's connection to the relay: text in, text out, sealed in between.
 *
 * @module
 * @see docs/PROTOCOL.md
 */

import { ChatError, InvalidTokenError, LineTooLongError } from "../errors.ts";
import { decrypt, encrypt, type FernetKey } from "../fernet.ts";
import { LineSplitter } from "../lines.ts";
import { CONNECT_TIMEOUT_MS, MAX_CRYPTO_IN_FLIGHT, MAX_LINE_BYTES } from "../limits.ts";
import { classifyLine, frameToken, parseRelayError, type RelayError } from "../wire.ts";
import { writeAll } from "../write_all.ts";

const READ_BUFFER_BYTES = 64 * 1024;

/** Where a session goes, and with which key. */
export interface SessionOptions {
  readonly hostname: string;
  readonly port: number;
  /** The room's key. */
  readonly key: FernetKey;
}

/** What comes from the relay. */
export type SessionEvent =
  /** A message, as its sender wrote it: not yet safe to show. */
  | { readonly kind: "message"; readonly text: string }
  /** A line that is no message under this key. */
  | { readonly kind: "unreadable" }
  /** The relay says why it is about to close the connection. */
  | { readonly kind: "refused"; readonly error: RelayError };

/**
 * One connection to a relay.
 *
 * @example
 * ```ts ignore
 * using session = await Session.connect({ hostname: "127.0.0.1", port: 5050, key });
 * await session.send(["hello"]);
 * for await (const event of session.events()) console.log(event);
 * ```
 */
export class Session implements Disposable {
  readonly #conn: Deno.TcpConn;
  readonly #key: FernetKey;
  /** The last write begun: writes go out one after the other. */
  #writing: Promise<void> = Promise.resolve();
  #isFinished = false;
  #isClosed = false;

  private constructor(conn: Deno.TcpConn, key: FernetKey) {
    this.#conn = conn;
    this.#key = key;
  }

  /**
   * Connects to a relay; gives up after 10 s.
   *
   * @param options Where to, and the key.
   * @throws {ChatError} If nobody answers there.
   */
  static async connect({ hostname, port, key }: SessionOptions): Promise<Session> {
    const where = hostname.includes(":") ? `[${hostname}]:${port}` : `${hostname}:${port}`;
    try {
      const signal = AbortSignal.timeout(CONNECT_TIMEOUT_MS);
      const conn = await Deno.connect({ hostname, port, signal });
      conn.setNoDelay(true);
      return new Session(conn, key);
    } catch (cause) {
      if (isUnknownHost(cause)) {
        throw new ChatError(`Cannot connect: there is no host called ${hostname}`, { cause });
      }
      throw new ChatError(`Cannot connect: no server answers at ${where}`, {
        cause,
        hint: "Check the address and the port, and that the server is running.",
      });
    }
  }

  /** Whether `finish()` was called. */
  get isFinished(): boolean {
    return this.#isFinished;
  }

  /**
   * Seals messages and writes them, in order.
   *
   * @param texts Messages; 40,000 bytes each at most, or the relay refuses the line.
   * @throws {Error} If the connection is gone.
   */
  async send(texts: readonly string[]): Promise<void> {
    const encoder = new TextEncoder();
    const previous = this.#writing;
    const lines = Promise.all(
      texts.map(async (text) => frameToken(await encrypt(this.#key, encoder.encode(text)))),
    );
    const writing = (async () => {
      await previous;
      for (const line of await lines) await writeAll(this.#conn, line);
    })();
    // A failure is this call's to report, and the next one meets it again.
    this.#writing = writing.catch(() => {});
    await writing;
  }

  /** Ends the output: the relay closes when it has taken everything. */
  async finish(): Promise<void> {
    this.#isFinished = true;
    await this.#writing;
    await this.#conn.closeWrite();
  }

  /**
   * Reads until the connection ends.
   *
   * @returns Events in the order of their lines, in batches as they arrive.
   * @throws {ChatError} If the connection breaks, or the relay sends a line that is too long.
   */
  async *events(): AsyncGenerator<SessionEvent[]> {
    const splitter = new LineSplitter(MAX_LINE_BYTES);
    const buffer = new Uint8Array(READ_BUFFER_BYTES);
    for (;;) {
      const bytes = await this.#read(buffer);
      if (bytes === null) return;
      const lines = splitLines(splitter, buffer.subarray(0, bytes));
      for (let i = 0; i < lines.length; i += MAX_CRYPTO_IN_FLIGHT) {
        const group = lines.slice(i, i + MAX_CRYPTO_IN_FLIGHT);
        const events = await Promise.all(group.map((line) => this.#open(line)));
        yield events.filter((event) => event !== undefined);
      }
    }
  }

  /** Closes the connection at once. */
  [Symbol.dispose](): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#conn.close();
  }

  async #read(buffer: Uint8Array): Promise<number | null> {
    try {
      return await this.#conn.read(buffer);
    } catch (cause) {
      if (this.#isClosed) return null;
      // A server that is done with us ends the connection in order: this one did not.
      throw new ChatError("Connection lost: the server is gone", { cause });
    }
  }

  async #open(line: Uint8Array): Promise<SessionEvent | undefined> {
    const kind = classifyLine(line, 0, line.length);
    if (kind === "noise") return { kind: "unreadable" };
    if (kind === "control") {
      const error = parseRelayError(line);
      return error && { kind: "refused", error };
    }
    try {
      const { plaintext } = await decrypt(this.#key, new TextDecoder().decode(line));
      const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(plaintext);
      return { kind: "message", text };
    } catch (error) {
      if (error instanceof InvalidTokenError) return { kind: "unreadable" };
      throw error;
    }
  }
}

function isUnknownHost(error: unknown): boolean {
  return error instanceof Error && /lookup|resolve|nodename|known/i.test(error.message);
}

function splitLines(splitter: LineSplitter, chunk: Uint8Array): Uint8Array[] {
  try {
    return splitter.push(chunk);
  } catch (cause) {
    if (!(cause instanceof LineTooLongError)) throw cause;
    throw new ChatError("Cannot read from the server: it sent a line that is too long", {
      cause,
      hint: "Is there a chat server at this address?",
    });
  }
}
