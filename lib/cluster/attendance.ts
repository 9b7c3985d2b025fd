/**
 * The other relays of a room, and the members at each.
 *
 * @module
 */

import type { Attendance } from "../relay/carrier.ts";
import type { Part } from "./entry.ts";
import { MAX_MEMBERS, MAX_RELAYS, RELAY_SILENT_MS } from "./limits.ts";

/** What a relay says of itself. */
export interface Beat {
  readonly relay: string;
  readonly run: number;
  /** The number of its last entry in the stream. */
  readonly last: number;
  readonly members: number;
  readonly guests: number;
}

/** What has become of a member. */
export interface Change {
  readonly attendance: Attendance;
  readonly run: number;
  readonly local: number;
}

/** One start of a relay. */
interface Other {
  readonly relay: string;
  /** When it was heard of last, in ms; undefined for one that may not be there any more. */
  heardAt: number | undefined;
  /** Its last beat; undefined before the first. */
  beat: Beat | undefined;
  /** Numbers of its members' connections. */
  readonly members: Set<number>;
  /** Whether that is all of them. */
  isWhole: boolean;
}

/** Knows who is at the other relays, by what these say. */
export class Attendees {
  readonly #others = new Map<number, Other>();
  readonly #onRelay: (kind: "relay came" | "relay gone", relay: string, members: number) => void;

  /** @param onRelay Is told of relays that come and go. */
  constructor(
    onRelay: (kind: "relay came" | "relay gone", relay: string, members: number) => void,
  ) {
    this.#onRelay = onRelay;
  }

  /** Relays that are there. */
  get relays(): number {
    return this.#here.length;
  }

  /** Members at them. */
  get members(): number {
    return this.#here.reduce((sum, other) => sum + membersOf(other), 0);
  }

  /** Connections in the room at them. */
  get connections(): number {
    return this.members + this.#here.reduce((sum, { beat }) => sum + (beat?.guests ?? 0), 0);
  }

  /** The number of the last entry that a relay says it has in the stream; 0 if it says nothing. */
  lastOf(run: number): number {
    return this.#others.get(run)?.beat?.last ?? 0;
  }

  /** Takes what a relay says of itself. Returns whether a list of its members is needed. */
  hear(beat: Beat, lastTaken: number, now: number): boolean {
    const other = this.#find(beat.relay, beat.run);
    if (other.relay !== beat.relay) return false;
    const isNew = other.heardAt === undefined;
    other.heardAt = now;
    other.beat = beat;
    if (isNew) this.#onRelay("relay came", beat.relay, beat.members);
    const isOff = beat.last === lastTaken && beat.members !== other.members.size;
    return !other.isWhole || isOff;
  }

  /**
   * Takes a part of an entry that tells of members.
   *
   * @param n The number of the entry.
   * @param now The time, in ms; undefined for an entry of the past.
   * @returns What members are to be told.
   */
  take(relay: string, run: number, n: number, part: Part, now: number | undefined): Change[] {
    if (part.kind === "lines") return [];
    const other = this.#find(relay, run);
    if (n === 1) other.isWhole = true;
    if (other.heardAt !== undefined && now !== undefined) other.heardAt = now;
    const { members } = other;
    switch (part.kind) {
      case "JOINED":
        if (members.size >= MAX_MEMBERS) return [];
        members.add(part.local);
        return [{ attendance: "JOINED", run, local: part.local }];
      case "GONE": {
        const wasHere = members.delete(part.local) || !other.isWhole;
        return wasHere ? [{ attendance: "GONE", run, local: part.local }] : [];
      }
      case "members":
        return this.#replace(other, run, new Set(part.locals));
    }
  }

  /** Takes a relay out that says goodbye. Returns what members are to be told. */
  leave(relay: string, run: number): Change[] {
    const other = this.#others.get(run);
    return other?.relay === relay ? this.#remove(run, other) : [];
  }

  /** Takes the relays out that have been silent for too long. Returns what members are to be told. */
  expire(now: number): Change[] {
    return [...this.#others].flatMap(([run, other]) => {
      const isSilent = other.heardAt !== undefined && now - other.heardAt > RELAY_SILENT_MS;
      return isSilent ? this.#remove(run, other) : [];
    });
  }

  /** Gives every relay time anew: nobody could be heard. */
  excuse(now: number): void {
    for (const other of this.#here) other.heardAt = now;
  }

  get #here(): Other[] {
    return [...this.#others.values()].filter(({ heardAt }) => heardAt !== undefined);
  }

  #find(relay: string, run: number): Other {
    const known = this.#others.get(run);
    if (known) return known;
    const other = {
      ...{ relay, heardAt: undefined, beat: undefined },
      ...{ members: new Set<number>(), isWhole: false },
    };
    if (this.#others.size >= MAX_RELAYS) this.#others.delete(this.#oldest());
    this.#others.set(run, other);
    return other;
  }

  /** The relay that is not there, or that was heard of longest ago. */
  #oldest(): number {
    const at = ([, { heardAt }]: [number, Other]) => heardAt ?? -Infinity;
    return [...this.#others].reduce((a, b) => at(b) < at(a) ? b : a)[0];
  }

  #replace(other: Other, run: number, present: ReadonlySet<number>): Change[] {
    const { members } = other;
    const gone = [...members].filter((local) => !present.has(local));
    const come = [...present].filter((local) => !members.has(local));
    for (const local of gone) members.delete(local);
    for (const local of come) members.add(local);
    other.isWhole = true;
    return [
      ...gone.map((local) => ({ attendance: "GONE", run, local } as const)),
      ...come.map((local) => ({ attendance: "JOINED", run, local } as const)),
    ];
  }

  #remove(run: number, other: Other): Change[] {
    this.#others.delete(run);
    if (other.heardAt === undefined) return [];
    this.#onRelay("relay gone", other.relay, other.members.size);
    return [...other.members].map((local) => ({ attendance: "GONE", run, local }));
  }
}

function membersOf({ members, isWhole, beat }: Other): number {
  return isWhole ? members.size : Math.max(members.size, beat?.members ?? 0);
}
