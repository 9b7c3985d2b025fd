/**
 * What a client is going to do: decided by the seed and its number alone.
 *
 * @module
 */

import type { Random } from "./random.ts";

/** How a client reads: always, little, not at all, or not at all at times. */
export type Pace = "fast" | "slow" | "stuck" | "returning";

/** How a client goes: it ends its output and reads on; closes; closes with unread input. */
export type Leave = "half-close" | "close" | "reset";

/** The decisions for one client. */
export interface Plan {
  readonly pace: Pace;
  readonly leave: Leave;
  /** From the connection to its end. */
  readonly lifetimeMs: number;
  readonly isSender: boolean;
  /** Whether its half-close comes in the middle of a line. */
  readonly leavesMidLine: boolean;
  /** Lines of noise it may send: 20 end the connection. */
  readonly noiseLines: number;
  /** Share of its lines that end in CR LF. */
  readonly crlfShare: number;
}

/** Decides what one client is going to do. */
export function drawPlan(random: Random): Plan {
  const pace = random.pick({ fast: 80, slow: 6, stuck: 6, returning: 8 });
  const leave = random.pick({ "half-close": 55, close: 25, reset: 20 });
  const isFast = pace === "fast";
  return {
    pace,
    leave,
    lifetimeMs: isFast ? random.scale(300, 60_000) : random.int(20_000, 90_000),
    isSender: random.chance(0.85),
    leavesMidLine: random.chance(0.3),
    noiseLines: random.chance(0.3) ? random.int(1, 15) : 0,
    crlfShare: random.pick({ never: 6, sometimes: 3, always: 1 }) === "never" ? 0 : random.next(),
  };
}

/** The plan of a client that reads and sends all the time until the end. */
export const STEADY_PLAN: Plan = {
  pace: "fast",
  leave: "half-close",
  lifetimeMs: Infinity,
  isSender: true,
  leavesMidLine: false,
  noiseLines: 0,
  crlfShare: 0,
};
