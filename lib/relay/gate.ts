/**
 * Holding senders back while the log is full or receivers are behind.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "The relay is a log with cursors"
 */

import {
  CONGESTED_BYTES,
  CONGESTED_BYTES_PER_PEER,
  CONGESTION_CHECK_MS,
  FULL_LOG_WAIT_MS,
  SLOW_READER_LAG_BYTES,
} from "../limits.ts";
import type { BroadcastLog } from "./log.ts";
import type { Peer } from "./peer.ts";

/**
 * Decides whether a sender's bytes may enter the log now.
 *
 * Two reasons to wait: the log is full, for everyone, 1 s at most, after which
 * those who keep its oldest segment are cut; or what is queued takes long to
 * write, for busy senders only, so that the lines of others stay quick.
 *
 * @example
 * ```ts ignore
 * while (gate.isClosedTo(peer)) await gate.wait();
 * ```
 */
export class Gate {
  readonly #log: BroadcastLog;
  readonly #peers: ReadonlySet<Peer>;
  readonly #maxLogBytes: number;
  readonly #cut: (peer: Peer) => void;
  #isCongested = false;
  /** When the log became full, in ms; undefined while it is not. */
  #fullSince: number | undefined;
  #next: Promise<void> | undefined;

  /**
   * @param log The shared log.
   * @param peers Everyone who reads it.
   * @param options `maxLogBytes`: when it is full; `cut`: ends a peer that keeps it full.
   */
  constructor(
    log: BroadcastLog,
    peers: ReadonlySet<Peer>,
    options: { maxLogBytes: number; cut: (peer: Peer) => void },
  ) {
    this.#log = log;
    this.#peers = peers;
    this.#maxLogBytes = options.maxLogBytes;
    this.#cut = options.cut;
  }

  /**
   * Tells whether a sender has to wait.
   *
   * @param sender Who has something for the log.
   */
  isClosedTo(sender: Peer): boolean {
    return this.#isFull() || this.#isCongested && sender.isBusy;
  }

  /** Waits a moment and looks again; everyone who waits shares one timer. */
  wait(): Promise<void> {
    this.#next ??= new Promise((resolve) => {
      setTimeout(() => {
        this.#next = undefined;
        this.#cutSlowest();
        this.measure();
        resolve();
      }, CONGESTION_CHECK_MS);
    });
    return this.#next;
  }

  /** Adds up what is queued; peers that are far behind do not count, or one could slow all. */
  measure(): void {
    let bytes = 0;
    let peers = 0;
    for (const { cursor: { lag } } of this.#peers) {
      if (lag > SLOW_READER_LAG_BYTES) continue;
      bytes += lag;
      peers++;
    }
    this.#isCongested = bytes > Math.min(CONGESTED_BYTES, peers * CONGESTED_BYTES_PER_PEER);
  }

  #isFull(): boolean {
    return this.#log.heldBytes > this.#maxLogBytes;
  }

  #cutSlowest(): void {
    if (!this.#isFull()) {
      this.#fullSince = undefined;
      return;
    }
    this.#fullSince ??= performance.now();
    if (performance.now() - this.#fullSince < FULL_LOG_WAIT_MS) return;
    this.#fullSince = undefined;
    const end = this.#log.oldestEnd;
    for (const peer of this.#peers) if (peer.cursor.position < end) this.#cut(peer);
  }
}
