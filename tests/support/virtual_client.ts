/**
 * The user's side of a client on a virtual terminal, with a keyboard that a test types on and a
 * clock that it moves.
 *
 * @module
 */

import { setImmediate } from "node:timers/promises";
import type { UserInput } from "../../lib/chat/commands.ts";
import type { ShownMessage } from "../../lib/client/events.ts";
import { sayIn } from "../../lib/messages/say.ts";
import { History } from "../../lib/terminal/editor/history.ts";
import type { TtyOptions } from "../../lib/terminal/input/tty.ts";
import { makeTheme } from "../../lib/terminal/screen/theme.ts";
import { LocalTime } from "../../lib/terminal/show/local_time.ts";
import { Terminal } from "../../lib/terminal/terminal.ts";
import type { TerminalParts } from "../../lib/terminal/terminal_parts.ts";
import type { Widths } from "./unicode_widths.ts";
import { VirtualTerminal } from "./virtual_terminal.ts";

/** What a terminal sends for keys. */
export const KEYS = {
  enter: "\r",
  tab: "\t",
  shiftTab: "\x1b[Z",
  escape: "\x1b",
  backspace: "\x7f",
  delete: "\x1b[3~",
  up: "\x1b[A",
  down: "\x1b[B",
  right: "\x1b[C",
  left: "\x1b[D",
  home: "\x1b[H",
  end: "\x1b[F",
  altEnter: "\x1b\r",
  ctrl: (letter: string) => String.fromCharCode(letter.charCodeAt(0) & 0x1f),
  alt: (letter: string) => `\x1b${letter}`,
  paste: (text: string) => `\x1b[200~${text}\x1b[201~`,
} as const;

/** How a {@linkcode VirtualClient} differs from the usual one. */
export interface VirtualClientOptions extends Partial<TerminalParts> {
  readonly columns: number;
  readonly rows: number;
  readonly widths?: Widths;
  readonly reflowCursorLine?: boolean;
  /** Whether the terminal tells where its cursor is. */
  readonly answers?: boolean;
}

/** A message of bob's, but for `changes`. */
export function messageOf(text: string, changes: Partial<ShownMessage> = {}): ShownMessage {
  return {
    kind: "message",
    form: "chat",
    nickname: "bob",
    id: "F8t5-ytBIPKx7GXkGY1uCLKOgT_rAeSkAIObheGAgM4",
    text,
    trust: "verified",
    age: "live",
    time: 0,
    isLate: false,
    isOwn: false,
    isMention: false,
    ...changes,
  };
}

/** A client of `al`'s that is online, without timestamps, unless it is said otherwise. */
export class VirtualClient implements AsyncDisposable {
  readonly terminal: VirtualTerminal;
  readonly client: Terminal;
  /** All that was written to the terminal. */
  output = "";
  /** Lines that were entered and taken. */
  readonly entered: string[] = [];
  /** How often the user wanted to leave at once. */
  interrupts = 0;
  /** Whether the user left by Ctrl-D. */
  hasEnded = false;
  now = 0;
  readonly #timers = new Map<() => void, number>();
  readonly #typed: Uint8Array[] = [];
  #size: { columns: number; rows: number };
  #listeners: TtyOptions | undefined;
  #arrived = Promise.withResolvers<void>();
  #isGone = false;
  #pending = 0;
  readonly #answers: boolean;

