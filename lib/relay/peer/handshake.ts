/**
 * One connection's proof that it knows the room's key.
 *
 * @module
 * @see docs/PROTOCOL.md, "Handshake"
 */

import type { Nonces } from "../../protocol/admission.ts";
import type { Stretch } from "../log/cursor.ts";
import type { CloseReason, ProofResult } from "../watch/events.ts";

/** Checks answers to challenges. `AdmissionVerifier` is one. */
export interface ProofVerifier {
  verify(signature: Uint8Array, nonces: Nonces): Promise<boolean>;
}

/** When a peer has to go unless it has proved the key. */
export interface Deadline {
  /** The time, by the clock of `performance.now()`. */
  at: number;
  /** Why the peer goes then. */
  readonly reason: CloseReason;
}

/** What a {@linkcode Handshake} begins with. */
export interface HandshakeParts {
  /** Random bytes of both sides. */
  readonly nonces: Nonces;
  /** How many lines of the backlog the client asks for. */
  readonly backlog: number;
  /** The part of the log that was written to the client. */
  readonly seen: Stretch;
  /** Until when the challenge can be answered, by the clock of `performance.now()`. */
  readonly dueAt: number;
}

/**
 * A challenge and its one answer.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const nonces = { server: new Uint8Array(32), client: new Uint8Array(16) };
 * const seen = { from: 0, to: 0 };
 * const handshake = new Handshake({ nonces, backlog: 50, seen, dueAt: 10_000 });
 * const verifier = { verify: () => Promise.resolve(true) };
 * assert.equal(await handshake.answer(new Uint8Array(64), 9999, verifier), "good");
 * assert.equal(await handshake.answer(new Uint8Array(64), 9999, verifier), "unasked");
 * ```
 */
export class Handshake {
  /** How many lines of the backlog the client asks for. */
  readonly backlog: number;
  /** The part of the log that was written to the client. */
  readonly seen: Stretch;
  /**
   * Until when the challenge can be answered. The peer puts it off while the relay does not read.
   */
  dueAt: number;
  readonly #nonces: Nonces;
  #isAnswered = false;

  constructor({ nonces, backlog, seen, dueAt }: HandshakeParts) {
    this.#nonces = nonces;
    this.backlog = backlog;
    this.seen = seen;
    this.dueAt = dueAt;
  }

  /**
   * Judges an answer. Only the first answer can be good.
   *
   * @param signature 64 bytes; another number of bytes is wrong.
   * @param now The time, by the clock of `performance.now()`.
   * @param verifier Checks proofs of the room's key.
   */
  async answer(signature: Uint8Array, now: number, verifier: ProofVerifier): Promise<ProofResult> {
    if (this.#isAnswered) return "unasked";
    this.#isAnswered = true;
    if (now > this.dueAt) return "late";
    return await verifier.verify(signature, this.#nonces) ? "good" : "wrong";
  }
}
