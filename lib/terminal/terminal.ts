/**
 * The user's side at a terminal: a line to type in, and messages above it.
 *
 * @module
 */

import {
  CURSOR_ANSWER_MS,
  ESCAPE_TIMEOUT_MS,
  MAX_WAITING_INPUTS,
  PASTE_TIMEOUT_MS,
  TITLE_DELAY_MS,
} from "../limits.ts";
import type { Say } from "../messages/phrases.ts";
import { Attention, type Bell, titleSequence } from "./attention.ts";
import type { Item } from "./draw.ts";
import type { Action } from "./actions.ts";
import type { Offer } from "./completion.ts";
import { Editor } from "./editor.ts";
import { formatDateLine, formatMessage, formatSystem, type ShownMessage } from "./format.ts";
import type { History } from "./history.ts";
import type { CursorReported, KeyEvent } from "./key_events.ts";
import { KeyDecoder } from "./keys.ts";
import { DateLine, type LocalTime } from "./local_time.ts";
import type { CursorPosition, Size } from "./prompt_area.ts";
import { Screen } from "./screen.ts";
import type { Theme } from "./theme.ts";
import type { TtyOptions } from "./tty.ts";
import type { Span } from "./view.ts";

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
  readonly bell: Bell;
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
}

/** Whether what is written can go out. */
type Connection = "connecting" | "online" | "offline";

/** A thing that happened, as far as this module looks at it. */
interface Happened {
  readonly kind: string;
}

/**
 * A conversation on a terminal, inline: scrollback, selection and copying stay the terminal's.
 *
 * @example
 * ```ts ignore
 * const terminal = new Terminal(parts);
 * for await (const [text] of terminal.inputs()) terminal.notify(text);
 * await terminal.close();
 * ```
 */
export class Terminal {
  /** Everything that can be typed can be sent. */
  readonly refusedLines = 0;
  /** A user who waits cannot even leave. */
  readonly isPatient = false;
  readonly #parts: TerminalParts;
  readonly #device: Device;
  readonly #screen: Screen;
  readonly #attention: Attention;
  readonly #decoder = new KeyDecoder();
  readonly #dateLine: DateLine;
  #editor: Editor;
  #nickname: string;
  #recipient: string | undefined;
  #connection: Connection = "connecting";
  #hasTimestamps: boolean;
  /** What was entered and not taken yet. */
  #entered: string[] = [];
  #hasEnded = false;
  #changed = Promise.withResolvers<void>();
  #isClosed = false;
  #flushTimer: ReturnType<typeof setTimeout> | undefined;
  #titleTimer: ReturnType<typeof setTimeout> | undefined;
  #title = "";
  #askedCursor: PromiseWithResolvers<CursorPosition | undefined> | undefined;
  /** Answers a question that is asked in place of the prompt. */
  #answer: ((text: string) => void) | undefined;

