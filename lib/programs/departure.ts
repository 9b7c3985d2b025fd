/**
 * How a client's process ends: once, with the terminal as it was, and others told.
 *
 * @module
 */

import { EXIT } from "../cli/report_error.ts";
import { RESTORE_MS } from "../terminal/input/tty.ts";

/** Longest that a client takes to say goodbye when a signal ends it, in ms. */
export const GOODBYE_MS = 300;
/** Time, in ms, within which a second SIGINT is the first one again: nobody presses as fast. */
export const SIGNAL_ECHO_MS = 50;

/** A terminal that is to be given back. */
export interface Restorable {
  /** Takes what is drawn off the screen. */
  readonly close: () => Promise<void>;
  /** Whether it has not taken yet what was written. */
  readonly isWriting: () => boolean;
  /** Waits for that, but not forever. */
  readonly untilWritten: () => Promise<void>;
  /** Gives the terminal back, at once; again after a last word. */
  readonly restore: () => void;
  /** The user pressed Ctrl-C. */
  readonly interrupt: () => void;
  /** Writes a last line. */
  readonly farewell: (line: string) => void;
}

/**
 * The end of a process. A signal or an error begins it; a second signal ends it at once.
 */
export class Departure {
  /** The terminal, as long as it is in use. */
  terminal: Restorable | undefined;
  /** What is to be done before the end, in the order in which it began. */
  readonly #farewells: (() => Promise<unknown>)[] = [];
  #isLeaving = false;
  #interruptedAt = -Infinity;
  readonly #hasEcho: boolean;

  /** @param options `hasEcho`: whether one SIGINT may come twice, as it does below `deno task`. */
  constructor({ hasEcho }: { readonly hasEcho: boolean }) {
    this.#hasEcho = hasEcho;
  }

  /** Whether the end has begun. */
  get isLeaving(): boolean {
    return this.#isLeaving;
  }

  /** Leaves on signals, and on errors that nobody catches. */
  listen(onError: (error: unknown) => void): void {
    Deno.addSignalListener("SIGINT", () => this.#interrupt());
    addEventListener("error", (event) => {
      event.preventDefault();
      onError(event.error);
    });
    addEventListener("unhandledrejection", (event) => {
      event.preventDefault();
      onError(event.reason);
    });
    if (Deno.build.os === "windows") return;
    Deno.addSignalListener("SIGTERM", () => this.signal(EXIT.terminate));
    Deno.addSignalListener("SIGHUP", () => this.signal(EXIT.hangup));
    Deno.addSignalListener("SIGQUIT", () => this.signal(EXIT.quit));
  }

  /** Does something before the end; what was added later is begun first. */
  before(farewell: () => Promise<unknown>): void {
    this.#farewells.unshift(farewell);
  }

  /** Leaves on a signal; on a second one at once. */
  signal(code: number): void {
    // Giving back a terminal that is still busy would keep the process from its end.
    if (this.#isLeaving && !this.terminal?.isWriting()) this.#exit(code);
    this.leave(code);
  }

  /**
   * Says why the process ends, unless it is ending already, and ends it.
   *
   * @param line For standard error.
   * @param code The exit code.
   */
  async fail(line: string, code: number): Promise<never> {
    return await this.#leave(code, line);
  }

  /** Ends the process, after a moment in which others are told and what is due is saved. */
  async leave(code: number): Promise<never> {
    return await this.#leave(code);
  }

  async #leave(code: number, line?: string): Promise<never> {
    // What is under way ends while this waits, and has nothing more to say.
    if (this.#isLeaving) return await new Promise<never>(() => {});
    this.#isLeaving = true;
    await this.#giveBack();
    if (line !== undefined && this.terminal) this.terminal.farewell(line);
    else if (line !== undefined) console.error(line);
    const all = this.#farewells.map((farewell) => farewell().catch(() => {}));
    await within(GOODBYE_MS, Promise.all(all));
    return this.#exit(code);
  }

  #interrupt(): void {
    const now = performance.now();
    // `deno task` passes on to its program what the terminal has sent to both.
    if (this.#hasEcho && now - this.#interruptedAt < SIGNAL_ECHO_MS) return;
    this.#interruptedAt = now;
    if (this.terminal && !this.#isLeaving) this.terminal.interrupt();
    else this.signal(EXIT.interrupt);
  }

  /** A terminal that takes nothing any more is not waited for. */
  async #giveBack(): Promise<void> {
    if (!this.terminal) return;
    await within(RESTORE_MS, this.terminal.close());
    await this.terminal.untilWritten();
    this.terminal.restore();
  }

  /** The last that a terminal is sent puts it in order, whatever was written meanwhile. */
  #exit(code: number): never {
    this.terminal?.restore();
    Deno.exit(code);
  }
}

async function within(ms: number, promise: Promise<unknown>): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([promise, late]);
  clearTimeout(timer);
}
