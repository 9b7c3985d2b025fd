/**
 * The slots of invitations: a member holds one, and the one visitor that comes there talks to the
 * member alone.
 *
 * @module
 * @see docs/PROTOCOL.md, "Invitations"
 */

import { formatControl } from "../../protocol/control.ts";
import type {
  ClientSlotControl,
  RelaySlotControl,
  SlotMessage,
} from "../../protocol/slot_lines.ts";
import {
  MAX_ENDED_SLOTS,
  MAX_PASSES,
  MAX_SLOTS,
  MAX_SLOTS_OF_MEMBER,
  MAX_SLOTS_OF_NETWORK,
  SLOT_SECONDS,
  VISIT_MS,
} from "../limits.ts";
import type { Deadline } from "../peer/handshake.ts";
import { isLoopbackNetwork } from "../peer/network.ts";
import type { Writer } from "../peer/writer.ts";
import type { CloseReason, PeerClass, RelayEvent } from "../watch/events.ts";
import type { RelayStats } from "../watch/stats.ts";
import { SlotThrottle } from "./slot_throttle.ts";

/** What {@linkcode Slots} need of a peer. They set its mutable fields. */
export interface SlotPeer {
  readonly cid: number;
  readonly peerClass: PeerClass;
  /** The peer's network, as `networkOf()` names it. */
  readonly network: string;
  readonly writer: Pick<Writer, "hold" | "say" | "pump">;
  /** The handshake; undefined before `!HELLO`. */
  readonly handshake: unknown;
  /** Whether the peer is a visitor: neither guest nor member. */
  isVisitor: boolean;
  /** When the peer has to go. */
  deadline: Deadline | undefined;
  expel(reason: CloseReason): void;
}

/** What {@linkcode Slots} are made of. */
export interface SlotsParts<P extends SlotPeer> {
  /** Whether there are any slots; true by default. */
  readonly invites?: boolean;
  /** The numbers in which slots are counted. */
  readonly stats: Pick<RelayStats, "invitations">;
  /** Is called with each peer that becomes a visitor. It takes the peer out of the room. */
  readonly onVisit: (peer: P) => void;
  readonly report: (event: RelayEvent) => void;
  /** A clock in ms that never runs back; `performance.now()` by default. */
  readonly now?: () => number;
}

/** A slot that is held. */
interface Slot<P> {
  readonly owner: P;
  /** When it ends without a visitor, in ms. */
  readonly until: number;
  /** The one visitor that it ever has. */
  visitor?: P;
  /** How many messages each side has passed. */
  readonly passes: { owner: number; visitor: number };
}

/** The slots of a relay, by name. */
export class Slots<P extends SlotPeer> {
  readonly #parts: SlotsParts<P>;
  readonly #now: () => number;
  readonly #throttle = new SlotThrottle();
  readonly #slots = new Map<string, Slot<P>>();
  /** Why slots ended that had a visitor or lost their owner, and until when it is told. */
  readonly #ended = new Map<string, { readonly reason: CloseReason; readonly until: number }>();

  constructor(parts: SlotsParts<P>) {
    this.#parts = parts;
    this.#now = parts.now ?? (() => performance.now());
  }

  /** How many slots are held. */
  get size(): number {
    return this.#slots.size;
  }

  /** Takes a line about a slot. What the peer may not say, or says of no slot, has no effect. */
  take(peer: P, control: ClientSlotControl): void {
    if (control.verb === "SLOT") return this.#open(peer, control.slot);
    if (control.verb === "MEET") return this.#meet(peer, control);
    const slot = this.#slots.get(control.slot);
    if (control.verb === "PASS" && slot) this.#pass(peer, slot, control);
    if (control.verb === "PARTED" && slot?.owner === peer) this.#end(control.slot, "inviter gone");
  }

  /** Ends the slots of a peer that is gone, and the one that it visits. */
  leave(peer: P): void {
    for (const [name, { owner, visitor }] of this.#slots) {
      if (owner === peer) this.#end(name, "inviter gone");
      if (visitor === peer) this.#end(name, "slot used");
    }
  }

