/**
 * What clients say to the relay itself: handshake and ping.
 *
 * @module
 * @see docs/PROTOCOL.md, "Handshake"
 */

import {
  type ClientControl,
  formatControl,
  parseClientControl,
  type RoomMode,
  SERVER_NONCE_BYTES,
} from "../../protocol/control.ts";
import { PROOF_TIMEOUT_MS } from "../limits.ts";
import { type Deadline, Handshake, type ProofVerifier } from "../peer/handshake.ts";
import type { Writer } from "../peer/writer.ts";
import type { CloseReason, RelayStats } from "../watch/events.ts";
import { ProofThrottle } from "./proof_throttle.ts";

/** What control lines say something about. */
export interface ControlPeer {
  /** As `networkOf()` names it. */
  readonly network: string;
  readonly writer: Pick<Writer, "hold" | "say" | "pump">;
  /** Whether the connection is being ended. */
  readonly isExpelled: boolean;
  /** Set here: from its `!HELLO` on. */
  handshake: Handshake | undefined;
  /** Set here: when it has to go unless it proves the key before. */
  deadline: Deadline | undefined;
  /** Set here: whether its next token is not kept for the backlog. */
  isNextFleeting: boolean;
  /** Set here: settles when its proof was judged. */
  proof: Promise<void> | undefined;
  expel(reason: CloseReason): void;
}

/** What {@linkcode ControlLines} are made of. */
export interface ControlLinesParts<P extends ControlPeer> {
  readonly mode: RoomMode;
  /** Knows the room. */
  readonly verifier: ProofVerifier;
  /** Time within which a challenge must be answered, in ms; 10 s by default. */
  readonly proofTimeoutMs?: number;
  /** Counted in here. */
  readonly stats: RelayStats;
  /** Told of a peer whose proof was good. */
  readonly onProved: (peer: P, handshake: Handshake) => void;
}

/**
 * Reads control lines and answers them.
 */
export class ControlLines<P extends ControlPeer> {
  readonly #parts: ControlLinesParts<P>;
  readonly #throttle = new ProofThrottle();

  /** @param parts What it is made of. */
  constructor(parts: ControlLinesParts<P>) {
    this.#parts = parts;
  }

  /**
   * Tells whether an address has failed so often that it has to pause.
   *
   * @param network As `networkOf()` names it.
   */
  isClosedTo(network: string): boolean {
    return this.#throttle.isClosedTo(network, performance.now());
  }

  /**
   * Takes a control line. Unknown verbs are ignored.
   *
   * @param peer Who sent it; all lines that it sent before are in the log.
   * @param line Without its ending.
   */
  take(peer: P, line: Uint8Array): void {
    const control = parseClientControl(line);
    if (!control || peer.isExpelled) return;
    if (control.verb === "HELLO") this.#greet(peer, control);
    if (control.verb === "FLEETING") peer.isNextFleeting = true;
    if (control.verb === "AUTH") {
      const judged = this.#judge(peer, control.signature);
      peer.proof = peer.proof ? Promise.all([peer.proof, judged]).then(() => {}) : judged;
    }
    if (control.verb === "PING" && peer.handshake) this.#pong(peer, control.n);
  }

  /**
   * Asks a member whether it is there.
   *
   * @param peer One that will answer `!PONG`.
   * @param n Any whole number.
   */
  ping(peer: Pick<P, "writer">, n: number): void {
    peer.writer.say(formatControl({ verb: "PING", n }));
    peer.writer.pump();
  }

  /**
   * Sends a peer away that is not in the room and takes part all the same.
   *
   * @param peer One without a place.
   * @param kind What it sent. Noise is let pass where only members are served.
   */
  refuse(peer: P, kind: "token" | "noise"): void {
    // In an open room that is full a simple client learns at once that it cannot take part.
    if (this.#parts.mode === "open") peer.expel("full");
    else if (kind === "token") peer.expel("auth");
  }

  #greet(peer: P, { nonce, backlog }: ClientControl & { verb: "HELLO" }): void {
    if (peer.handshake) return;
    const { mode, stats, proofTimeoutMs = PROOF_TIMEOUT_MS } = this.#parts;
    if (this.isClosedTo(peer.network)) {
      stats.proofs.refused++;
      return peer.expel("paused");
    }
    const server = crypto.getRandomValues(new Uint8Array(SERVER_NONCE_BYTES));
    const dueAt = performance.now() + proofTimeoutMs;
    const nonces = { server, client: nonce };
    peer.handshake = new Handshake({ nonces, backlog, seen: peer.writer.hold(), dueAt });
    peer.deadline ??= { at: dueAt, reason: "auth" };
    peer.writer.say(formatControl({ verb: "CHAL", nonce: server, mode }));
    peer.writer.pump();
  }

  async #judge(peer: P, signature: Uint8Array): Promise<void> {
    const { verifier, stats, onProved } = this.#parts;
    const { handshake } = peer;
    const now = performance.now();
    const result = await handshake?.answer(signature, now, verifier) ?? "unasked";
    stats.proofs[result]++;
    if (result === "good" && handshake) {
      if (!peer.isExpelled) onProved(peer, handshake);
      return;
    }
    // Answers that were not asked for count once for each connection.
    if (result !== "unasked" || !peer.isExpelled) this.#throttle.note(peer.network, now);
    peer.expel("auth");
  }

  #pong(peer: P, n: number): void {
    if (!peer.writer.say(formatControl({ verb: "PONG", n }))) return peer.expel("too slow");
    peer.writer.pump();
  }
}
