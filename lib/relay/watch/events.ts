/**
 * What a relay tells its operator for the log: events.
 *
 * @module
 */

/**
 * The result of an answer to a challenge. Only the first answer can be good: in time, and with the
 * room's signature. An answer without a challenge and every further one are `unasked`.
 */
export type ProofResult = "good" | "wrong" | "late" | "unasked";

/** Whether a connection has proved that it knows the room's key. */
export type PeerClass = "guest" | "member";

/** Why a connection ended. */
export type CloseReason =
  /** The client ended it. */
  | "end"
  /** The connection broke. */
  | "reset"
  /** The relay was stopped. */
  | "stopped"
  /** The client sent 20 lines of noise. */
  | "bad line"
  /** The client did not end a line in time, or was a member that had been silent for 90 s. */
  | "timeout"
  /** A line was longer than 65,536 bytes. */
  | "too long"
  /** The client did not read what was sent to it. */
  | "too slow"
  /** There was no place for the client. */
  | "full"
  /** The client did not shake hands for TLS, or took no certificate of this relay. */
  | "tls"
  /** The client did not prove the key where it had to, or its proof failed. */
  | "auth"
  /** Too many names of slots from the visitor's address had been wrong before. */
  | "paused"
  /** The visitor named a slot that does not exist. */
  | "no slot"
  /** The visitor named a slot that had its visitor. */
  | "slot used"
  /** The member of the visitor's slot left, or gave the slot up. */
  | "inviter gone"
  /** The connection left the room to be an end of a pipe. */
  | "pipe"
  /** There was no pipe for the connection. */
  | "no pipe"
  /** The connection ended within a moment and had said nothing, as a check of the port does. */
  | "probe"
  /** The first line was a request of HTTP. */
  | "http"
  /** A proxy did not say for whom it connects. */
  | "no proxy header";

/** Why a pipe ended: as for a connection. `timeout` if nothing moved for 60 s. */
export type PipeEndReason = Extract<CloseReason, "end" | "reset" | "stopped" | "timeout">;

/** What became of a slot that was asked for, or of a visitor that named one. */
export type InvitationResult = "opened" | "refused" | "met" | "wrong";

/**
 * What a connection of a proxy began with: a header about a client, one about the proxy itself, a
 * request of HTTP, something else, or nothing.
 */
export type ProxyHeaderResult = "client" | "own" | "http" | "bad" | "none";

/** Something that happened. An event never holds a token. */
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
  /** A member holds a slot for somebody it invites. */
  | { readonly kind: "slot opened"; readonly cid: number }
  /** A visitor meets a member in a slot. It has left the room if it was in it. */
  | { readonly kind: "visiting"; readonly cid: number; readonly address: string }
  | {
    readonly kind: "visited";
    readonly cid: number;
    readonly reason: CloseReason;
    readonly address: string;
  }
  /** A client that was never in the room is sent away. */
  | { readonly kind: "refused"; readonly reason: CloseReason; readonly address: string }
  /** Two connections are joined by a pipe. */
  | { readonly kind: "piped"; readonly cid: number; readonly other: number }
  /** A pipe of two connections has ended. */
  | {
    readonly kind: "unpiped";
    readonly cid: number;
    readonly other: number;
    readonly reason: PipeEndReason;
    /** Bytes that went through, both ways. */
    readonly bytes: number;
  }
  /** Accepting failed, and is tried again. The event comes once until accepting works again. */
  | { readonly kind: "accept failed"; readonly message: string }
  | { readonly kind: "accepting again" }
  /** The same of the port that metrics are served on. */
  | { readonly kind: "metrics failed"; readonly message: string }
  | { readonly kind: "metrics again" }
  /** The backlog file cannot be written. The event comes once until it can be again. */
  | { readonly kind: "backlog failed"; readonly message: string }
  | { readonly kind: "backlog again" }
  | ClusterEvent;

/** What a relay that shares a room with others tells of them, of the stream and its servers. */
export interface ClusterEvent {
  readonly kind:
    /** There is a connection, or one again, and lines get into the stream. */
    | "cluster connected"
    /** Lines that were held get into the stream again, over the same connection. */
    | "cluster again"
    /** The connection was lost. */
    | "cluster lost"
    /** There is no connection, or no stream. Lines are held. The event comes once a minute. */
    | "cluster waiting"
    /** The stream does not take lines. They are held. The event comes once a minute. */
    | "cluster held"
    /** Entries of the stream were not what a relay writes. The event comes once a minute. */
    | "cluster refused"
    /** Entries of a relay are not in the stream. Their members send them again. */
    | "cluster missing"
    /** The stream was emptied, made anew, or has lost its last entries. */
    | "cluster reset"
    /** Another relay of the room has come. */
    | "relay came"
    /** Another relay has gone, or was silent for too long. */
    | "relay gone";
  /** A place, a reason or a relay's name. */
  readonly message: string;
  /** How many entries, or members of the relay; undefined where there is nothing to count. */
  readonly count?: number;
}
