/**
 * A real terminal: tmux, with a server of its own.
 *
 * @module
 */

import { requireDeclared } from "./needs.ts";
import { listChildren, until } from "./process_info.ts";

/** Writes words so that a shell reads them as they are. */
export function quote(words: readonly string[]): string {
  return words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
}

/** Puts another time of the day in place of all. */
export function withoutTimes(rows: readonly string[]): string[] {
  return rows.map((row) =>
    row.replace(/^(\[?)\d\d:\d\d(?=\]? )/, (_, bracket) => `${bracket}12:34`)
  );
}

/** Rows that are kept above the screen. */
const SCROLLBACK = 200_000;

/** One terminal of a given size that runs one shell command. */
export class Terminal implements AsyncDisposable {
  readonly #socket = `chat-test-${crypto.randomUUID()}`;

  /** What the screen says when the command has ended. */
  readonly #end: RegExp | undefined;

  private constructor(end: RegExp | undefined) {
    this.#end = end;
  }

  /**
   * Opens a terminal. The shell command's own end does not close it; if `end` tells what is then
   * on the screen, nobody waits for anything else any more, and the terminal is closed only after
   * it, so that nothing is written any more.
   */
  static async open(
    command: string,
    { cwd, columns, rows, end }: { cwd: string; columns: number; rows: number; end?: RegExp },
  ): Promise<Terminal> {
    const terminal = new Terminal(end);
    const size = ["-x", `${columns}`, "-y", `${rows}`];
    const shell = `${command}; sleep 1000`;
    const limit = ["set-option", "-g", "history-limit", `${SCROLLBACK}`, ";"];
    await terminal.#tmux(
      ...["-f", "/dev/null", "start-server", ";", ...limit],
      ...["new-session", "-d", ...size, "-c", cwd, shell],
    );
    return terminal;
  }

  /** Types text, as it is. */
  async type(text: string): Promise<void> {
    await this.#tmux("send-keys", "-l", text);
  }

  /** Pastes text as a terminal does that does not mark pastes. */
  async paste(text: string): Promise<void> {
    await this.#tmux("set-buffer", text, ";", "paste-buffer");
  }

  /** Presses keys by tmux's names, such as `Enter` or `C-c`. */
  async press(...keys: string[]): Promise<void> {
    await this.#tmux("send-keys", ...keys);
  }

  /** Appends all that is written to the terminal from now on, controls too, to a file. */
  async record(path: string): Promise<void> {
    await this.#tmux("pipe-pane", `exec cat >> '${path}'`);
  }

  /** The screen's rows, without the empty ones at the end. */
  async screen(): Promise<string[]> {
    return (await this.#tmux("capture-pane", "-p")).trimEnd().split("\n");
  }

  /** The same with all that was scrolled out of the screen before. */
  async all(): Promise<string[]> {
    return (await this.#tmux("capture-pane", "-p", "-S", "-")).trimEnd().split("\n");
  }

  /** All rows, and those that the terminal has wrapped by itself as one: what a copy gives. */
  async joined(): Promise<string[]> {
    const text = await this.#tmux("capture-pane", "-p", "-J", "-S", "-");
    return text.trimEnd().split("\n").map((row) => row.trimEnd());
  }

  /** The screen's rows with their colours, as SGR sequences. */
  async styled(): Promise<string[]> {
    return (await this.#tmux("capture-pane", "-p", "-e")).trimEnd().split("\n");
  }

  /** Kills what the shell command runs, as the system does when memory is out. */
  async kill(): Promise<void> {
    requireDeclared("tmux");
    const pid = Number(await this.#tmux("display", "-p", "#{pane_pid}"));
    for (const child of await listChildren(pid)) Deno.kill(child, "SIGKILL");
  }

  /** The cursor's column and row, from 0. */
  async cursor(): Promise<[column: number, row: number]> {
    const [column, row] = (await this.#tmux("display", "-p", "#{cursor_x} #{cursor_y}")).split(" ");
    return [Number(column), Number(row)];
  }

  /** Waits until the screen matches; fails at once if the command ends before. */
  async waitFor(pattern: RegExp): Promise<void> {
    let last = "";
    const matches = async () => {
      last = (await this.screen()).join("\n");
      if (pattern.test(last)) return true;
      if (this.#end?.test(last)) throw new Error(`It ended without ${pattern}:\n${last}`);
      return false;
    };
    await until(matches, () => `${pattern} on the screen:\n${last}`);
  }

  /** Types a text where nothing runs any more, and waits until the terminal shows it. */
  async echo(text: string): Promise<void> {
    await this.type(text);
    await until(async () => (await this.screen()).includes(text), `${text} shown`);
  }

  /** Closes the terminal and what runs in it. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#end) {
      const hasEnded = async () => {
        if (this.#end!.test((await this.screen()).join("\n"))) return true;
        await this.press("C-c");
        return false;
      };
      await until(hasEnded, `${this.#end} on the screen`).catch(() => {});
      // The last Ctrl-C may have closed the terminal, too.
      return void await this.#tmux("kill-server").catch(() => {});
    }
    await this.#tmux("kill-server");
  }

  async #tmux(...args: string[]): Promise<string> {
    requireDeclared("tmux");
    const command = new Deno.Command("tmux", { args: ["-L", this.#socket, ...args] });
    const { success, stdout, stderr } = await command.output();
    if (success) return new TextDecoder().decode(stdout);
    throw new Error(`tmux failed: ${new TextDecoder().decode(stderr)}`);
  }
}