  /** @param parts What it works with. The prompt is drawn at once. */
  constructor(parts: TerminalParts) {
    this.#parts = parts;
    const { theme, say, history, monotonic, bell, notify, isInTmux, title } = parts;
    this.#nickname = parts.nickname;
    this.#hasTimestamps = parts.hasTimestamps;
    this.#dateLine = new DateLine(parts.time);
    this.#attention = new Attention({ bell, notify, isInTmux, room: title, monotonic });
    this.#editor = new Editor({ say, prompt: [], history });
    this.#device = parts.open({
      onResize: () => this.#screen.resize(),
      onStop: () => this.#screen.suspend(),
      onContinue: () => this.#screen.resume(),
    });
    this.#screen = new Screen({
      write: (text) => this.#device.write(text),
      size: () => this.#device.size(),
      prompt: (size) => this.#editor.view(size),
      askCursor: () => this.#askCursor(),
      theme,
      monotonic,
    });
    this.#showPrompt();
    this.#read();
  }

  /** What the user enters, until Ctrl-D on an empty line. */
  async *inputs(): AsyncGenerator<string[]> {
    for (;;) {
      const changed = this.#changed.promise;
      const text = this.#entered.shift();
      if (text !== undefined) {
        this.#notifyChange();
        yield [text];
      } else if (this.#hasEnded) return;
      else await changed;
    }
  }

  /**
   * Asks a question in place of the prompt.
   *
   * @param question Shown in front of the answer.
   * @param proposal What is there to be changed, or entered as it is.
   * @returns What was entered; undefined if the user left instead.
   */
  async ask(question: string, proposal: string): Promise<string | undefined> {
    const editor = this.#editor;
    const prompt: Span[] = [{ text: question, style: "prompt" }];
    this.#editor = new Editor({ say: this.#parts.say, prompt });
    this.#editor.handle({ kind: "text", text: proposal });
    this.#screen.refresh();
    const { promise, resolve } = Promise.withResolvers<string | undefined>();
    this.#answer = resolve;
    const ended = (async () => {
      while (!this.#hasEnded) await this.#changed.promise;
      return undefined;
    })();
    const answer = await Promise.race([promise, ended]);
    this.#answer = undefined;
    this.#editor = editor;
    this.#showPrompt();
    return answer;
  }

  /** Prints messages above the prompt; settles when they are on the screen. */
  async show(messages: readonly ShownMessage[]): Promise<void> {
    const { theme, say, time } = this.#parts;
    const settings = { theme, say, time, hasTimestamps: this.#hasTimestamps };
    const ownNickname = this.#nickname;
    const printing = messages.flatMap((message) => [
      ...this.#printDate(message.time),
      this.#print(formatMessage(message, { ...settings, ownNickname })),
    ]);
    const signals = messages.map((message) => this.#attention.signal(message)).join("");
    if (signals !== "") this.#write(signals);
    this.#updateTitle();
    await Promise.all(printing);
  }

  /** Prints what happened, and shows in the prompt whether there is a connection. */
  async happen(event: Happened, text: string | undefined): Promise<void> {
    if (event.kind === "live") this.#setConnection("online");
    if (event.kind === "disconnected") this.#setConnection("offline");
    if (text !== undefined) await this.#printSystem(text, event.kind === "impostor");
  }

  /** Prints a remark above the prompt. */
  notify(text: string): void {
    this.#printSystem(text, false);
  }

  /** Shows under which name the user writes from now on. */
  setNickname(nickname: string): void {
    this.#nickname = nickname;
    this.#showPrompt();
  }

  /** Shows to whom alone the user writes from now on; undefined for all. */
  setRecipient(nickname: string | undefined): void {
    this.#recipient = nickname;
    this.#showPrompt();
  }

  /** Sets when a message rings the bell. */
  setBell(mode: Bell): void {
    this.#attention.bell = mode;
  }

  /** Turns the times of messages on or off; tells whether they are on. */
  toggleTimestamps(): boolean {
    return this.#hasTimestamps = !this.#hasTimestamps;
  }

  /** Clears the screen; what was on it is in the scrollback. */
  clear(): void {
    this.#screen.clear();
  }

  /** Ctrl-C: discards what is being typed; the second one in a row leaves. */
  interrupt(): void {
    if (this.#isClosed || this.#editor.interrupt() === "leave") return this.#parts.onInterrupt();
    this.#screen.refresh();
  }

  /** Prints what waits, and takes the prompt off the screen. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#flushTimer);
    clearTimeout(this.#titleTimer);
    this.#end();
    await this.#screen.close().catch(ignoreGone);
  }

  /**
   * Closes it at once, and prints nothing that waits.
   *
   * @returns What takes the prompt off the screen, if it is still there.
   */
  abandon(): string {
    this.#isClosed = true;
    clearTimeout(this.#flushTimer);
    clearTimeout(this.#titleTimer);
    this.#end();
    return this.#screen.abandon();
  }

  async #read(): Promise<void> {
    try {
      for await (const bytes of this.#device.input()) {
        clearTimeout(this.#flushTimer);
        this.#attention.typed();
        this.#updateTitle();
        await this.#handleAll(this.#decoder.push(bytes));
        if (this.#decoder.isWaiting && !this.#isClosed) {
          const wait = this.#decoder.isPasting ? PASTE_TIMEOUT_MS : ESCAPE_TIMEOUT_MS;
          this.#flushTimer = setTimeout(() => this.#handleAll(this.#decoder.flush()), wait);
        }
      }
    } catch (error) {
      ignoreGone(error);
    }
    this.#end();
  }

  async #handleAll(events: readonly KeyEvent[]): Promise<void> {
    for (const event of events) {
      if (event.kind === "cursor") this.#reportCursor(event);
      else for (const action of this.#editor.handle(event)) await this.#carryOut(action);
    }
    this.#screen.refresh();
  }

  async #carryOut(action: Action): Promise<void> {
    switch (action.kind) {
      case "submit":
        if (this.#answer) return this.#answer(action.text);
        // Whoever types faster than that waits, and loses nothing.
        while (this.#entered.length >= MAX_WAITING_INPUTS && !this.#hasEnded) {
          await this.#changed.promise;
        }
        this.#entered.push(action.text);
        this.#parts.onEntered(action.text);
        return this.#notifyChange();
      case "end":
        return this.#end();
      case "clear":
        return this.#screen.clear();
      case "bell":
        return this.#write("\x07");
      case "interrupt":
        return this.interrupt();
      case "complete": {
        // Not waited for: a slow disk must not hold the keys back.
        const editor = this.#editor;
        this.#complete(editor, action.before).catch(ignoreGone);
      }
    }
  }

  async #complete(editor: Editor, before: string): Promise<void> {
    const actions = editor.offer(await this.#parts.complete(before));
    for (const action of actions) await this.#carryOut(action);
    this.#screen.refresh();
  }

  #end(): void {
    this.#hasEnded = true;
    this.#notifyChange();
  }

  #notifyChange(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }

  #setConnection(connection: Connection): void {
    this.#connection = connection;
    this.#showPrompt();
  }

  #showPrompt(): void {
    const { say } = this.#parts;
    const to = this.#recipient === undefined ? "" : ` → ${this.#recipient}`;
    const name = this.#nickname + to;
    const prompts: Readonly<Record<Connection, Span>> = {
      online: { text: `${name}> `, style: "prompt" },
      connecting: { text: say("{name} (connecting)> ", { name }), style: "offline" },
      offline: { text: say("{name} (offline)> ", { name }), style: "offline" },
    };
    this.#editor.setPrompt([prompts[this.#connection]]);
    this.#screen.refresh();
  }

  #printDate(time: number): Promise<void>[] {
    const line = this.#hasTimestamps ? this.#dateLine.next(time) : undefined;
    return line === undefined ? [] : [this.#print(formatDateLine(line, this.#parts.theme))];
  }

  async #printSystem(text: string, isAlert: boolean): Promise<void> {
    const { theme, time, now } = this.#parts;
    const seconds = Math.floor(now() / 1000);
    const settings = { theme, time, hasTimestamps: this.#hasTimestamps };
    await Promise.all([
      ...this.#printDate(seconds),
      this.#print(formatSystem(text, { time: seconds, isAlert }, settings)),
    ]);
  }

  async #print(item: Item): Promise<void> {
    // A terminal that is gone or given back has nothing to show any more.
    await this.#screen.print(item).catch(ignoreGone);
  }

  #write(text: string): void {
    this.#device.write(text).catch(ignoreGone);
  }

  /** A flood does not change the title with each message. */
  #updateTitle(): void {
    if (this.#titleTimer !== undefined || this.#isClosed) return;
    this.#titleTimer = setTimeout(() => {
      this.#titleTimer = undefined;
      const { title } = this.#attention;
      if (title === this.#title) return;
      this.#title = title;
      this.#device.title(titleSequence(title)).catch(ignoreGone);
    }, TITLE_DELAY_MS);
  }

  async #askCursor(): Promise<CursorPosition | undefined> {
    const asked = this.#askedCursor ??= Promise.withResolvers();
    this.#write("\x1b[6n");
    const timer = setTimeout(() => asked.resolve(undefined), CURSOR_ANSWER_MS);
    const position = await asked.promise;
    clearTimeout(timer);
    this.#askedCursor = undefined;
    return position;
  }

  #reportCursor({ row, column }: CursorReported): void {
    this.#askedCursor?.resolve({ row, column });
  }
}

/** A terminal that is gone: the program is told by a signal. */
function ignoreGone(_error: unknown): void {}
