/**
 * The user's side at a terminal: a line to type in, and messages above it.
 *
 * @module
 */

import { type Schedule, scheduleByTimer } from "../async/schedule.ts";
import type { UserInput } from "../chat/commands.ts";
import type { BellMode, Happening, ShownMessage } from "../client/events.ts";
import { readKeyboard, type TypedEvent } from "./input/keyboard.ts";
import { InputLine, type ProposedAnswer } from "./input_line.ts";
import { CursorQuestion } from "./screen/cursor_question.ts";
import type { Item } from "./screen/draw.ts";
import { Screen } from "./screen/screen.ts";
import { Attention } from "./show/attention.ts";
import { Presenter } from "./show/presenter.ts";
import { ProgressRow } from "./show/progress.ts";
import { formatPrompt, type PromptState } from "./show/prompt_text.ts";
import { Title } from "./show/title.ts";
import { Untaken } from "./show/untaken.ts";
import type { Device, TerminalParts } from "./terminal_parts.ts";

/** A conversation on a terminal, inline: scrollback, selection and copying stay the terminal's. */
export class Terminal {
  /** Everything that can be typed can be sent. */
  readonly refusedLines = 0;
  /** Keys are read at any time: a user must be able to leave. */
  readonly isPatient = false;
  readonly #parts: TerminalParts;
  readonly #device: Device;
  readonly #screen: Screen;
  readonly #attention: Attention;
  readonly #cursor: CursorQuestion;
  readonly #title: Title;
  readonly #presenter: Presenter;
  readonly #line: InputLine;
  readonly #untaken: Untaken;
  readonly #progress = new ProgressRow();
  #prompt: PromptState;
  #isClosed = false;

