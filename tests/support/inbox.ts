/**
 * An inbox with a clock that is set by hand, and tokens that were opened.
 *
 * @module
 */

import type { RoomEvent } from "../../lib/client/events.ts";
import { Inbox } from "../../lib/client/inbox.ts";
import type { Phase } from "../../lib/client/phase.ts";
import type { Opened } from "../../lib/client/reader.ts";
import { Roster } from "../../lib/client/roster.ts";
import { EPOCH_BYTES, type Header } from "../../lib/protocol/header.ts";
import type { SequenceRange } from "../../lib/protocol/sequence_window.ts";
import { Pins } from "../../lib/storage/pins.ts";
import { Seen } from "../../lib/storage/seen.ts";
import type { SeenRecords } from "../../lib/storage/seen_format.ts";
import type { Standing } from "../../lib/client/turns.ts";
import { ALICE, BOB, EPOCH, TIME } from "./fixed_members.ts";

/** What an empty file tells. */
const NOTHING: SeenRecords = {
  ...{ newestTime: 0, floor: 0, isClosed: false },
  ...{ windows: new Map(), floors: new Map() },
};

/** A client that is connected, and has read what came. */
export const READY: Standing = { isConnected: true, isBehind: false };

/** This client: bob. */
export const OWN = { id: BOB.id, epoch: "A".repeat(Math.ceil(EPOCH_BYTES * 4 / 3)) };

/** An opened message of alice's that says hello, but for `changes`. */
export function signed(
  changes: Partial<Header> & { isForMe?: boolean; issuedAt?: number } = {},
): Extract<Opened, { kind: "signed" }> {
  const { isForMe = false, issuedAt = TIME, ...fields } = changes;
  const header: Header = {
    ...{ kind: "chat", id: ALICE.id, nickname: "alice", epoch: EPOCH },
    ...{ sequence: 0, time: TIME, text: "hello" },
    ...fields,
  };
  const body = new Uint8Array();
  return { kind: "signed", header, text: header.text, body, isForMe, issuedAt };
}

/** An opened text of a simple client. */
export function plain(text: string, issuedAt = TIME): Opened {
  return { kind: "plain", text, issuedAt };
}

/** An inbox, what is around it, and what it told of others. */
export interface InboxSetUp {
  readonly inbox: Inbox;
  readonly seen: Seen;
  readonly pins: Pins;
  readonly roster: Roster;
  /** Both clocks, in ms; the wall's is at `TIME` when this is 0. */
  readonly clock: { now: number };
  readonly floor: { plain: number };
  /** The relay's clock, in unix seconds. */
  readonly relay: { time: number | undefined };
  /** `arrival`, or the range asked for. */
  readonly told: (string | SequenceRange)[];
  /** The days under whose keys members wrote who are known. */
  readonly days: number[];
  /** Takes several, and tells all that came of it. */
  readonly take: (phase: Phase, ...opened: Opened[]) => RoomEvent[];
}

/** Makes an inbox; `hidesPast` if its user is not to see what was written before it came. */
export async function setUpInbox(
  before: Partial<SeenRecords> = {},
  { hidesPast = false } = {},
): Promise<InboxSetUp> {
  const seen = new Seen();
  seen.add({ ...NOTHING, ...before }, TIME);
  const pins = await Pins.open(undefined, () => {});
  const roster = new Roster();
  const clock = { now: 0 };
  const floor = { plain: 0 };
  const relay: { time: number | undefined } = { time: undefined };
  const told: (string | SequenceRange)[] = [];
  const days: number[] = [];
  const inbox = new Inbox({
    ...{ seen, pins, roster },
    own: OWN,
    hidesPast,
    now: () => TIME * 1000 + clock.now,
    monotonic: () => clock.now,
    random: () => 0,
    plainFloor: () => floor.plain,
    relayTime: () => relay.time,
    presence: { noteArrival: () => void told.push("arrival") },
    delivery: { resend: (range) => void told.push(range) },
    onVerified: ({ day }) => days.push(day),
  });
  const take = (phase: Phase, ...opened: Opened[]) =>
    opened.flatMap((each) => inbox.take(each, phase));
  return { inbox, seen, pins, roster, clock, floor, relay, told, days, take };
}

/** Events in short: `live hello`, `old (late) hello`, or the kind and what belongs to it. */
export function brief(events: readonly RoomEvent[]): string[] {
  return events.map((event) => {
    if (event.kind === "message") {
      const { age, form, trust, isLate, text } = event;
      const marks = [
        age,
        ...form === "chat" ? [] : [form],
        ...trust === "verified" ? [] : [trust],
        ...isLate ? ["late"] : [],
      ];
      return `${marks.join(" ")}: ${text}`;
    }
    const { kind, ...rest } = event;
    const told = Object.entries(rest).filter(([name]) => name !== "id").map(([, value]) => value);
    return [kind, ...told].join(" ");
  });
}
