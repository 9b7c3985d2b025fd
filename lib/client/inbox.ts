/**
 * The received messages, judged and put in order: which of them are shown, and with which marks.
 *
 * @module
 * @see docs/PROTOCOL.md, "Receiving"
 */

import { placeOf, type SequenceWindow } from "../protocol/sequence_window.ts";
import type { Pins } from "../storage/pins.ts";
import type { Seen } from "../storage/seen.ts";
import { Asking } from "./asking.ts";
import { Attendance } from "./attendance.ts";
import type { Delivery } from "./delivery.ts";
import type { Age, RoomEvent } from "./events.ts";
import { noteIn } from "./files/reading.ts";
import { Floors } from "./floors.ts";
import { MAX_AGE_SECONDS, MAX_SHOWN_HISTORY } from "./limits.ts";
import { formOf, plainMessage, signedMessage } from "./message.ts";
import type { Gap, Ready } from "./ordering.ts";
import type { Phase } from "./phase.ts";
import type { Presence } from "./presence.ts";
import { Questions } from "./questions.ts";
import type { Opened, Rejection, Under } from "./reader.ts";
import type { Hearing } from "./rotation/hearing.ts";
import type { Roster, RosterEntry } from "./roster.ts";
import { Start, type StartParts } from "./start.ts";
import { TrustJudge } from "./trust.ts";
import { type Standing, Turns } from "./turns.ts";

/** A message of a member, whose signature is good. */
type Signed = Extract<Opened, { kind: "signed" }>;

interface Item {
  readonly opened: Signed;
  readonly phase: Phase;
  readonly window: SequenceWindow;
  /** Whether it was written before this client came, or may have been seen in an earlier run. */
  readonly isPast: boolean;
  /** Whether it is not for the user. */
  readonly isHidden: boolean;
}

/** What an {@linkcode Inbox} works with. */
export interface InboxParts extends StartParts {
  /** What has been seen so far. The inbox changes it. */
  readonly seen: Seen;
  readonly pins: Pins;
  readonly roster: Roster;
  /** This member and this run of its client. */
  readonly own: { readonly id: string; readonly epoch: string };
  /** Returns a number from 0 to 1. */
  readonly random: () => number;
  /** Plain tokens of this time, in unix seconds, or an older one may have been seen. */
  readonly plainFloor: () => number;
  /** The relay's clock, in unix seconds; undefined while it is not known. */
  readonly relayTime: () => number | undefined;
  /** Is told of members that come, and answers them. */
  readonly presence: Pick<Presence, "noteArrival">;
  /** Sends messages of this client again that others miss. */
  readonly delivery: Pick<Delivery, "resend">;
  /** Follows rotations, and tells who is heard under an older key. */
  readonly hearing?: Pick<Hearing, "admits" | "hear">;
  /** Is told under which key a member wrote whose nickname is pinned. */
  readonly onVerified?: (under: Under) => void;
}

/** Judges tokens in the order in which they came. */
export class Inbox {
  readonly #parts: InboxParts;
  readonly #turns: Turns<Item>;
  readonly #questions: Questions;
  readonly #floors: Floors;
  readonly #rejected = new Map<Rejection, number>();
  readonly #judge: TrustJudge;
  readonly #attendance: Attendance;
  readonly #start: Start;
  /** Messages of the past that were shown. */
  readonly #shownHistory = new Set<string>();

  constructor(parts: InboxParts) {
    this.#parts = parts;
    const asking = new Asking({ random: parts.random, members: () => parts.roster.size });
    const sizeOf = ({ opened }: Item) => opened.text?.length ?? 0;
    this.#turns = new Turns({ asking, sizeOf, monotonic: parts.monotonic });
    this.#questions = new Questions({ ...parts, turns: this.#turns });
    this.#floors = new Floors(parts);
    this.#judge = new TrustJudge(parts.pins);
    this.#attendance = new Attendance(parts);
    this.#start = new Start(parts);
  }

  /** Notes that this client is in the room for the first time: what was written before is old. */
  noteLive(): void {
    this.#start.note();
    this.#floors.check();
  }

  /** Notes that this client is connected again. Call it before it takes what was missed. */
  noteReturn(): void {
    this.#start.noteReturn();
    this.#turns.returned();
  }

  /** Passes over a message that came before this client was in the room, and is not shown. */
  passOver({ header }: Signed): void {
    this.#start.passOver(header);
  }

  /** Lines that showed nothing, by reason. */
  get rejected(): ReadonlyMap<Rejection, number> {
    return this.#rejected;
  }

