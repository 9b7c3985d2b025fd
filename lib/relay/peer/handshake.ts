/**
 * One connection's proof that it knows the room's key.
 *
 * @module
 * @see docs/PROTOCOL.md, "Handshake"
 */

import type { Nonces } from "../../protocol/admission.ts";
import type { Stretch } from "../log/cursor.ts";
import type { CloseReason, ProofResult } from "../watch/events.ts";

/** Checks answers; `AdmissionVerifier` is one. */
export interface ProofVerifier {
  verify(signature: Uint8Array, nonces: Nonces): Promise<boolean>;
}

/** By when a peer must have proved the key. */
export interface Deadline {
  /** By the clock of `performance.now()`. */
  at: number;
  /** Why it goes then. */
  readonly reason: CloseReason;
}

/** What a {@linkcode Handshake} begins with. */
export interface HandshakeParts {
  /** Random bytes of both sides. */
  readonly nonces: Nonces;
  /** Lines of the past that the client asks for. */
  readonly backlog: number;
  /** What the client has been written of the log. */
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
  /** Lines of the past that the client asks for. */
  readonly backlog: number;
  /** What the client has been written of the log. */
  readonly seen: Stretch;
  /** Until when the challenge can be answered; put off while the relay does not read. */
  dueAt: number;
  readonly #nonces: Nonces;
  #isAnswered = false;

  /** @param parts What it begins with. */
  constructor({ nonces, backlog, seen, dueAt }: HandshakeParts) {
    this.#nonces = nonces;
    this.backlog = backlog;
    this.seen = seen;
    this.dueAt = dueAt;
  }

  /**
   * Judges an answer. Whatever it is, no further one is good.
   *
   * @param signature 64 bytes.
   * @param now The clock's time, in ms.
   * @param verifier Knows the room.
   */
  async answer(signature: Uint8Array, now: number, verifier: ProofVerifier): Promise<ProofResult> {
    if (this.#isAnswered) return "unasked";
    this.#isAnswered = true;
    if (now > this.dueAt) return "late";
    return await verifier.verify(signature, this.#nonces) ? "good" : "wrong";
  }
}
