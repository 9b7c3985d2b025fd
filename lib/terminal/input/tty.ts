/**
 * The real terminal: its modes, its size, its input, and how it was before.
 *
 * @module
 */

import { settleWithin } from "../../async/within.ts";
import { KIB } from "../../bytes/units.ts";
import { callPatiently, patientWriter } from "../../bytes/patient.ts";
import { writeAll } from "../../bytes/write_all.ts";
import type { Size } from "../screen/prompt_area.ts";
import { setModes, writeNow } from "./tty_calls.ts";

/** Longest wait, in ms, for a terminal to take the prompt off before it is given back. */
export const RESTORE_MS = 300;
/**
 * Longest wait, in ms, for a terminal to take what was written before the program ends; one that
 * has taken nothing for half of it is given up.
 */
export const STUCK_MS = 2000;
/**
 * Longest that putting the terminal in order takes, in ms, unless the process was stopped in it.
 */
export const STOPPED_MS = 100;
/** Wait, in ms, for the signal that a stopped process goes on; none comes if it was not stopped. */
export const CONTINUE_WAIT_MS = 50;
/**
 * Wait, in ms, for the SIGHUP of a terminal that is gone: its input ends first, and the signal may
 * come from a shell that has got one itself.
 */
export const HANGUP_WAIT_MS = 500;
/** Bytes that are read from the terminal at once. */
export const TTY_READ_BYTES = 64 * KIB;

/** Ends bracketed paste, shows the cursor, resets colours: the last that a terminal is sent. */
export const RESTORE = "\x1b[?2004l\x1b[?25h\x1b[0m";

const PASTE_ON = "\x1b[?2004h";
/** Ends synchronized output and turns autowrap on, wherever a repaint was cut off. */
const END_REPAINT = "\x1b[?2026l\x1b[?7h";
const SAVE_TITLE = "\x1b[22;2t";
const RESTORE_TITLE = "\x1b[23;2t";
/** Size of a terminal that does not tell its own. */
const FALLBACK: Size = { columns: 80, rows: 24 };

/** What a {@linkcode Tty} reports. */
export interface TtyOptions {
  /** The size may have changed. */
  readonly onResize: () => void;
  /** The user pressed Ctrl-Z: what is drawn is to be taken off the terminal. */
  readonly onStop: () => Promise<void>;
  /** The process goes on after it was stopped; others have written on the terminal. */
  readonly onContinue: () => void;
  /**
   * Set where no shell would continue the process: told of Ctrl-Z, which then stops nothing. It may
   * be called twice for one key, as `deno task` passes on what the terminal has sent to both.
   */
  readonly onStopRefused?: () => void;
}

/**
 * Owns standard input and output where both are a terminal.
 *
 * It is in cbreak mode: keys come one by one and unechoed, but Ctrl-C and
 * Ctrl-Z are signals. On Ctrl-Z the process stops only after the terminal is as
 * it was: not every shell repairs it.
 */
