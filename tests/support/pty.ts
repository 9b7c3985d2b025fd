/**
 * A bare pseudo-terminal, without a shell that would repair it.
 *
 * @module
 */

import { PYTHON, requireDeclared } from "./needs.ts";
import { IMPORT_FLAGS, ROOT } from "./programs.ts";
import { within } from "./within.ts";

/** What a program left behind on its terminal. */
export interface Left {
  /** All that it wrote, errors too. */
  readonly output: string;
  /** Its exit code; 128 and the signal's number if a signal killed it. */
  readonly code: number;
  /** Whether tcgetattr says the same before and after. */
  readonly isSame: boolean;
  /** Whether it did not at any time while the program ran. */
  readonly wasRaw: boolean;
  /** How long the program went on after a hangup; null if there was none. */
  readonly secondsAfterHangup: number | null;
}

/** Settings of {@linkcode Pty.open}. */
export interface PtyOptions {
  readonly cwd: string;
  readonly env?: Record<string, string>;
  readonly columns?: number;
  readonly rows?: number;
  /** Whether Ctrl-C and a hangup are signals to the program. */
  readonly isControlling?: boolean;
}

type Report = { readonly pid: number } | { readonly output: string } | Omit<Left, "output">;

/** One program in a pseudo-terminal. */
export class Pty implements AsyncDisposable {
  /** All that it wrote so far. */
  output = "";
  /** Its process; 0 until there is one. */
  pid = 0;
  readonly #host: Deno.ChildProcess;
  readonly #commands: WritableStreamDefaultWriter<Uint8Array>;
  readonly #ended: Promise<Omit<Left, "output">>;
  #changed = Promise.withResolvers<void>();

  private constructor(host: Deno.ChildProcess) {
    this.#host = host;
    this.#commands = host.stdin.getWriter();
    this.#ended = this.#collect();
    this.#ended.catch(() => {});
  }

  /** Starts a program in a terminal of 60x15, unless another size is given. */
  static async open(command: readonly string[], options: PtyOptions): Promise<Pty> {
    const { cwd, env = {}, columns = 60, rows = 15, isControlling = true } = options;
    requireDeclared(PYTHON);
    const plan = { command, cwd, env, columns, rows, isControlling };
    const host = new Deno.Command(PYTHON, {
      args: ["-u", `${ROOT}tests/support/pty_host.py`, JSON.stringify(plan)],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const pty = new Pty(host);
    await within(30, () => "the program was not started", pty.#until(() => pty.pid > 0));
    return pty;
  }

  /** Waits until what was written matches from a place on. */
  async waitFor(pattern: RegExp, from = 0): Promise<void> {
    const what = () => `no ${pattern} in ${JSON.stringify(this.output.slice(from))}`;
    await within(30, what, this.#until(() => pattern.test(this.output.slice(from))));
  }

  /** Types text, as it is. */
  async type(text: string): Promise<void> {
    await this.#command({ type: new TextEncoder().encode(text).toBase64() });
  }

  /** Sends signals, by their numbers, one right after the other. */
  async signal(...signals: number[]): Promise<void> {
    await this.#command(...signals.map((signal) => ({ signal })));
  }

  /** Has the terminal take nothing any more. */
  async pause(): Promise<void> {
    await this.#command({ pause: true });
  }

  /** Takes the terminal away from under the program. */
  async hangUp(): Promise<void> {
    await this.#command({ hangup: true });
  }

  /** Waits until the program ends by itself. */
  async finished(): Promise<Left> {
    const what = () => `still running: ${JSON.stringify(this.output)}`;
    const left = await within(30, what, this.#ended);
    return { ...left, output: this.output };
  }

  /** Ends it, whatever it does. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#commands.close().catch(() => {});
    await this.#ended.catch(() => {});
    await this.#host.status;
  }

  async #command(...commands: object[]): Promise<void> {
    const lines = commands.map((command) => `${JSON.stringify(command)}\n`).join("");
    await this.#commands.write(new TextEncoder().encode(lines));
  }

  async #until(condition: () => boolean): Promise<void> {
    let isOver = false;
    const over = this.#ended.finally(() => isOver = true).catch(() => {});
    while (!condition()) {
      if (isOver) throw new Error(`The program ended: ${JSON.stringify(this.output)}`);
      await Promise.race([this.#changed.promise, over]);
    }
  }

  async #collect(): Promise<Omit<Left, "output">> {
    const decoder = new TextDecoder();
    const errors = new Response(this.#host.stderr).text();
    let rest = "";
    for await (const text of this.#host.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split("\n");
      rest = lines.pop()!;
      for (const line of lines) {
        const report: Report = JSON.parse(line);
        if ("code" in report) return report;
        if ("pid" in report) this.pid = report.pid;
        else this.output += decoder.decode(Uint8Array.fromBase64(report.output), { stream: true });
      }
      this.#changed.resolve();
      this.#changed = Promise.withResolvers();
    }
    throw new Error(`The pseudo-terminal's host failed:\n${await errors}`);
  }
}

/** Runs `tests/support/tty_child.ts` in a terminal of 40x10; acts once it is ready. */
export async function runInPty(
  way: string,
  { signal = 0, type = "", isGone = false }: {
    signal?: number;
    type?: string;
    /** Whether the terminal goes away, without a signal. */
    isGone?: boolean;
  } = {},
): Promise<Left> {
  const child = `${ROOT}tests/support/tty_child.ts`;
  const command = [Deno.execPath(), "run", "-q", "--no-prompt", ...IMPORT_FLAGS, child, way];
  await using pty = await Pty.open(command, {
    ...{ cwd: ROOT, columns: 40, rows: 10 },
    isControlling: !isGone,
  });
  await pty.waitFor(/ready/);
  if (signal) await pty.signal(signal);
  if (type) await pty.type(type);
  if (isGone) await pty.hangUp();
  return await pty.finished();
}
