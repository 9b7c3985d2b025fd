/**
 * What a relay is started with.
 *
 * @module
 */

import type { RoomMode } from "../protocol/control.ts";
import type { Carrier } from "./carrier.ts";
import type { Proxies } from "./door/proxies.ts";
import type { BacklogStore } from "./log/keeper.ts";
import type { ProofVerifier } from "./peer/handshake.ts";
import type { RelayEvent } from "./watch/events.ts";

/** Settings of a relay. */
export interface RelayOptions {
  /** Whether guests may take part. */
  readonly mode: RoomMode;
  /** Checks proofs of the room's key. */
  readonly verifier: ProofVerifier;
  /** Clients in the room at once. */
  readonly maxClients: number;
  /** Connections that wait outside the room at once; 512 by default. */
  readonly maxWaiting?: number;
  /** Connections that shake hands at once; 256 by default. */
  readonly maxShaking?: number;
  /** Time to shake hands, in ms; 10 s by default. */
  readonly handshakeMs?: number;
  /** Closing connections that are still read from, at once; 32 by default. */
  readonly maxLingering?: number;
  /** Whether members may invite others; true by default. */
  readonly invites?: boolean;
  /** Lines of the backlog that members get; 200 by default, 0 for none. */
  readonly backlogLines?: number;
  /** Keeps the backlog over a restart; undefined for no such store. */
  readonly store?: BacklogStore;
  /** Brings lines into an order that other relays share; undefined for a relay that is alone. */
  readonly carrier?: Carrier;
  /** Pipes at once; 16 by default, 0 for none. */
  readonly maxPipes?: number;
  /** How much goes through one pipe, in bytes a second; 32 MiB by default. */
  readonly pipeBytesPerSecond?: number;
  /** Whether rates hold; true by default. */
  readonly rateLimit?: boolean;
  /** Bytes above which the log is full; 64 MiB by default. */
  readonly maxLogBytes?: number;
  /** Time within which a line that was begun must end, in ms; 15 s by default. */
  readonly lineTimeoutMs?: number;
  /** Time within which a challenge must be answered, in ms; 10 s by default. */
  readonly proofTimeoutMs?: number;
  /** Time to prove the key where the room is full, in ms; 3 s by default. */
  readonly fullRoomWaitMs?: number;
  /** Whose connections begin with a header that says for whom they are; undefined for nobody's. */
  readonly proxies?: Proxies;
  /** Is told what happens. */
  readonly report: (event: RelayEvent) => void;
}
