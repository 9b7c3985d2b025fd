/**
 * Knows what was sent, and so what everyone must receive.
 *
 * @module
 */

/** What can go wrong, by kind. */
export type FaultKind =
  /** A token that had to come did not. */
  | "lost"
  /** A token came twice. */
  | "duplicate"
  /** A token came after a later one of the same sender. */
  | "order"
  /** A line that no sender sent, as it came. */
  | "foreign"
  /** A client that reads all the time was refused, cut or reset. */
  | "cut"
  /** Anything else: a hang, receivers that disagree, a server that ended. */
  | "other";

/** Details kept; further faults are only counted. */
const MAX_DETAILS = 20;
/** Time, in ms, after which a sender that ended abruptly has nothing more on its way. */
const ABRUPT_SETTLE_MS = 15_000;

/** One sending connection. */
export interface Sender {
  readonly id: number;
  /** Tokens whose LF was handed to the system: the next token's number. */
  offered: number;
  /** Tokens that at least one receiver has seen. */
  seen: number;
  /** Its place in {@linkcode Oracle.retirements}. */
  retiredAt: number | undefined;
}

/** From `marker` on, nothing of a sender can come any more. */
export interface Retirement {
  readonly sender: Sender;
  /** Number of the controller's token. */
  readonly marker: number;
  /** Whether every token it offered had to arrive. */
  readonly isClean: boolean;
  /** Tokens received by the first receiver that passed the marker. */
  total: number | undefined;
}

/** Registers senders, retires them, and counts faults. */
export class Oracle {
  /** Every sender there ever was, by id; the first is the controller. */
  readonly senders: Sender[] = [];
  /** Those that may still send. */
  readonly active = new Set<Sender>();
  /** In the order of their markers. */
  readonly retirements: Retirement[] = [];
  readonly #ended: { sender: Sender; isClean: boolean; due: number }[] = [];
  /** Faults by kind. */
  readonly faults: Record<FaultKind, number> = {
    lost: 0,
    duplicate: 0,
    order: 0,
    foreign: 0,
    cut: 0,
    other: 0,
  };
  /** The first faults, one line each. */
  readonly details: string[] = [];
  /** Clients that the relay cut for reading too slowly, by what it said. */
  readonly cuts = new Map<string, number>();
  /** Tokens received and checked, and their bytes with LF. */
  deliveries = 0;
  bytes = 0;
  /** Connections of bad will. */
  hostile = 0;
  readonly #startedAt = performance.now();

  /** Faults in all. */
  get faultCount(): number {
    return Object.values(this.faults).reduce((sum, count) => sum + count, 0);
  }

  /** Tokens offered by everyone. */
  get sent(): number {
    return this.senders.reduce((sum, sender) => sum + sender.offered, 0);
  }

  /** Registers a new sender. */
  join(): Sender {
    const sender: Sender = { id: this.senders.length, offered: 0, seen: 0, retiredAt: undefined };
    this.senders.push(sender);
    this.active.add(sender);
    return sender;
  }

  /**
   * Notes that a sender has gone.
   *
   * @param sender It offers no more tokens.
   * @param isClean Whether the relay is known to have read all it sent.
   */
  leave(sender: Sender, isClean: boolean): void {
    if (!this.active.delete(sender)) return;
    const due = performance.now() + (isClean ? 0 : ABRUPT_SETTLE_MS);
    this.#ended.push({ sender, isClean, due });
  }

  /** To be called just before the controller's token `marker` is offered. */
  beforeMarker(marker: number): void {
    const now = performance.now();
    for (let i = this.#ended.length - 1; i >= 0; i--) {
      const { sender, isClean, due } = this.#ended[i]!;
      if (due > now) continue;
      this.#ended.splice(i, 1);
      sender.retiredAt = this.retirements.length;
      this.retirements.push({ sender, marker, isClean, total: undefined });
    }
  }

  /** Counts a fault; `count` may be negative, to take back what was explained otherwise. */
  fault(kind: FaultKind, detail: string, count = 1): void {
    this.faults[kind] += count;
    if (this.details.length >= MAX_DETAILS) return;
    const seconds = ((performance.now() - this.#startedAt) / 1000).toFixed(1);
    this.details.push(`${seconds} s: ${kind}: ${detail}`);
  }

  /** Counts a client that was cut as its reading deserves. */
  countCut(reason: string): void {
    this.cuts.set(reason, (this.cuts.get(reason) ?? 0) + 1);
  }
}
