/**
 * What a relay tells its operator for the metrics: numbers.
 *
 * @module
 */

import type {
  CloseReason,
  InvitationResult,
  PeerClass,
  ProofResult,
  ProxyHeaderResult,
} from "./events.ts";

/** Numbers of a relay that shares a room with others. */
export interface ClusterStats {
  /** Whether lines get into the stream now. */
  isConnected: boolean;
  /** Bytes that are not in the stream yet, or have not come back. */
  outboxBytes: number;
  /** Other relays now. */
  relays: number;
  /** Members at other relays now. */
  members: number;
  /** Entries that this relay has published, and those that it has published again. */
  published: number;
  resent: number;
  /** Entries of all relays that came from the stream and were taken. */
  taken: number;
  /** Entries that were refused, and those that were never found. */
  refused: number;
  missing: number;
}

/** Numbers of a relay. Those that say "now" are of this moment; all others count from the start. */
export interface RelayStats {
  /** Clients in the room now, by class: a connection is one when it says something or stays. */
  readonly clients: Record<PeerClass, number>;
  /** Connections that wait outside the room now. */
  waiting: number;
  /** Slots of invitations that are held now. */
  slots: number;
  /** Slots asked for and visitors that named one, by result. */
  readonly invitations: Record<InvitationResult, number>;
  /** Proofs, by their result. */
  readonly proofs: Record<ProofResult, number>;
  /** Tokens taken. */
  linesIn: number;
  /** Bytes of the tokens taken, with their LF. */
  bytesIn: number;
  /** Tokens taken, each times the clients that it went to. */
  deliveries: number;
  /** Bytes written to clients. */
  bytesOut: number;
  /** Lines that were not relayed. */
  readonly rejected: Record<"noise" | "too long", number>;
  /** Connections of proxies, by what they began with. */
  readonly proxyHeaders: Record<ProxyHeaderResult, number>;
  /** Connections ended, by reason. */
  readonly closed: Record<CloseReason, number>;
  /** Times that a peer was not read from because it was over its rate. */
  throttled: number;
  /** Bytes in the shared log now. */
  logBytes: number;
  /** Writes of the backlog file that failed. */
  backlogFailures: number;
  /** Pipes now, also those that wait for their other end. */
  pipes: number;
  /** Bytes that went through pipes, both ways. */
  pipeBytes: number;
  /** Undefined for a relay that is alone. */
  cluster?: ClusterStats;
}

/** Makes the numbers of a relay that has just started. */
export function createStats(): RelayStats {
  return {
    clients: { guest: 0, member: 0 },
    waiting: 0,
    slots: 0,
    invitations: { opened: 0, refused: 0, met: 0, wrong: 0 },
    proofs: { good: 0, wrong: 0, late: 0, unasked: 0 },
    linesIn: 0,
    bytesIn: 0,
    deliveries: 0,
    bytesOut: 0,
    rejected: { "noise": 0, "too long": 0 },
    proxyHeaders: { client: 0, own: 0, http: 0, bad: 0, none: 0 },
    closed: {
      "end": 0,
      "reset": 0,
      "stopped": 0,
      "bad line": 0,
      "timeout": 0,
      "too long": 0,
      "too slow": 0,
      "full": 0,
      "tls": 0,
      "auth": 0,
      "paused": 0,
      "no slot": 0,
      "slot used": 0,
      "inviter gone": 0,
      "pipe": 0,
      "no pipe": 0,
      "probe": 0,
      "http": 0,
      "no proxy header": 0,
    },
    throttled: 0,
    logBytes: 0,
    backlogFailures: 0,
    pipes: 0,
    pipeBytes: 0,
  };
}
