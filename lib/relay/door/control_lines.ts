/**
 * The control lines that clients send to the relay: handshake and ping.
 *
 * @module
 * @see docs/PROTOCOL.md, "Handshake"
 */

import { formatBase64Url } from "../../bytes/base64url.ts";
import {
  type ClientControl,
  formatControl,
  parseClientControl,
  type RoomMode,
  SERVER_NONCE_BYTES,
} from "../../protocol/control.ts";
import { MAX_WAITING_ANSWERS, PROOF_TIMEOUT_MS } from "../limits.ts";
import { type Deadline, Handshake, type ProofVerifier } from "../peer/handshake.ts";
import type { Writer } from "../peer/writer.ts";
import type { CloseReason } from "../watch/events.ts";
import type { RelayStats } from "../watch/stats.ts";
import { type SlotPeer, Slots, type SlotsParts } from "./slots.ts";

/** What {@linkcode ControlLines} need of a peer. They set its mutable fields. */
export interface ControlPeer extends SlotPeer {
  readonly writer: Pick<Writer, "hold" | "say" | "pump">;
  /** Whether the connection is being ended. */
  readonly isExpelled: boolean;
  /** The handshake; undefined before `!HELLO`. */
  handshake: Handshake | undefined;
  /** When the peer has to go, unless it proves the key before. */
  deadline: Deadline | undefined;
  /** The pipe that the peer is to be an end of instead of a member; undefined for a member. */
  pipe?: string | undefined;
  /** Whether the peer's next token is not kept for the backlog. */
  isNextFleeting: boolean;
  /** Settles when the peer's proof was judged; undefined while no proof is judged. */
  proof: Promise<void> | undefined;
  expel(reason: CloseReason): void;
}

/** What {@linkcode ControlLines} are made of. */
export interface ControlLinesParts<P extends ControlPeer>
  extends Pick<SlotsParts<P>, "invites" | "onVisit" | "report"> {
  readonly mode: RoomMode;
  /** Checks proofs of the room's key. */
  readonly verifier: ProofVerifier;
  /** Time within which a challenge must be answered, in ms; 10 s by default. */
  readonly proofTimeoutMs?: number;
  /** Settles when all that a peer has sent is taken; undefined if it is. */
  readonly taken?: (peer: P) => Promise<void> | undefined;
  /** The numbers in which proofs are counted. */
  readonly stats: RelayStats;
  /** Is called with each peer that begins a handshake, answers its challenge, or visits a slot. */
  readonly onStep: (peer: P) => void;
  /** Is called with each peer whose proof was good. */
  readonly onProved: (peer: P, handshake: Handshake) => void;
}

/** Reads control lines and answers them. */
export class ControlLines<P extends ControlPeer> {
  readonly #parts: ControlLinesParts<P>;
  /** Where members meet those whom they invite. */
  readonly slots: Slots<P>;
  /** How many answers of a peer wait until its lines are taken. */
  readonly #waitingPongs = new WeakMap<P, number>();

  constructor(parts: ControlLinesParts<P>) {
    this.#parts = parts;
    this.slots = new Slots(parts);
  }

  /**
   * Takes a control line. Lines that the protocol does not know are ignored.
   *
   * @param peer The sender. All lines that it sent before are in the log.
   * @param line The line, without its ending.
   */
  take(peer: P, line: Uint8Array): void {
    const control = parseClientControl(line);
    if (!control || peer.isExpelled) return;
    if ("slot" in control) {
      this.slots.take(peer, control);
      if (peer.isVisitor) this.#parts.onStep(peer);
      return;
    }
    if (control.verb === "HELLO") this.#greet(peer, control);
    if (control.verb === "PIPE" && peer.handshake) peer.pipe ??= formatBase64Url(control.name);
    if (control.verb === "FLEETING") peer.isNextFleeting = true;
    if (control.verb === "AUTH") {
      const judged = this.#judge(peer, control.signature);
      peer.proof = peer.proof ? Promise.all([peer.proof, judged]).then(() => {}) : judged;
    }
    if (control.verb === "PING" && peer.handshake) this.#pong(peer, control.n);
  }

  /**
   * Asks a peer whether it is there.
   *
   * @param peer A member, which answers `!PONG`; or a guest, which need not.
   * @param n Any whole number from 0 up; the answer repeats it.
   */
  ping(peer: Pick<P, "writer">, n: number): void {
    peer.writer.say(formatControl({ verb: "PING", n }));
    peer.writer.pump();
  }

  /**
   * Sends a peer away that is not in the room and sends a token or noise.
   *
   * @param peer A peer without a place.
   * @param kind What the peer sent. Noise has no effect where only members are served.
   */
  refuse(peer: P, kind: "token" | "noise"): void {
    // A peer waits outside of an open room if the room is full. A simple client learns so at once.
    if (this.#parts.mode === "open" && !peer.isVisitor) peer.expel("full");
    else if (kind === "token") peer.expel("auth");
  }

  #greet(peer: P, { nonce, backlog }: ClientControl & { verb: "HELLO" }): void {
    if (peer.handshake || peer.isVisitor) return;
    const { mode, onStep, proofTimeoutMs = PROOF_TIMEOUT_MS } = this.#parts;
    const server = crypto.getRandomValues(new Uint8Array(SERVER_NONCE_BYTES));
    const dueAt = performance.now() + proofTimeoutMs;
    const nonces = { server, client: nonce };
    peer.handshake = new Handshake({ nonces, backlog, seen: peer.writer.hold(), dueAt });
    peer.deadline ??= { at: dueAt, reason: "auth" };
    peer.writer.say(formatControl({ verb: "CHAL", nonce: server, mode }));
    peer.writer.pump();
    onStep(peer);
  }

  async #judge(peer: P, signature: Uint8Array): Promise<void> {
    const { verifier, stats, onStep, onProved } = this.#parts;
    const { handshake } = peer;
    onStep(peer);
    const result = await handshake?.answer(signature, performance.now(), verifier) ?? "unasked";
    stats.proofs[result]++;
    if (result === "good" && handshake) {
      if (!peer.isExpelled) onProved(peer, handshake);
      return;
    }
    peer.expel("auth");
  }

  #pong(peer: P, n: number): void {
    const taken = this.#parts.taken?.(peer);
    if (!taken) return this.#answerPing(peer, n);
    const waiting = (this.#waitingPongs.get(peer) ?? 0) + 1;
    this.#waitingPongs.set(peer, waiting);
    if (waiting > MAX_WAITING_ANSWERS) return peer.expel("too slow");
    taken.then(() => {
      this.#waitingPongs.set(peer, this.#waitingPongs.get(peer)! - 1);
      this.#answerPing(peer, n);
    });
  }

  #answerPing(peer: P, n: number): void {
    if (!peer.writer.say(formatControl({ verb: "PONG", n }))) return peer.expel("too slow");
    peer.writer.pump();
  }
}
