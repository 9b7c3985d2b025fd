/**
 * Events of the room as lines for people.
 *
 * @module
 */

import type { Happening, Message } from "./events.ts";

/** How a line is meant, for those who can show it. */
export type Tone = "normal" | "old" | "alert";

/** A line to be shown. Its text comes from others and is not safe yet. */
export interface ShownLine {
  readonly text: string;
  readonly tone: Tone;
}

/**
 * Writes a message as one line, with every mark in the text itself.
 *
 * @param message What was written.
 * @param formatTime Writes a time given in unix seconds.
 * @returns `<alice> hello`; in front of it the time, if it is old, and a mark if it is not
 * known who wrote it.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const line = describeMessage({
 *   kind: "message",
 *   form: "chat",
 *   nickname: "alice",
 *   text: "hello",
 *   trust: "changed",
 *   age: "live",
 *   time: 0,
 *   isLate: false,
 * }, String);
 * assert.equal(line.text, "(NOT the known alice!) <alice> hello");
 * ```
 */
export function describeMessage(
  message: Message,
  formatTime: (seconds: number) => string,
): ShownLine {
  const { form, nickname, text, trust, age, time, isLate } = message;
  const marks = [
    ...age === "old" || isLate ? [`[${formatTime(time)}]`] : [],
    ...trust === "unverified" ? ["(unverified)"] : [],
    ...trust === "changed" ? [`(NOT the known ${nickname}!)`] : [],
    ...isLate ? ["(late)"] : [],
    ...form === "private" ? ["(private)"] : [],
  ];
  const said = nickname === undefined
    ? text
    : form === "action"
    ? `* ${nickname} ${text}`
    : `<${nickname}> ${text}`;
  const tone = trust === "changed" ? "alert" : age === "old" ? "old" : "normal";
  return { text: [...marks, said].join(" "), tone };
}

/**
 * Writes anything else that happens.
 *
 * @param event What happened.
 * @param isFinal Whether to tell a count that is not a round one, too.
 * @returns What to tell the user; undefined for what is not worth a line.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const event = { kind: "missing", nickname: "alice", count: 1 } as const;
 * assert.equal(describeHappening(event), "1 message of alice is missing");
 * ```
 */
export function describeHappening(event: Happening, isFinal = false): string | undefined {
  switch (event.kind) {
    case "joined":
      return `${event.nickname} joined${warning(event.trust)}`;
    case "returned":
      return `${event.nickname} is back${warning(event.trust)}`;
    case "left":
      return `${event.nickname} left${warning(event.trust)}`;
    case "lost":
      // The relay's word alone does not make it "left".
      return `${event.nickname}: connection lost`;
    case "renamed":
      return `${event.before} is now ${event.nickname}${warning(event.trust)}`;
    case "missing":
      return `${countMessages(event.count)} of ${event.nickname} ${beVerb(event.count)} missing`;
    case "mended":
      return `${countMessages(event.count)} of ${event.nickname} came late or in the wrong ` +
        `order, and ${event.count === 1 ? "was" : "were"} put right`;
    case "impostor":
      return `WARNING: somebody with another key writes as ${event.nickname}. ` +
        `Compare with /verify ${event.nickname}; accept a new key with /trust ${event.nickname}`;
    case "rejected":
      if (!isFinal && !isMilestone(event.count)) return undefined;
      return describeRejected(event.reason, event.count);
    case "live":
      return event.isAgain ? "connected again" : undefined;
    case "disconnected":
      return `${event.reason}; connecting again`;
    case "clock":
      return describeClock(event.seconds);
  }
}

/**
 * Writes a time of this computer's time zone.
 *
 * @param seconds Unix time, from anybody.
 * @returns Like `2026-11-24 16:40:12`.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.match(formatLocalTime(1785571200), /^2026-0[78]-[0-3]\d \d\d:\d\d:\d\d$/);
 * ```
 */
export function formatLocalTime(seconds: number): string {
  const date = new Date(seconds * 1000);
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  // East of Greenwich, the last of all dates would be after the last.
  if (Number.isNaN(local.getTime())) return "at an impossible time";
  return local.toISOString().slice(0, 19).replace("T", " ");
}

/** 1, 10, 100 and so on: a flood is reported in a few lines. */
function isMilestone(count: number): boolean {
  return /^10*$/.test(String(count));
}

function describeRejected(
  reason: Extract<Happening, { kind: "rejected" }>["reason"],
  count: number,
): string {
  const subject = countMessages(count);
  switch (reason) {
    case "unreadable":
      return `${subject} could not be decrypted: not written with this room's key`;
    case "replayed":
      return `${subject} came again and ${beVerb(count)} not shown: replayed by somebody`;
    case "malformed":
      return `${subject} could not be understood`;
    case "forged":
      return `${subject} had a false signature and ${beVerb(count)} not shown`;
  }
}

function describeClock(seconds: number): string {
  const minutes = Math.max(1, Math.round(Math.abs(seconds) / 60));
  const way = seconds > 0 ? "fast" : "slow";
  return `your clock looks ${minutes} minute${minutes === 1 ? "" : "s"} ${way}, by the server's`;
}

function warning(trust: "verified" | "changed" | "unverified"): string {
  return trust === "changed" ? " (with another key!)" : "";
}

function countMessages(count: number): string {
  return count === 1 ? "1 message" : `${count} messages`;
}

function beVerb(count: number): string {
  return count === 1 ? "is" : "are";
}
