/**
 * Bells, desktop notifications and the title, which draw attention to a terminal in the background.
 *
 * @module
 * @see https://iterm2.com/documentation-escape-codes.html OSC 9; OSC 777 is rxvt-unicode's
 */

import type { BellMode, ShownMessage } from "../../client/events.ts";
import { sanitize } from "../../text/sanitize.ts";

/** Bells and desktop notifications in a second: more is noise. */
export const MAX_ALERTS_PER_SECOND = 2;
/** Longest text of a desktop notification or a title, in characters. */
export const MAX_NOTICE_CHARS = 200;

/** Settings of an {@linkcode Attention}. */
export interface AttentionOptions {
  readonly bell: BellMode;
  /** Whether to ask for desktop notifications. */
  readonly notify: boolean;
  /** Whether tmux is between this program and the terminal. */
  readonly isInTmux: boolean;
  /** What the room is called, for titles; not safe yet. */
  readonly room: string;
  /** A clock in ms that never runs back. */
  readonly monotonic: () => number;
}

const BEL = "\x07";

/**
 * Decides what a message deserves, and counts those that were not read.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const options = { bell: "all", notify: false, isInTmux: false, room: "room" } as const;
 * const attention = new Attention({ ...options, monotonic: () => 0 });
 * const message = { form: "chat", age: "live", isOwn: false, isMention: false } as const;
 * assert.equal(attention.signal({ ...message, nickname: "bob", text: "hi" }), "\x07");
 * assert.equal(attention.title, "(1) room — chat");
 * attention.typed();
 * assert.equal(attention.title, "room — chat");
 * ```
 */
export class Attention {
  /** May be changed at any time. */
  bell: BellMode;
  readonly #options: AttentionOptions;
  #unread = 0;
  #since = -Infinity;
  #alerts = 0;

  /** @param options What the user wants. */
  constructor(options: AttentionOptions) {
    this.#options = options;
    this.bell = options.bell;
  }

  /**
   * Takes a message.
   *
   * @param message Counted unless it is old or one's own.
   * @returns What to write to the terminal for it; nothing above two alerts a second.
   */
  signal(
    message: Pick<ShownMessage, "form" | "age" | "isOwn" | "isMention" | "nickname" | "text">,
  ): string {
    if (message.isOwn || message.age === "old") return "";
    this.#unread++;
    const { form, isMention } = message;
    const weight = form === "private" ? 3 : isMention ? 2 : 1;
    const rings = weight >= { off: 4, pm: 3, mention: 2, all: 1 }[this.bell];
    // A user without the bell still wants to be told of what is for them.
    const notifies = this.#options.notify && (rings || weight > 1);
    if (!rings && !notifies || !this.#isInRate()) return "";
    const bell = rings ? BEL : "";
    if (!notifies) return bell;
    return bell + notifySequence(message.nickname ?? "", message.text, this.#options.isInTmux);
  }

  /** Counts all messages as read, because the user is at the keyboard. */
  typed(): void {
    this.#unread = 0;
  }

  /** The title by now, for {@linkcode titleSequence}. */
  get title(): string {
    const count = this.#unread === 0 ? "" : `(${this.#unread}) `;
    return `${count}${this.#options.room} — chat`;
  }

  #isInRate(): boolean {
    const now = this.#options.monotonic();
    if (now - this.#since >= 1000) {
      this.#since = now;
      this.#alerts = 0;
    }
    return ++this.#alerts <= MAX_ALERTS_PER_SECOND;
  }
}

/**
 * Asks for a desktop notification, in the two ways that terminals know.
 *
 * @param title Not safe yet; shortened to 200 characters, as is `body`.
 * @param body The same.
 * @param isInTmux Whether tmux must be told to pass it on (`allow-passthrough`).
 * @returns OSC 9 and OSC 777.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(notifySequence("a;b", "c", false), "\x1b]9;ab: c\x07\x1b]777;notify;ab;c\x07");
 * ```
 */
export function notifySequence(title: string, body: string, isInTmux: boolean): string {
  const [head, text] = [plain(title).replaceAll(";", ""), plain(body).replaceAll(";", "")];
  const sequences = [`\x1b]9;${head}: ${text}${BEL}`, `\x1b]777;notify;${head};${text}${BEL}`];
  return sequences.map((sequence) =>
    isInTmux ? `\x1bPtmux;${sequence.replaceAll("\x1b", "\x1b\x1b")}\x1b\\` : sequence
  ).join("");
}

/**
 * Sets the title of the terminal's window.
 *
 * @param title Not safe yet; shortened to 200 characters.
 * @returns OSC 2.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(titleSequence("room\x07"), "\x1b]2;room␇\x07");
 * ```
 */
export function titleSequence(title: string): string {
  return `\x1b]2;${plain(title)}${BEL}`;
}

function plain(text: string): string {
  return sanitize(text.slice(0, MAX_NOTICE_CHARS)).slice(0, MAX_NOTICE_CHARS).toWellFormed();
}
