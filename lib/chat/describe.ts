/**
 * Writes events of the room as lines for people.
 *
 * @module
 */

import type { Happening, Message, RotationEvent, ShownMessage, Trust } from "../client/events.ts";
import type { RosterEntry } from "../client/roster.ts";
import { describeClock } from "../client/status.ts";
import type { Say } from "../messages/phrases.ts";
import { describeOffered, describeTransfer } from "./describe_files.ts";
import { describeRotation } from "./describe_rotation.ts";
import { oneLine } from "../text/sanitize.ts";

/**
 * Writes a message with all of its marks, as one text.
 *
 * @param message The message. `recipient` is set for a private message of the user's own.
 * @param formatTime Writes a time given in unix seconds.
 * @param say Says the marks in the reader's language.
 * @returns Such as `<alice> hello`. In front of it stand the time of an old or late message, and
 * marks for an unverified author, another key, a late message and a private message. The text
 * comes from others: the caller has to make it safe before a terminal shows it.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { sayIn } from "../messages/say.ts";
 * const line = describeMessage({
 *   kind: "message",
 *   form: "chat",
 *   id: "F8t5-ytBIPKx7GXkGY1uCLKOgT_rAeSkAIObheGAgM4",
 *   nickname: "alice",
 *   text: "hello",
 *   trust: "changed",
 *   age: "live",
 *   time: 0,
 *   isLate: false,
 * }, String, sayIn("en"));
 * assert.equal(line, "(NOT the known alice!) <alice> hello");
 * ```
 */
export function describeMessage(
  message: Message & Pick<ShownMessage, "recipient" | "doubt">,
  formatTime: (seconds: number) => string,
  say: Say,
): string {
  const { form, nickname, text, trust, age, time, isLate, recipient, doubt } = message;
  const marks = [
    ...age === "old" || isLate ? [`[${formatTime(time)}]`] : [],
    ...trust === "unverified" ? [say("(unverified)")] : [],
    ...trust === "changed"
      ? [say("(NOT the known {nickname}!)", { nickname: nickname ?? "" })]
      : [],
    ...doubt === undefined ? [] : [`(${doubt})`],
    ...isLate ? [say("(late)")] : [],
    ...form !== "private"
      ? []
      : recipient === undefined
      ? [say("(private)")]
      : [say("(private, to {recipient})", { recipient })],
  ];
  const said = nickname === undefined
    ? text
    : form === "action"
    ? `* ${nickname} ${text}`
    : `<${nickname}> ${text}`;
  return [...marks, said].join(" ");
}

/** An event that is not a message, as it is told. */
export type MarkedHappening = Happening & {
  /** A doubt about the letters of the nickname, in words. */
  readonly doubt?: string | undefined;
};

/**
 * Writes a member's nickname with its marks.
 *
 * @param doubt A doubt about the letters of the nickname, in words.
 * @param say Says the marks in the reader's language.
 * @returns Such as `bob (NOT the known one!)`.
 */
export function markName(
  { nickname, trust, doubt }: {
    readonly nickname: string;
    readonly trust: Trust;
    readonly doubt?: string | undefined;
  },
  say: Say,
): string {
  const spelled = doubt === undefined ? nickname : `${nickname} (${doubt})`;
  return trust === "changed"
    ? say("{nickname} (NOT the known one!)", { nickname: spelled })
    : spelled;
}

/**
 * Writes an event that is no message.
 *
 * A flood of rejected lines is told in a few lines: at the counts 1, 10, 100 and so on.
 *
 * @param happened What happened.
 * @param say Says phrases in the reader's language.
 * @param isFinal Whether to tell the count of rejected lines whatever it is.
 * @returns The line; undefined if the event is not worth a line.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { sayIn } from "../messages/say.ts";
 * const alice = { id: "F8t5", nickname: "alice", trust: "changed" } as const;
 * const line = describeHappening({ kind: "left", ...alice }, sayIn("en"));
 * assert.equal(line, "alice (NOT the known one!) left");
 * ```
 */