  /**
   * Takes a token.
   *
   * @param opened The token, as the reader opened it.
   * @param phase How it came.
   * @returns What the user is told; nothing while it has to wait for others.
   */
  take(opened: Opened, phase: Phase): RoomEvent[] {
    if (opened.kind === "rejected") {
      // The backlog of a new connection repeats what came on the connection before.
      const isExpected = opened.reason === "replayed" && phase !== "live";
      return isExpected ? [] : [this.#reject(opened.reason)];
    }
    const { seen } = this.#parts;
    const isOff = this.#start.isOff(opened.issuedAt);
    const isAdmitted = this.#parts.hearing?.admits(opened) ?? true;
    if (isAdmitted !== true) return isAdmitted === "quiet" ? [] : [this.#reject("outdated")];
    if (opened.kind === "plain") {
      const mayBeSeen = this.#floors.mayHavePlain(opened.issuedAt);
      const age = phase === "history" || isOff || mayBeSeen ? "old" : "live";
      if (!isOff) seen.newestTime = Math.max(seen.newestTime, opened.issuedAt);
      return [plainMessage(opened.text, age, opened.issuedAt)];
    }
    if (!isOff) seen.newestTime = Math.max(seen.newestTime, opened.issuedAt);
    return this.#takeSigned(opened, phase);
  }

  /**
   * Tells what has become due. It is called a few times a second.
   *
   * @param standing Whether this client can be answered, and whether it has read all answers.
   */
  tick(standing: Standing): { events: RoomEvent[]; asks: readonly Gap[] } {
    const { asks, missing, ready } = this.#turns.tick(standing);
    for (const { item } of ready) this.#parts.seen.note(item.window);
    const events = missing.map(({ before, range: [from, to] }) => {
      return this.#judge.tellCount("missing", before.opened.header, to - from + 1);
    });
    return { events: [...events, ...this.#deliver(ready)], asks };
  }

  /** Tells that the last connection of a member is lost. */
  tellLoss(member: RosterEntry): RoomEvent {
    return this.#judge.tellLoss(member);
  }

  #takeSigned(opened: Signed, phase: Phase): RoomEvent[] {
    const { id, nickname, epoch, sequence } = opened.header;
    const { own, seen, pins, onVerified, hearing } = this.#parts;
    const { under } = opened;
    if (under && id !== own.id && pins.peek(nickname) === id) onVerified?.(under);
    // The relay's backlog holds this client's own messages too.
    if (id === own.id && epoch === own.epoch) return [];
    hearing?.hear(opened, phase);
    const known = seen.find(id, epoch);
    const window = known ?? { id, epoch, next: sequence, missing: [], seenAt: 0 };
    const now = Math.floor(this.#parts.now() / 1000);
    window.seenAt = Math.max(window.seenAt, Math.min(opened.header.time, now + MAX_AGE_SECONDS));
    const mayBeSeen = !known && this.#floors.mayHaveSigned(opened.header.time, seen.floorOf(id));
    const keeping = seen.keep(window, now);
    // What is soon forgotten must not leave a floor in the future.
    const isForgotten = keeping === "dropped" || keeping === "crowd" && opened.header.time > now;
    const isPlaced = known !== undefined || this.#start.meet(window, keeping === "kept");
    const isBefore = this.#start.isLaterThan(opened);
    const isPast = phase === "history" || mayBeSeen || isForgotten || isBefore;
    const isHidden = isBefore && this.#start.hides(window, opened.header.time);
    const item = { opened, phase, window, isPast, isHidden };
    if (phase === "history") {
      const mark = `${id} ${epoch} ${sequence}`;
      if (this.#shownHistory.has(mark)) return [];
      if (this.#shownHistory.size < MAX_SHOWN_HISTORY) this.#shownHistory.add(mark);
      if (placeOf(window, sequence) === "seen") return this.#show(item, false);
      this.#turns.skipTo(window, sequence);
    }
    if (phase === "live" && placeOf(window, sequence) !== "seen") this.#hearAhead(opened, window);
    const from = sequence - (opened.header.fleetingBefore ?? 0);
    const isUnheard = !isPlaced && from > 0 && keeping === "kept" &&
      !isBefore &&
      this.#start.mayHaveMissed(
        epoch,
        (time) => this.#floors.mayHaveSigned(time, seen.floorOf(id)),
      );
    const coming = { sequence, item, from, isPast: isBefore, isUnheard };
    const { ready, mended } = this.#turns.take(window, coming);
    seen.note(window);
    const events = this.#deliver(ready);
    if (mended === 0 || phase !== "live") return events;
    return [this.#judge.tellCount("mended", opened.header, mended), ...events];
  }

  #deliver(ready: readonly Ready<Item>[]): RoomEvent[] {
    return ready.flatMap(({ item, isLate }) => this.#show(item, isLate));
  }

  #show({ opened, phase, window, isPast, isHidden }: Item, isLate: boolean): RoomEvent[] {
    if (isHidden) return [];
    const { header, text } = opened;
    const isOld = isPast || this.#start.isOff(header.time);
    const age: Age = isOld ? "old" : "live";
    // Nobody becomes known by a rotation.
    const trust = this.#judge.judge(header, header.kind === "rekey" ? "old" : age);
    const events: RoomEvent[] = this.#judge.warn(header, trust);
    const form = formOf(header.kind);
    if (form) {
      if (header.kind === "dm" && !opened.isForMe) return events;
      if (text === undefined) return [...events, this.#reject("malformed")];
      // A late message is older than what is known by now.
      if (!isOld && !isLate) this.#attendance.see(header, phase === "live");
      const shown = { form, age, trust, isLate };
      return [...events, signedMessage({ ...opened, text }, shown, this.#parts.own.id)];
    }
    if (header.kind === "file" && !isOld) this.#attendance.see(header, phase === "live");
    if (header.kind === "file") return isOld ? events : [...events, ...noteIn(opened, trust)];
    const arrival = { isLive: phase === "live", trust, isFirst: window.next <= 1 };
    return isOld || isLate ? events : [...events, ...this.#attendance.take(header, arrival)];
  }

  /** Hears what must not wait for missing messages. */
  #hearAhead({ header, text = "" }: Signed, window: SequenceWindow): void {
    // An author that is back has sent again what it had to: the rest is to be asked for.
    if (header.kind === "join") this.#turns.returned(window);
    // If a question waited, two members that ask each other would wait for each other.
    if (header.kind === "again" && !this.#start.isOff(header.time)) {
      this.#questions.take(text, header.id);
    }
  }

  #reject(reason: Rejection): RoomEvent {
    const count = (this.#rejected.get(reason) ?? 0) + 1;
    this.#rejected.set(reason, count);
    return { kind: "rejected", reason, count };
  }
}