export class Tty implements Disposable {
  readonly #options: TtyOptions;
  readonly #onContinue = () => {
    clearTimeout(this.#continueTimer);
    this.#isStopping = false;
    if (this.#isRestored) return;
    // The shell may have set other modes in the meantime.
    setModes(false);
    setModes(true);
    const title = this.#title === undefined ? "" : SAVE_TITLE + this.#title;
    void this.write(PASTE_ON + title).catch(ignoreHangup);
    this.#options.onContinue();
  };
  readonly #onStop = () => void this.#stop();
  readonly #onResize = () => this.#options.onResize();
  #lastWrite: Promise<void> = Promise.resolve();
  /** When the write that is under way began. */
  #writingSince: number | undefined;
  #title: string | undefined;
  #isStopping = false;
  #continueTimer: ReturnType<typeof setTimeout> | undefined;
  #isRestored = false;

  /**
   * @param options Whom to tell.
   * @throws {Error} If standard input is no terminal.
   */
  constructor(options: TtyOptions) {
    this.#options = options;
    Deno.stdin.setRaw(true, { cbreak: true });
    writeNow(PASTE_ON);
    if (Deno.build.os === "windows") return;
    Deno.addSignalListener("SIGWINCH", this.#onResize);
    Deno.addSignalListener("SIGTSTP", this.#onStop);
    Deno.addSignalListener("SIGCONT", this.#onContinue);
  }

  /**
   * Reads what is typed; each chunk is a fresh array. It ends when the terminal is gone, and so late
   * that a signal says so first if one comes: the program then ends because of the signal.
   */
  async *input(): AsyncGenerator<Uint8Array> {
    const buffer = new Uint8Array(TTY_READ_BYTES);
    for (;;) {
      const length = await callPatiently(() => Deno.stdin.read(buffer)).catch(ignoreHangup);
      if (!length) break;
      yield buffer.slice(0, length);
    }
    if (Deno.build.os === "windows") return;
    await new Promise((resolve) => setTimeout(resolve, HANGUP_WAIT_MS));
  }

  /**
   * Writes all of a text, after what was written before; nothing once it is restored.
   *
   * @throws {Error} If the terminal is gone.
   */
  write(text: string): Promise<void> {
    const write = async () => {
      if (this.#isRestored) return;
      this.#writingSince = performance.now();
      try {
        await writeAll(patientWriter(Deno.stdout), new TextEncoder().encode(text));
      } finally {
        this.#writingSince = undefined;
      }
    };
    const written = this.#lastWrite.then(write);
    this.#lastWrite = written.catch(ignoreHangup);
    return written;
  }

  /** Whether a write is under way. All that is done to the terminal then waits for the write. */
  get isWriting(): boolean {
    return this.#writingSince !== undefined;
  }

  /** Waits for what is being written, but not for a terminal that takes nothing any more. */
  async untilWritten(): Promise<void> {
    await settleWithin(this.#lastWrite, STUCK_MS);
  }

  /** The size by now; 80 x 24 if the terminal does not know it. */
  size(): Size {
    try {
      const { columns, rows } = Deno.consoleSize();
      return columns > 0 && rows > 0 ? { columns, rows } : FALLBACK;
    } catch {
      return FALLBACK;
    }
  }

  /**
   * Sets the title; the one before comes back with `restore()`.
   *
   * @param sequence From {@linkcode titleSequence}.
   * @throws {Error} If the terminal is gone.
   */
  async title(sequence: string): Promise<void> {
    const before = this.#title === undefined ? SAVE_TITLE : "";
    this.#title = sequence;
    await this.write(before + sequence);
  }

  /**
   * Gives the terminal back as it was, at once. It is called on every way out, and again after a
   * last line. It never throws, even if the terminal is gone. A terminal that has taken nothing for
   * 1 s is left as it is, because a write to it would not end.
   *
   * @param last Written before, if there is still something to erase.
   */
  restore(last = ""): void {
    const since = this.#writingSince;
    if (since !== undefined && performance.now() - since > STUCK_MS / 2) return;
    setModes(false);
    const before = this.#isRestored ? "" : this.#ending;
    this.#isRestored = true;
    clearTimeout(this.#continueTimer);
    writeNow(before + last + RESTORE);
  }

  /**
   * Writes a last line on standard error, and restores the terminal after it.
   *
   * @param line Safe to show.
   */
  farewell(line: string): void {
    this.restore();
    if (this.isWriting) return;
    try {
      Deno.stderr.writeSync(new TextEncoder().encode(`${line}\n`));
    } catch (error) {
      ignoreHangup(error);
    }
    if (Deno.stderr.isTerminal()) this.restore();
  }

  get #ending(): string {
    return END_REPAINT + (this.#title === undefined ? "" : RESTORE_TITLE);
  }

  async #stop(): Promise<void> {
    if (this.#options.onStopRefused) return this.#options.onStopRefused();
    if (this.#isStopping) return;
    this.#isStopping = true;
    await settleWithin(this.#options.onStop().catch(ignoreHangup), RESTORE_MS);
    if (this.#isRestored) return;
    const began = performance.now();
    setModes(false);
    writeNow(this.#ending + RESTORE);
    // A quick shell has stopped and continued this process by now, and needs no signal. Unlike
    // SIGSTOP, this signal has no effect if there is no shell that could continue the process.
    if (performance.now() - began < STOPPED_MS) Deno.kill(Deno.pid, "SIGTTOU");
    this.#continueTimer = setTimeout(this.#onContinue, CONTINUE_WAIT_MS);
  }

  /** Restores the terminal, and listens no more. */
  [Symbol.dispose](): void {
    this.restore();
    if (Deno.build.os === "windows") return;
    Deno.removeSignalListener("SIGWINCH", this.#onResize);
    Deno.removeSignalListener("SIGTSTP", this.#onStop);
    Deno.removeSignalListener("SIGCONT", this.#onContinue);
  }
}

/** A terminal that is gone needs nothing any more. */
function ignoreHangup(_error: unknown): void {}