  /** @param parts What it works with. The prompt is drawn at once. */
  constructor(parts: TerminalParts) {
    this.#parts = parts;
    const { theme, say, monotonic, bell, notify, isInTmux, title, nickname } = parts;
    const { schedule = scheduleByTimer, reflow } = parts;
    this.#prompt = { nickname, recipient: undefined, connection: "connecting" };
    this.#presenter = new Presenter(parts);
    this.#untaken = new Untaken(say);
    this.#attention = new Attention({ bell, notify, isInTmux, room: title, monotonic });
    this.#line = new InputLine({
      ...parts,
      prompt: formatPrompt(this.#prompt, say),
      onInterrupt: () => this.interrupt(),
      onChange: () => this.#screen.refresh(),
      clearScreen: () => this.#screen.clear(),
      ringBell: () => this.#write("\x07"),
    });
    const device = this.#device = parts.open({
      onResize: () => this.#screen.refresh(),
      onStop: () => this.#screen.suspend(),
      onContinue: () => this.#screen.resume(),
    });
    const write = (text: string) => device.write(text);
    this.#cursor = new CursorQuestion(write, schedule);
    this.#title = new Title({
      text: () => this.#attention.title,
      write: (sequence) => device.title(sequence),
      schedule,
    });
    this.#screen = new Screen({
      write,
      size: () => device.size(),
      prompt: (size) => {
        const view = this.#untaken.above(this.#line.view(size), size.columns);
        return this.#progress.above(view, size.columns);
      },
      askCursor: () => this.#cursor.ask(),
      ...{ theme, monotonic, schedule, reflow },
    });
    this.#screen.refresh();
    // An error while a key is handled is a fault of the program, and ends it.
    void this.#read(schedule);
  }

  /** What the user enters, until Ctrl-D on an empty line. */
  inputs(): AsyncGenerator<(string | UserInput)[]> {
    return this.#line.entries();
  }

  /**
   * Asks a question in place of the prompt.
   *
   * @param question Shown in front of the answer.
   * @param answer What stands behind it.
   * @returns What was entered; undefined if the user left instead.
   */
  ask(question: string, answer: ProposedAnswer): Promise<string | undefined> {
    return this.#line.ask(question, answer);
  }

  /** Prints messages above the prompt; settles when they are on the screen. */
  async show(messages: readonly ShownMessage[]): Promise<void> {
    const { nickname } = this.#prompt;
    const printed = this.#print(messages.flatMap((message) => {
      return this.#presenter.message(message, nickname);
    }));
    const signals = messages.map((message) => this.#attention.signal(message)).join("");
    if (signals !== "") this.#write(signals);
    this.#title.update();
    await printed;
  }

  /** Shows what the user wrote: above the prompt until the server has taken it. */
  async showOwn(messages: readonly ShownMessage[], taken: Promise<boolean>): Promise<void> {
    this.#untaken.add(messages);
    this.#screen.refresh();
    if (!await taken) return;
    this.#untaken.remove(messages);
    await this.show(messages);
  }

  /** Prints what happened, and shows in the prompt whether there is a connection. */
  async happen(event: Happening, text: string | undefined): Promise<void> {
    if (event.kind === "live") this.#changePrompt({ connection: "online" });
    if (event.kind === "disconnected") this.#changePrompt({ connection: "offline" });
    if (text === undefined) return;
    await this.#print(this.#presenter.remark(text, event.kind === "impostor"));
  }

  /** Prints what many events came to. */
  sumUp(text: string): void {
    this.notify(text);
  }

  /** Shows how far files are, in a row above the prompt; undefined for none. */
  progress(text: string | undefined): void {
    if (text === this.#progress.text) return;
    this.#progress.text = text;
    this.#screen.refresh();
  }

  /** Prints a remark above the prompt. */
  notify(text: string): void {
    void this.#print(this.#presenter.remark(text));
  }

  /** Shows under which name the user writes from now on. */
  setNickname(nickname: string): void {
    this.#changePrompt({ nickname });
  }

  /** Shows to whom alone the user writes from now on; undefined for all. */
  setRecipient(nickname: string | undefined): void {
    this.#changePrompt({ recipient: nickname });
  }

  /** Sets when a message rings the bell. */
  setBell(mode: BellMode): void {
    this.#attention.bell = mode;
  }

  /** Turns the times of messages on or off; tells whether they are on. */
  toggleTimestamps(): boolean {
    return this.#presenter.toggleTimestamps();
  }

  /** Clears the screen; what was on it is in the scrollback. */
  clear(): void {
    this.#screen.clear();
  }

  /** Handles Ctrl-C. The first one discards what is being typed, the second one in a row leaves. */
  interrupt(): void {
    if (this.#isClosed || !this.#line.interrupt()) this.#parts.onInterrupt();
  }

  /** Prints what waits, and takes the prompt off the screen. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#title.close();
    this.#line.end();
    for (const text of this.#untaken.describe()) this.notify(text);
    await this.#screen.close().catch(ignoreGone);
  }

  /**
   * Closes it at once, and prints nothing that waits.
   *
   * @returns What takes the prompt off the screen, if it is still there.
   */
  abandon(): string {
    this.#isClosed = true;
    this.#title.close();
    this.#line.end();
    return this.#screen.abandon();
  }

  async #read(schedule: Schedule): Promise<void> {
    await readKeyboard(this.#device.input(), {
      onTyped: (events) => this.#handle(events),
      onCursor: (event) => this.#cursor.answer(event),
      schedule,
    });
    this.#line.end();
  }

  async #handle(events: readonly TypedEvent[]): Promise<void> {
    this.#attention.typed();
    this.#title.update();
    await this.#line.handle(events);
  }

  #changePrompt(changes: Partial<PromptState>): void {
    this.#prompt = { ...this.#prompt, ...changes };
    this.#line.setPrompt(formatPrompt(this.#prompt, this.#parts.say));
  }

  async #print(items: readonly Item[]): Promise<void> {
    // A terminal that is gone or given back has nothing to show any more.
    await Promise.all(items.map((item) => this.#screen.print(item).catch(ignoreGone)));
  }

  #write(text: string): void {
    this.#device.write(text).catch(ignoreGone);
  }
}

/** Handles the end of the terminal. There is nothing to do: a signal tells the program. */
function ignoreGone(_error: unknown): void {}
