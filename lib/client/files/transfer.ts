/**
 * What is told of a file on its way.
 *
 * @module
 */

import type { FileMove } from "../events.ts";
import { Meter } from "./meter.ts";

/** How far a running transfer is. */
export interface Progress {
  readonly direction: "in" | "out";
  readonly name: string;
  readonly size: number;
  readonly bytes: number;
  /** Bytes a second. */
  readonly rate: number;
}

/** Who and what: all of it is the same from the beginning to the end. */
export type TransferFacts = Pick<
  FileMove,
  "number" | "direction" | "nickname" | "name" | "size"
>;

/** What there is to say at the end. */
export type TransferDetails = Pick<FileMove, "path" | "reason" | "isHopeless">;

/** One file on its way to, or from, one member. */
export class Transfer {
  /** Bytes of the file that have gone. */
  bytes = 0;
  state: FileMove["state"] = "waiting";
  /** Ends it. */
  readonly abort: AbortController = new AbortController();
  readonly facts: TransferFacts;
  readonly #report: (event: FileMove) => void;
  readonly #meter = new Meter();

  /**
   * @param facts Who and what.
   * @param report Is told of each change.
   */
  constructor(facts: TransferFacts, report: (event: FileMove) => void) {
    this.facts = facts;
    this.#report = report;
  }

  /** Whether it is over. */
  get isOver(): boolean {
    return this.state !== "waiting" && this.state !== "running";
  }

  /** Notes a change, and tells it. One that is over does not change. */
  become(state: FileMove["state"], more: TransferDetails = {}): void {
    if (this.isOver) return;
    this.state = state;
    this.tell(more);
  }

  /** Tells how far it is. */
  tell(more: TransferDetails = {}): void {
    const { facts, bytes, state } = this;
    this.#report({ kind: "transfer", ...facts, bytes, state, ...more });
  }

  /** How far it is, if it is running. */
  progress(now: number): Progress | undefined {
    if (this.state !== "running") {
      this.#meter.reset();
      return undefined;
    }
    const { direction, name, size } = this.facts;
    const { bytes } = this;
    return { direction, name, size, bytes, rate: this.#meter.look(bytes, now) };
  }
}