  /** @param options The size, and what is different. */
  constructor(options: VirtualClientOptions) {
    const { columns, rows, widths = "clusters", reflowCursorLine, answers = true } = options;
    this.#size = { columns, rows };
    this.#answers = answers;
    this.terminal = new VirtualTerminal(
      columns,
      rows,
      reflowCursorLine,
      options.reflow !== "none",
    );
    this.terminal.widths = widths;
    this.client = new Terminal({
      open: (listeners) => {
        this.#listeners = listeners;
        const write = (text: string) => this.#write(text);
        return { input: () => this.#input(), write, size: () => this.#size, title: write };
      },
      theme: makeTheme(0),
      say: sayIn("en"),
      time: new LocalTime("en", "UTC"),
      history: new History(),
      nickname: "al",
      title: "room",
      bell: "mention",
      notify: false,
      isInTmux: false,
      hasTimestamps: false,
      complete: () => ({ start: 0, candidates: [] }),
      onEntered: () => {},
      onInterrupt: () => this.interrupts++,
      now: () => this.now,
      monotonic: () => this.now,
      schedule: (callback, ms) => {
        const timer = () => callback();
        this.#timers.set(timer, this.now + ms);
        return () => this.#timers.delete(timer);
      },
      // The emulator does what is at the root of it, unless it is told to behave as VTE.
      reflow: reflowCursorLine ? "breaks" : "drifts",
      ...options,
    });
    this.#take();
  }

  /** Opens a client, and waits for its prompt. */
  static async open(options: VirtualClientOptions): Promise<VirtualClient> {
    const virtual = new VirtualClient(options);
    await virtual.client.happen({ kind: "live", isAgain: false }, undefined);
    await virtual.settle();
    return virtual;
  }

  /** Lets the keyboard send text or bytes; nothing waits for them. */
  push(keys: string | Uint8Array): void {
    this.#typed.push(typeof keys === "string" ? new TextEncoder().encode(keys) : keys);
    this.#notify();
  }

  /** Types, chunk by chunk, and lets time run until all is drawn. */
  async type(...keys: string[]): Promise<void> {
    for (const each of keys) {
      this.push(each);
      await this.settle();
    }
  }

  /** Shows messages of others. */
  async show(...messages: ShownMessage[]): Promise<void> {
    const shown = this.client.show(messages);
    await this.settle();
    await shown;
  }

  /** Changes the size, as a window does. */
  async resize(columns: number, rows: number): Promise<void> {
    this.resizeNow(columns, rows);
    await this.settle();
  }

  /** The same, without time for anything to be drawn. */
  resizeNow(columns: number, rows: number): void {
    this.terminal.resize(columns, rows);
    this.#size = { columns, rows };
    this.#listeners?.onResize();
  }

  /** The process was stopped and goes on, after others wrote on the terminal. */
  async continue(written: string): Promise<void> {
    await this.terminal.feed(written);
    this.#listeners?.onContinue();
    await this.settle();
  }

  /** Lets events run until nothing more happens without time. */
  async turn(): Promise<void> {
    for (let idle = 0; idle < 3; idle++) {
      await setImmediate();
      if (this.#pending > 0) idle = -1;
    }
  }

  /** Lets time run until nothing is left to happen. */
  async settle(): Promise<void> {
    for (;;) {
      await this.turn();
      const [next] = [...this.#timers].sort(([, a], [, b]) => a - b);
      if (!next) return;
      const [callback, time] = next;
      this.now = Math.max(this.now, time);
      this.#timers.delete(callback);
      callback();
    }
  }

  /** Closes the client; the terminal can still be looked at until it is disposed of. */
  async close(): Promise<void> {
    const closed = this.client.close();
    await this.settle();
    await closed;
  }

  /** Lets go of all. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isGone = true;
    this.#notify();
    await this.close();
    this.terminal[Symbol.dispose]();
  }

  async #take(): Promise<void> {
    for await (const lines of this.client.inputs()) {
      this.entered.push(...lines.map((each) => typeof each === "object" ? toText(each) : each));
    }
    this.hasEnded = true;
  }

  async *#input(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const arrived = this.#arrived.promise;
      const bytes = this.#typed.shift();
      if (bytes) yield bytes;
      else if (this.#isGone) return;
      else await arrived;
    }
  }

  async #write(text: string): Promise<void> {
    this.#pending++;
    this.output += text;
    this.terminal.answers = "";
    await this.terminal.feed(text);
    this.#pending--;
    if (this.#answers && this.terminal.answers !== "") this.push(this.terminal.answers);
  }

  #notify(): void {
    this.#arrived.resolve();
    this.#arrived = Promise.withResolvers();
  }
}

function toText(input: UserInput): string {
  return input.kind === "text" ? input.text : JSON.stringify(input);
}