  /** Ends the slots whose time is over and that have no visitor. Their members are told. */
  expire(): void {
    const now = this.#now();
    for (const [name, { owner, visitor, until }] of this.#slots) {
      if (now < until || visitor) continue;
      this.#slots.delete(name);
      this.#tell(owner, { verb: "PARTED", slot: name });
    }
    for (const [name, { until }] of this.#ended) if (now >= until) this.#ended.delete(name);
  }

  #open(peer: P, name: string): void {
    if (peer.peerClass !== "member") return;
    const { invites = true, stats, report } = this.#parts;
    const isFull = this.#isFull(peer);
    const isTaken = this.#slots.has(name) || this.#ended.has(name);
    const refusal = !invites ? "off" : isFull ? "full" : isTaken ? "taken" : undefined;
    stats.invitations[refusal ? "refused" : "opened"]++;
    if (!refusal) {
      const until = this.#now() + 1000 * SLOT_SECONDS;
      this.#slots.set(name, { owner: peer, until, passes: { owner: 0, visitor: 0 } });
      report({ kind: "slot opened", cid: peer.cid });
    }
    this.#tell(peer, { verb: "SLOT", slot: name, answer: refusal ?? SLOT_SECONDS });
  }

  #isFull(peer: P): boolean {
    const count = (isCounted: (owner: P) => boolean) =>
      this.#slots.values().filter(({ owner }) => isCounted(owner)).toArray().length;
    if (this.#slots.size >= MAX_SLOTS) return true;
    if (count((owner) => owner === peer) >= MAX_SLOTS_OF_MEMBER) return true;
    const { network } = peer;
    if (isLoopbackNetwork(network)) return false;
    return count((owner) => owner.network === network) >= MAX_SLOTS_OF_NETWORK;
  }

  #meet(peer: P, control: SlotMessage & { verb: "MEET" }): void {
    if (peer.handshake || peer.isVisitor) return;
    const { stats, onVisit } = this.#parts;
    const now = this.#now();
    if (this.#throttle.isClosedTo(peer.network, now)) return peer.expel("paused");
    const slot = this.#slots.get(control.slot);
    if (!slot || slot.visitor) {
      this.#throttle.note(peer.network, now);
      stats.invitations.wrong++;
      return peer.expel(slot ? "slot used" : this.#ended.get(control.slot)?.reason ?? "no slot");
    }
    slot.visitor = peer;
    stats.invitations.met++;
    peer.isVisitor = true;
    peer.deadline = { at: now + VISIT_MS, reason: "timeout" };
    peer.writer.hold();
    onVisit(peer);
    this.#tell(slot.owner, control);
  }

  #pass(peer: P, { owner, visitor, passes }: Slot<P>, control: SlotMessage): void {
    if (!visitor || (peer !== owner && peer !== visitor)) return;
    const side = peer === owner ? "owner" : "visitor";
    if (passes[side] >= MAX_PASSES) return;
    passes[side]++;
    this.#tell(peer === owner ? visitor : owner, control);
  }

  /** Ends a slot for good. Its name is not given again until its time is over. */
  #end(name: string, reason: "slot used" | "inviter gone"): void {
    const { owner, visitor, until } = this.#slots.get(name)!;
    this.#slots.delete(name);
    this.#ended.set(name, { reason: visitor ? "slot used" : reason, until });
    if (this.#ended.size > MAX_ENDED_SLOTS) {
      const { value: oldest } = this.#ended.keys().next();
      this.#ended.delete(oldest!);
    }
    if (reason === "slot used") this.#tell(owner, { verb: "PARTED", slot: name });
    else visitor?.expel(reason);
  }

  #tell(peer: P, control: RelaySlotControl): void {
    if (!peer.writer.say(formatControl(control))) return peer.expel("too slow");
    peer.writer.pump();
  }
}