export function describeHappening(
  happened: MarkedHappening,
  say: Say,
  isFinal = false,
): string | undefined {
  const event = "trust" in happened ? { ...happened, nickname: markName(happened, say) } : happened;
  switch (event.kind) {
    case "joined":
      return say("{nickname} joined", event);
    case "returned":
    case "back":
      return say("{nickname} is back", event);
    case "left":
      return say("{nickname} left", event);
    case "away":
      return event.reason === ""
        ? say("{nickname} is away", event)
        : say("{nickname} is away: {reason}", event);
    case "lost":
      // The relay alone says that the connection is gone. "left" is what a member says itself.
      return say("{nickname}: connection lost", event);
    case "renamed":
      return say("{before} is now {nickname}", event);
    case "missing":
      return event.count === 1
        ? say("1 message of {nickname} is missing", event)
        : say("{count} messages of {nickname} are missing", event);
    case "mended":
      return event.count === 1
        ? say("1 message of {nickname} came late or in the wrong order, and was put right", event)
        : say(
          "{count} messages of {nickname} came late or in the wrong order, and were put right",
          event,
        );
    case "impostor":
      return say(
        "WARNING: somebody with another key writes as {nickname}. Compare with /verify {nickname}; accept a new key with /trust {nickname}",
        event,
      );
    case "rejected":
      return isFinal || isMilestone(event) ? describeRejected(event, say) : undefined;
    case "live":
      return event.isAgain ? say("connected again") : undefined;
    case "disconnected":
      return say("{reason}; connecting again", event);
    case "clock":
      return describeClock(event.seconds, say);
    case "rotation": {
      const { nickname: name } = happened as RotationEvent;
      return describeRotation({ ...event, name }, say);
    }
    case "offer":
      return describeOffered(event, say);
    case "transfer":
      return describeTransfer(event, say);
  }
}

/**
 * Writes a time in this computer's time zone.
 *
 * @param seconds Unix time. Others choose it, so that it may be out of range.
 * @param say Says that a time is impossible.
 * @returns Such as `2026-11-24 16:40:12`.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { sayIn } from "../messages/say.ts";
 * assert.match(formatLocalTime(1785571200, sayIn("en")), /^2026-0[78]-[0-3]\d \d\d:\d\d:\d\d$/);
 * ```
 */
export function formatLocalTime(seconds: number, say: Say): string {
  const date = new Date(seconds * 1000);
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  // The time zone's offset can move the largest possible date out of range.
  if (Number.isNaN(local.getTime())) return say("at an impossible time");
  return local.toISOString().slice(0, 19).replace("T", " ");
}

/** Whether a count is 1, 10, 100 and so on. Who was put out and writes on is told of once. */
function isMilestone({ reason, count }: Extract<Happening, { kind: "rejected" }>): boolean {
  return reason === "outdated" ? count === 1 : /^10*$/.test(String(count));
}

function describeRejected(event: Extract<Happening, { kind: "rejected" }>, say: Say): string {
  const isOne = event.count === 1;
  switch (event.reason) {
    case "unreadable":
      return isOne
        ? say("1 message could not be decrypted: not written with this room's key")
        : say("{count} messages could not be decrypted: not written with this room's key", event);
    case "replayed":
      return isOne
        ? say("1 message came again and is not shown: replayed by somebody")
        : say("{count} messages came again and are not shown: replayed by somebody", event);
    case "malformed":
      return isOne
        ? say("1 message could not be understood")
        : say("{count} messages could not be understood", event);
    case "forged":
      return isOne
        ? say("1 message had a false signature and is not shown")
        : say("{count} messages had a false signature and are not shown", event);
    case "outdated":
      return isOne
        ? say("1 message under the room's old key is not shown: it is not signed by a member")
        : say(
          "{count} messages under the room's old key are not shown: they are not signed by members",
          event,
        );
  }
}

/**
 * Writes with how many clients a member is here.
 *
 * @param clients The member's clients; empty if the member is not here.
 * @param say Says phrases in the reader's language.
 * @returns The number of clients. If all of them are away, the reason of the last one follows.
 */
export function describeClients(clients: readonly RosterEntry[], say: Say): string {
  if (clients.length === 0) return say("not here now");
  const here = clients.length === 1
    ? say("here with 1 client")
    : say("here with {count} clients", { count: clients.length });
  const isAway = clients.every(({ away }) => away !== undefined);
  const reason = clients.at(-1)!.away;
  if (!isAway || reason === undefined) return here;
  return `${here}; ${
    reason === "" ? say("away") : say("away: {reason}", { reason: oneLine(reason) })
  }`;
}
