/**
 * The end of a client's process.
 *
 * A signal or an error begins the end. The terminal is given back first, and then the others are told
 * and files are saved, for a short time at most. A second signal ends the process at once.
 *
 * @module
 */

import { EXIT } from "../cli/report_error.ts";
import { RESTORE_MS } from "../terminal/input/tty.ts";
import type { Diagnostics } from "./diagnostics.ts";
import { hasTerminal } from "./standard_streams.ts";

/** How long an ending client tells the others and saves files, in ms. */
export const GOODBYE_MS = 300;
/** Time, in ms, within which a second signal is an echo of the first: nobody presses as fast. */
export const SIGNAL_ECHO_MS = 50;

/** A terminal that the client uses and has to give back. */
export interface Restorable {
  /** Removes the prompt from the screen. */
  readonly close: () => Promise<void>;
  /** Whether the terminal has not taken all that was written. */
  readonly isWriting: () => boolean;
  /** Waits until the terminal has taken all that was written, for a bounded time. */
  readonly untilWritten: () => Promise<void>;
  /** Gives the terminal back at once. May be called again, after a last line. */
  readonly restore: () => void;
  /** Does what Ctrl-C does at the prompt. */
  readonly interrupt: () => void;
  /** Writes a last line. */
  readonly farewell: (line: string) => void;
}

/**
 * Ends the process, once.
 */
export class Departure {
  /** The terminal, if the client uses one. */
  terminal: Restorable | undefined;
  /** What is to be done before the end, in the order in which it is begun. */
  readonly #farewells: (() => Promise<unknown>)[] = [];
  #isLeaving = false;
  #interruptedAt = -Infinity;
  readonly #hasEcho: boolean;
  readonly #diagnostics: Diagnostics;

  /**
   * @param options `hasEcho`: whether one Ctrl-C may cause two SIGINTs. It does below `deno task`,
   * which passes the signal on to a program that the terminal has sent it to already.
   * `diagnostics`: standard error.
   */
  constructor({ hasEcho, diagnostics }: {
    readonly hasEcho: boolean;
    readonly diagnostics: Diagnostics;
  }) {
    this.#hasEcho = hasEcho;
    this.#diagnostics = diagnostics;
  }

  /** Whether the end has begun. */
  get isLeaving(): boolean {
    return this.#isLeaving;
  }

  /**
   * Begins to listen: leaves on signals, and calls `onError` for errors that nobody catches. Without
   * a terminal SIGHUP is ignored.
   */
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
    const onHangup = hasTerminal() ? () => this.signal(EXIT.hangup) : () => {};
    Deno.addSignalListener("SIGHUP", onHangup);
    Deno.addSignalListener("SIGQUIT", () => this.signal(EXIT.quit));
  }

  /** Adds what is to be done before the end. What was added last is begun first. */
  before(farewell: () => Promise<unknown>): void {
    this.#farewells.unshift(farewell);
  }

  /** Leaves because of a signal. A second call ends the process at once. */
  signal(code: number): void {
    // A terminal that has not taken all yet cannot be given back without a wait.
    if (this.#isLeaving && !this.terminal?.isWriting()) this.#exit(code);
    this.leave(code);
  }

  /**
   * Writes a line to standard error, and ends the process. If the process is ending already, neither
   * is done again.
   */
  async fail(line: string, code: number): Promise<never> {
    return await this.#leave(code, line);
  }

  /** Ends the process, after what is to be done before. */
  async leave(code: number): Promise<never> {
    return await this.#leave(code);
  }

  async #leave(code: number, line?: string): Promise<never> {
    // The process ends while a second caller waits here.
    if (this.#isLeaving) return await new Promise<never>(() => {});
    this.#isLeaving = true;
    await this.#giveBack();
    if (line !== undefined && this.terminal) this.terminal.farewell(line);
    else if (line !== undefined) this.#diagnostics.report(line);
    const all = this.#farewells.map((farewell) => farewell().catch(() => {}));
    await within(GOODBYE_MS, Promise.all(all));
    await this.#diagnostics.settle();
    return this.#exit(code);
  }

  #interrupt(): void {
    const now = performance.now();
    if (this.#hasEcho && now - this.#interruptedAt < SIGNAL_ECHO_MS) return;
    this.#interruptedAt = now;
    if (this.terminal && !this.#isLeaving) this.terminal.interrupt();
    else this.signal(EXIT.interrupt);
  }

  /** Gives the terminal back. All waits are bounded, because a terminal may take nothing any more. */
  async #giveBack(): Promise<void> {
    if (!this.terminal) return;
    await within(RESTORE_MS, this.terminal.close());
    await this.terminal.untilWritten();
    this.terminal.restore();
  }

  /** Exits. The terminal is put in order last, whatever was written to it meanwhile. */
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
