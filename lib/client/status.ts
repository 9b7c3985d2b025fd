/**
 * The state of a connection and of its room, in words.
 *
 * @module
 */

import type { Say } from "../messages/phrases.ts";
import type { Author } from "./author.ts";
import type { Delivery } from "./delivery.ts";
import type { KeyRing } from "./keys/key_ring.ts";
import type { Welcome } from "./link.ts";
import type { Rejection } from "./reader.ts";
import type { Roster } from "./roster.ts";
import type { Session } from "./session.ts";
import type { SessionClock } from "./session_clock.ts";

/** Silence of the relay, in ms, that is told of in place of its last answer. */
const SILENT_MS = 2000;

/** What a status tells of. */
export interface StatusParts {
  /** This member's Ed25519 key, in base64url. */
  readonly id: string;
  readonly author: Pick<Author, "nickname">;
  readonly delivery: Pick<Delivery, "latencyMs" | "silentMs" | "untaken">;
  readonly session: Pick<Session, "connection" | "rejected">;
  readonly roster: Pick<Roster, "values">;
  readonly clock: Pick<SessionClock, "difference">;
  readonly keys: Pick<KeyRing, "fingerprint">;
  /** Tells address and port of the relay. */
  readonly relay: () => string;
  /** Words the lines, in one language. */
  readonly say: Say;
}

/**
 * Tells the state of things, for people.
 *
 * @returns A line for each part.
 */
export function describeStatus(parts: StatusParts): string[] {
  const { session, delivery, author, roster, clock, id, keys, say } = parts;
  const relay = parts.relay();
  const { connection, rejected } = session;
  const { difference } = clock;
  const members = new Set([id, ...[...roster.values()].map((entry) => entry.id)]).size;
  const counts = [...rejected].map(([reason, count]) => countRejected(reason, count, say));
  return [
    connection
      ? say("connected to {relay} as {nickname}", { relay, nickname: author.nickname })
      : say("not connected to {relay}", { relay }),
    say("room {fingerprint}", { fingerprint: keys.fingerprint }),
    ...connection ? describeConnection(connection, members, say) : [],
    ...connection ? [describeLatency(delivery, say)] : [],
    ...difference === 0 ? [] : [describeClock(difference, say)],
    say("not taken by the server yet: {untaken}", { untaken: delivery.untaken }),
    counts.length === 0
      ? say("not shown: none")
      : say("not shown: {counts}", { counts: counts.join(", ") }),
  ];
}

function describeConnection({ mode, peers }: Welcome, members: number, say: Say): string[] {
  return [
    mode === "open"
      ? say("room open: guests without the key can be here")
      : say("room for members only"),
    say("members known here: {members}; connections when this one began: {peers}", {
      members,
      peers,
    }),
  ];
}

function describeLatency(
  { latencyMs: ms, silentMs }: StatusParts["delivery"],
  say: Say,
): string {
  const seconds = Math.round(silentMs / 1000);
  if (silentMs > SILENT_MS) return say("the server has not answered for {seconds} s", { seconds });
  if (ms === undefined) return say("the server has not been asked yet");
  return say("the server answers in {ms} ms", { ms: Math.max(1, Math.round(ms)) });
}

/**
 * Says that the clocks differ.
 *
 * @param seconds By how much this one is ahead of the relay's.
 * @param say Says it in one language.
 */
export function describeClock(seconds: number, say: Say): string {
  if (seconds === 0) return say("your clock is right again, by the server's");
  const minutes = Math.max(1, Math.round(Math.abs(seconds) / 60));
  if (minutes === 1) {
    return seconds > 0
      ? say("your clock looks 1 minute fast, by the server's")
      : say("your clock looks 1 minute slow, by the server's");
  }
  return seconds > 0
    ? say("your clock looks {minutes} minutes fast, by the server's", { minutes })
    : say("your clock looks {minutes} minutes slow, by the server's", { minutes });
}

function countRejected(reason: Rejection, count: number, say: Say): string {
  switch (reason) {
    case "unreadable":
      return say("{count} unreadable", { count });
    case "replayed":
      return say("{count} replayed", { count });
    case "malformed":
      return say("{count} malformed", { count });
    case "forged":
      return say("{count} forged", { count });
    case "outdated":
      return say("{count} under the old key", { count });
  }
}
