/**
 * Messages as rows of a terminal, each kind recognisable without colours too.
 *
 * @module
 */

import type { ShownMessage } from "../../client/events.ts";
import type { Say } from "../../messages/phrases.ts";
import { textWidth } from "../../text/cluster.ts";
import { findMentions } from "../../text/mention.ts";
import { sanitize } from "../../text/sanitize.ts";
import type { Item, RowSpan } from "../screen/draw.ts";
import { layOut } from "../screen/rows.ts";
import type { Theme } from "../screen/theme.ts";
import type { LocalTime } from "./local_time.ts";
import { safeLines, safeName } from "./remote_text.ts";

/** How messages are shown. */
export interface FormatSettings {
  readonly theme: Theme;
  readonly say: Say;
  readonly time: LocalTime;
  /** Whether each row has its time; old messages always have. */
  readonly hasTimestamps: boolean;
  /** This user's nickname, which stands out in a mention. */
  readonly ownNickname: string;
}

/**
 * Lays out a message: `12:34 alice  hello`.
 *
 * A message of this user is `alice› hello`, a mention `»bob  alice: look`, an action `* bob waves`,
 * and a private message `bob → you  psst`. Doubts stand in front, in brackets. An old message has
 * its time in brackets, and is dimmed. A message under a known name with another key is an alert as
 * a whole, and never in the colour of that key.
 *
 * @param message What to show.
 * @param settings How; they are those of now even if it is drawn later.
 * @returns What lays it out for a width.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { sayIn } from "../../messages/say.ts";
 * import { LocalTime } from "./local_time.ts";
 * import { makeTheme } from "../screen/theme.ts";
 * const item = formatMessage({
 *   kind: "message",
 *   form: "chat",
 *   nickname: "alice",
 *   id: "F8t5",
 *   text: "to be\nor not",
 *   trust: "verified",
 *   age: "live",
 *   time: 0,
 *   isLate: false,
 *   isOwn: false,
 *   isMention: false,
 * }, {
 *   theme: makeTheme(0),
 *   say: sayIn("en"),
 *   time: new LocalTime("en", "UTC"),
 *   hasTimestamps: true,
 *   ownNickname: "bob",
 * });
 * assert.deepEqual(item(80), ["00:00 alice  to be", "             or not"]);
 * ```
 */
export function formatMessage(message: ShownMessage, settings: FormatSettings): Item {
  const { theme } = settings;
  const head = [...clock(message, settings), ...marks(message, settings)];
  head.push(...sender(message, settings));
  const tone = message.trust === "changed" ? "alert" : message.age === "old" ? "old" : undefined;
  const body = highlight(safeLines(message.text), message, settings);
  const spans = [...head, ...body].map((span): RowSpan => tone ? { ...span, style: tone } : span);
  return layOut(spans, { indent: head.reduce((sum, { text }) => sum + textWidth(text), 0), theme });
}

/**
 * Lays out what the client itself says: `12:34 -- bob joined`.
 *
 * @param text May hold words of others, and line breaks.
 * @param options `time`: of now, in unix seconds; `isAlert`: whether it is a warning.
 * @param settings How to show it.
 * @returns What lays it out for a width.
 */
export function formatSystem(
  text: string,
  { time, isAlert = false }: { readonly time: number; readonly isAlert?: boolean },
  { theme, time: localTime, hasTimestamps }: Omit<FormatSettings, "say" | "ownNickname">,
): Item {
  const begin = hasTimestamps ? `${localTime.clock(time)} ` : "";
  const head: RowSpan[] = [{ text: `${begin}-- `, style: "time" }];
  const spans: RowSpan[] = [...head, { text: safeLines(text), style: isAlert ? "alert" : "plain" }];
  return layOut(spans, { indent: head[0]!.text.length, theme });
}

/**
 * Lays out the line between two days.
 *
 * @param line What {@linkcode DateLine} wrote.
 * @param theme How it looks.
 * @returns What lays it out for a width.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { makeTheme } from "../screen/theme.ts";
 * assert.equal(formatDateLine("-- today --", makeTheme(0))(80)[0], "-- today --");
 * ```
 */
export function formatDateLine(line: string, theme: Theme): Item {
  return layOut([{ text: line, style: "date" }], { indent: 0, theme });
}

function clock(
  { age, isLate, time }: ShownMessage,
  { time: localTime, hasTimestamps }: FormatSettings,
): RowSpan[] {
  if (age === "old") return [{ text: `[${localTime.clock(time)}] `, style: "time" }];
  // A late message has its own time, which shows where it belongs.
  if (!hasTimestamps && !isLate) return [];
  return [{ text: `${localTime.clock(time)} `, style: "time" }];
}

function marks(
  { trust, nickname, isLate, doubt }: ShownMessage,
  { say }: FormatSettings,
): RowSpan[] {
  const texts: string[] = [];
  if (trust === "unverified") texts.push(say("(unverified)"));
  if (trust === "changed") {
    texts.push(say("(NOT the known {nickname}!)", { nickname: safeName(nickname ?? "") }));
  }
  if (doubt !== undefined) texts.push(`(${sanitize(doubt)})`);
  if (isLate) texts.push(say("(late)"));
  return texts.map((text) => ({ text: `${text} `, style: "hint" }));
}

function sender(message: ShownMessage, { say }: FormatSettings): RowSpan[] {
  const { form, nickname, id, isOwn, isMention, recipient } = message;
  if (nickname === undefined) return [];
  const you = say("you");
  const name: RowSpan = { text: safeName(nickname, [you]), style: "nick", id };
  if (form === "private" && isOwn) {
    const to = recipient === undefined ? "" : ` → ${safeName(recipient, [you])}`;
    return [{ text: you, style: "own" }, { text: `${to}  `, style: "plain" }];
  }
  if (form === "private") return [name, { text: ` → ${you}  `, style: "plain" }];
  const before: RowSpan[] = [];
  if (form === "action") before.push({ text: "* ", style: "plain" });
  if (isMention && !isOwn) before.push({ text: "»", style: "mention" });
  const after = form === "action" ? " " : isOwn ? "› " : "  ";
  return [
    ...before,
    isOwn ? { text: name.text, style: "own" } : name,
    { text: after, style: "plain" },
  ];
}

/** Makes one's own nickname stand out where it is mentioned. */
function highlight(
  text: string,
  { isMention, isOwn }: ShownMessage,
  { ownNickname }: FormatSettings,
): RowSpan[] {
  const ranges = isMention && !isOwn ? findMentions(text, sanitize(ownNickname)) : [];
  const spans: RowSpan[] = [];
  let end = 0;
  for (const [from, to] of ranges) {
    spans.push({ text: text.slice(end, from), style: "plain" });
    spans.push({ text: text.slice(from, to), style: "mention" });
    end = to;
  }
  return [...spans, { text: text.slice(end), style: "plain" }];
}
