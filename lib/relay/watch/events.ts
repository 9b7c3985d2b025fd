/**
 * What a relay tells its operator: events for the log, numbers for metrics.
 *
 * @module
 */

/**
 * What an answer was worth. Only one is good: the first to a challenge, in
 * time, with the room's signature.
 */
export type ProofResult = "good" | "wrong" | "late" | "unasked";

/** Whether a connection has proved that it knows the room's key. */
export type PeerClass = "guest" | "member";

/** Why a connection ended. */
export type CloseReason =
  /** The client ended it. */
  | "end"
  /** It broke. */
  | "reset"
  /** The relay was stopped. */
  | "stopped"
  /** 20 lines of noise. */
  | "bad line"
  /** A line was begun and not ended in time. */
  | "timeout"
  /** A line was longer than 65,536 bytes. */
  | "too long"
  /** It did not read what was sent to it. */
  | "too slow"
  /** There was no room for it. */
  | "full"
  /** It did not prove the key where it had to, or tried and failed. */
  | "auth"
  /** Too many proofs from its address had failed before. */
  | "paused";

/** What became of proofs, and of handshakes that were refused because too many had failed. */
export type ProofOutcome = ProofResult | "refused";

/** Something that happened, once. Never holds a token. */
export type RelayEvent =
  | {
    readonly kind: "joined";
    /** Number of the connection, from 1. */
    readonly cid: number;
    readonly peerClass: PeerClass;
    /** `ip:port` of the client. */
    readonly address: string;
  }
  | {
    readonly kind: "left";
    readonly cid: number;
    readonly reason: CloseReason;
    readonly address: string;
    readonly linesIn: number;
    readonly bytesIn: number;
    readonly bytesOut: number;
  }
  /** A guest has proved the key. */
  | { readonly kind: "member"; readonly cid: number; readonly address: string }
  /** Somebody who never was in the room is sent away. */
  | { readonly kind: "refused"; readonly reason: CloseReason; readonly address: string }
  /** Accepting failed, and is tried again; told once until it succeeds. */
  | { readonly kind: "accept failed"; readonly message: string }
  | { readonly kind: "accepting again" }
  /** Metrics are served no more. */
  | { readonly kind: "metrics failed"; readonly message: string };

/** Numbers since the start, but for those that say "now". */
export interface RelayStats {
  /** Connections in the room now, by class. */
  readonly clients: Record<PeerClass, number>;
  /** Connections that wait outside the room now. */
  waiting: number;
  /** Proofs, by what became of them. */
  readonly proofs: Record<ProofOutcome, number>;
  /** Tokens taken, and their bytes with LF. */
  linesIn: number;
  bytesIn: number;
  /** Tokens times the clients that each went to. */
  deliveries: number;
  /** Bytes written to clients. */
  bytesOut: number;
  /** Lines that were not relayed. */
  readonly rejected: Record<"noise" | "too long", number>;
  /** Connections ended, by reason. */
  readonly closed: Record<CloseReason, number>;
  /** Times that a peer was not read from because it was over its rate. */
  throttled: number;
  /** Bytes in the shared log now. */
  logBytes: number;
}

/**
 * Makes the numbers of a relay that has just started.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(createStats().linesIn, 0);
 * ```
 */
export function createStats(): RelayStats {
  return {
    clients: { guest: 0, member: 0 },
    waiting: 0,
    proofs: { good: 0, wrong: 0, late: 0, unasked: 0, refused: 0 },
    linesIn: 0,
    bytesIn: 0,
    deliveries: 0,
    bytesOut: 0,
    rejected: { "noise": 0, "too long": 0 },
    closed: {
      "end": 0,
      "reset": 0,
      "stopped": 0,
      "bad line": 0,
      "timeout": 0,
      "too long": 0,
      "too slow": 0,
      "full": 0,
      "auth": 0,
      "paused": 0,
    },
    throttled: 0,
    logBytes: 0,
  };
}
