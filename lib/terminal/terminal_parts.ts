/**
 * What the user's side at a terminal is made of.
 *
 * @module
 */

import type { Schedule } from "../async/schedule.ts";
import type { BellMode } from "../client/events.ts";
import type { Say } from "../messages/phrases.ts";
import type { Offer } from "./editor/candidates.ts";
import type { History } from "./editor/history.ts";
import type { TtyOptions } from "./input/tty.ts";
import type { Size } from "./screen/prompt_area.ts";
import type { Reflow } from "./screen/reflow.ts";
import type { Theme } from "./screen/theme.ts";
import type { LocalTime } from "./show/local_time.ts";

/** The terminal itself, as `Tty` is one. */
export interface Device {
  readonly input: () => AsyncIterable<Uint8Array>;
  readonly write: (text: string) => Promise<void>;
  readonly size: () => Size;
  readonly title: (sequence: string) => Promise<void>;
}

/** What a {@linkcode Terminal} works with. */
export interface TerminalParts {
  /** Takes the terminal over. */
  readonly open: (options: TtyOptions) => Device;
  readonly theme: Theme;
  readonly say: Say;
  readonly time: LocalTime;
  /** What was typed in earlier runs; what is typed in this one is added. */
  readonly history: History;
  readonly nickname: string;
  /** What the terminal's title says. */
  readonly title: string;
  readonly bell: BellMode;
  /** Whether messages that ring are shown on the desktop, too. */
  readonly notify: boolean;
  readonly isInTmux: boolean;
  readonly hasTimestamps: boolean;
  /** Completes what is in front of the cursor. */
  readonly complete: (before: string) => Offer | Promise<Offer>;
  /** Told of each line that the user enters. */
  readonly onEntered: (text: string) => void;
  /** Called when the user wants to leave at once. */
  readonly onInterrupt: () => void;
  /** The clock, in ms since 1970. */
  readonly now: () => number;
  /** A clock in ms that never runs back. */
  readonly monotonic: () => number;
  /** Calls back later; by the process's timers unless it is given. */
  readonly schedule?: Schedule;
  /** What the terminal does to its rows when it gets narrower; most break them. */
  readonly reflow?: Reflow;
}
