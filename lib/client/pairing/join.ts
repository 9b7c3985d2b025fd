/**
 * Joining a room with a code.
 *
 * @module
 * @see docs/PROTOCOL.md, "Invitations"
 */

import { LineSplitter } from "../../bytes/lines.ts";
import { KIB } from "../../bytes/units.ts";
import { writeAll } from "../../bytes/write_all.ts";
import { deriveRoomKey } from "../../crypto/room_key.ts";
import { ChatError, RefusedError } from "../../errors.ts";
import { worded } from "../../messages/wording.ts";
import {
  CLIENT_NONCE_BYTES,
  type ClientControl,
  formatControl,
  parseRelayControl,
  type RelayControl,
} from "../../protocol/control.ts";
import type { InvitationCode } from "../../protocol/invitation_code.ts";
import { MAX_LINE_BYTES } from "../../protocol/limits.ts";
import type { Handover } from "../../protocol/pairing.ts";
import { RELAY_ERRORS } from "../../protocol/wire.ts";
import { dial, type RelayConn, type RelayPlace } from "../dial.ts";
import { JOIN_END_MS, JOIN_TIMEOUT_MS } from "../limits.ts";
import { type Introduce, JoinerTalk } from "./joiner_talk.ts";
import { JoinError, type JoinFailure } from "./pairing_error.ts";

/** Bytes that are read from the relay at once. */
const JOIN_READ_BYTES = 4 * KIB;

/** The relay, the code, and who joins. */
export interface JoinOptions extends RelayPlace {
  readonly code: InvitationCode;
  /** Who joins: what the inviter pins. */
  readonly introduce: Introduce;
  /** Stops it. */
  readonly signal?: AbortSignal;
}

/** What a joiner has then. */
export interface Joined extends Handover {
  /** The room's fingerprint: four groups of five digits. */
  readonly fingerprint: string;
}

/** What the relay's errors mean to a visitor. */
const REFUSALS: ReadonlyMap<string, JoinFailure> = new Map([
  [RELAY_ERRORS.noSlot.reason, "no slot"],
  [RELAY_ERRORS.slotUsed.reason, "slot used"],
  [RELAY_ERRORS.inviterGone.reason, "other gone"],
  [RELAY_ERRORS.timeout.reason, "unanswered"],
  [RELAY_ERRORS.paused.reason, "paused"],
]);

/**
 * Joins a room: meets the inviter, and gets the room's key. Nothing is stored.
 *
 * @returns The key, its fingerprint, and who invited.
 * @throws {JoinError} If the code does not lead to the key. `failure` says why. This takes 11 s at
 * most, and connecting 10 s.
 * @throws {ChatError} If no server answers there, or if it sends this client away.
 */
export async function join(options: JoinOptions): Promise<Joined> {
  const { code: { slot }, code, introduce, signal } = options;
  const talk = await JoinerTalk.begin(code, introduce);
  using visit = new Visit(await dial(options), signal);
  const nonce = crypto.getRandomValues(new Uint8Array(CLIENT_NONCE_BYTES));
  await visit.say({ verb: "MEET", slot, message: talk.opening });
  // A relay that lets a visitor meet its member ignores this. An older one answers it.
  await visit.say({ verb: "HELLO", nonce, backlog: 0 });
  for await (const control of visit.controls()) {
    if (control.verb === "ERR") throw explain(control.error);
    if (control.verb === "CHAL") throw new JoinError("old relay");
    if (control.verb !== "PASS" || control.slot !== slot) continue;
    const { reply, handover, failure } = await talk.take(control.message);
    await visit.say({ verb: "PASS", slot, message: reply });
    if (!handover && !failure) continue;
    await visit.end();
    if (failure) throw failure;
    const { fingerprint } = await deriveRoomKey(handover!.keyText);
    return { ...handover!, fingerprint };
  }
  throw new ChatError(worded("Connection lost: the server is gone"));
}

function explain(error: { readonly code: number; readonly reason: string }): ChatError {
  const failure = REFUSALS.get(error.reason);
  return failure ? new JoinError(failure) : new RefusedError(error);
}

/** The connection of a visitor. */
class Visit implements Disposable {
  readonly #conn: RelayConn;
  readonly #signal: AbortSignal | undefined;
  readonly #close = () => this[Symbol.dispose]();
  readonly #timer: ReturnType<typeof setTimeout>;
  #isTimeout = false;
  #isClosed = false;

  constructor(conn: RelayConn, signal: AbortSignal | undefined) {
    this.#conn = conn;
    this.#signal = signal;
    this.#timer = setTimeout(() => {
      this.#isTimeout = true;
      this.#close();
    }, JOIN_TIMEOUT_MS);
    signal?.addEventListener("abort", this.#close);
    if (signal?.aborted) this.#close();
  }

  /** Writes a control line. */
  async say(control: ClientControl): Promise<void> {
    try {
      await writeAll(this.#conn, formatControl(control));
    } catch {
      // What the relay said before it closed the connection is still to be read.
      this.#explainEnd();
    }
  }

  /** The control lines of the relay, until the connection ends. Others are dropped. */
  async *controls(): AsyncGenerator<RelayControl> {
    const splitter = new LineSplitter(MAX_LINE_BYTES, () => {});
    const buffer = new Uint8Array(JOIN_READ_BYTES);
    for (;;) {
      const bytes = await this.#conn.read(buffer).catch(() => null);
      this.#explainEnd();
      if (bytes === null) return;
      for (const line of splitter.push(buffer.subarray(0, bytes))) {
        const control = parseRelayControl(line);
        if (control) yield control;
      }
    }
  }

  /** Ends the output, and waits until the relay has taken all. */
  async end(): Promise<void> {
    const timer = setTimeout(this.#close, JOIN_END_MS);
    try {
      await this.#conn.closeWrite();
      const sink = new Uint8Array(JOIN_READ_BYTES);
      while (await this.#conn.read(sink) !== null);
    } catch {
      // The relay closed the connection first, or the time is up.
    } finally {
      clearTimeout(timer);
    }
  }

  [Symbol.dispose](): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener("abort", this.#close);
    this.#conn.close();
  }

  /** Throws if this side has closed the connection. */
  #explainEnd(): void {
    this.#signal?.throwIfAborted();
    if (this.#isTimeout) throw new JoinError("unanswered");
  }
}
