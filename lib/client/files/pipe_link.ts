/**
 * This client's end of a pipe.
 *
 * @module
 * @see docs/PROTOCOL.md, "Pipes"
 */

import { concat } from "../../bytes/concat.ts";
import { writeAll } from "../../bytes/write_all.ts";
import type { RoomKey } from "../../crypto/room_key.ts";
import { ChatError, RefusedError } from "../../errors.ts";
import { worded } from "../../messages/wording.ts";
import { signAdmission } from "../../protocol/admission.ts";
import {
  CLIENT_NONCE_BYTES,
  formatControl,
  parseRelayControl,
  type RelayControl,
} from "../../protocol/control.ts";
import { MAX_CONTROL_BYTES, MAX_LINE_BYTES } from "../../protocol/limits.ts";
import { dial, type RelayConn, type RelayPlace } from "../dial.ts";
import { PIPE_JOIN_MS, PIPE_STALL_MS } from "./limits.ts";

/** The relay, and the pipe. */
export interface PipeOptions extends RelayPlace {
  readonly room: RoomKey;
  /** 16 random bytes, which both ends know. */
  readonly name: Uint8Array;
  /** Ends the pipe. */
  readonly signal: AbortSignal;
}

/** The byte that ends a line. */
const LF = 0x0a;

/** The relay does not know pipes. */
export class NoPipesError extends ChatError {
  override readonly name = "NoPipesError";
  constructor() {
    super(worded("the server is too old to pass files on"));
  }
}

/** A joined pipe. */
export class PipeLink implements Disposable {
  readonly #conn: RelayConn;
  readonly #signal: AbortSignal;
  readonly #end = () => this[Symbol.dispose]();
  /** What was read and is not used yet. */
  #rest = new Uint8Array();
  #isClosed = false;

  private constructor(conn: RelayConn, signal: AbortSignal) {
    this.#conn = conn;
    this.#signal = signal;
    signal.addEventListener("abort", this.#end, { once: true });
    if (signal.aborted) this.#end();
  }

  /**
   * Connects, proves the room's key, and waits for the other end: 70 s at most.
   *
   * @throws {RefusedError} If the relay has no pipe, or nobody came.
   * @throws {NoPipesError} If the relay knows no pipes.
   * @throws {ChatError} If the relay does not answer.
   */
  static async open({ name, room, signal, ...address }: PipeOptions): Promise<PipeLink> {
    const link = new PipeLink(await dial(address), signal);
    const timer = setTimeout(link.#end, PIPE_JOIN_MS);
    try {
      const client = crypto.getRandomValues(new Uint8Array(CLIENT_NONCE_BYTES));
      await link.write(formatControl({ verb: "HELLO", nonce: client, backlog: 0 }));
      const { nonce: server } = await link.#expect("CHAL");
      const { roomId, admission: { privateKey } } = room;
      const signature = await signAdmission(privateKey, roomId, { server, client });
      await link.write(formatControl({ verb: "PIPE", name }));
      await link.write(formatControl({ verb: "AUTH", signature }));
      await link.#expect("PIPED");
      return link;
    } catch (cause) {
      link[Symbol.dispose]();
      if (cause instanceof ChatError) throw cause;
      throw new ChatError(worded("the connection for the file was lost"), { cause });
    } finally {
      clearTimeout(timer);
    }
  }

  /** Writes bytes, all of them. */
  async write(bytes: Uint8Array): Promise<void> {
    await this.#stalling(writeAll(this.#conn, bytes));
  }

  /** Ends the output. */
  async finish(): Promise<void> {
    await this.#conn.closeWrite();
  }

  /**
   * Reads until an array is full, or to the end of the input.
   *
   * @returns How many bytes came.
   */
  async fill(into: Uint8Array): Promise<number> {
    let filled = Math.min(into.length, this.#rest.length);
    into.set(this.#rest.subarray(0, filled));
    this.#rest = this.#rest.subarray(filled);
    while (filled < into.length) {
      const count = await this.#stalling(this.#conn.read(into.subarray(filled)));
      if (count === null) break;
      filled += count;
    }
    return filled;
  }

  /** Closes it at once. */
  [Symbol.dispose](): void {
    this.#signal.removeEventListener("abort", this.#end);
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#conn.close();
  }

  /** Closes the connection if something takes longer than any relay lets it. */
  async #stalling<T>(promise: Promise<T>): Promise<T> {
    const timer = setTimeout(this.#end, PIPE_STALL_MS);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Reads lines to one of a verb. What follows `!PIPED` is from the other end. */
  async #expect<V extends RelayControl["verb"]>(
    verb: V,
  ): Promise<Extract<RelayControl, { verb: V }>> {
    for (;;) {
      const control = parseRelayControl(await this.#readLine());
      if (control?.verb === "ERR") throw new RefusedError(control.error);
      if (control?.verb === "WELCOME") {
        throw new NoPipesError();
      }
      if (control?.verb === verb) return control as Extract<RelayControl, { verb: V }>;
    }
  }

  async #readLine(): Promise<Uint8Array> {
    const buffer = new Uint8Array(MAX_CONTROL_BYTES);
    // A line of the room may come before the handshake, and is not for an end of a pipe.
    while (this.#rest.length <= MAX_LINE_BYTES + 1) {
      const end = this.#rest.indexOf(LF);
      if (end >= 0) {
        const line = this.#rest.subarray(0, end);
        this.#rest = this.#rest.subarray(end + 1);
        return line;
      }
      const count = await this.#conn.read(buffer);
      if (count === null) break;
      this.#rest = concat(this.#rest, buffer.subarray(0, count));
    }
    throw new ChatError(worded("the connection for the file was lost"));
  }
}
