/**
 * How a client follows its room to new generations of the key.
 *
 * @module
 * @see docs/PROTOCOL.md, "Moving on"
 */

import { concat } from "../../bytes/concat.ts";
import { formatControl } from "../../protocol/control.ts";
import { frameToken } from "../../protocol/wire.ts";
import type { Delivery } from "../delivery.ts";
import type { RoomEvent } from "../events.ts";
import type { Phase } from "../phase.ts";
import type { Link } from "../link.ts";
import type { Opened, Reader } from "../reader.ts";
import type { Hearing } from "./hearing.ts";
import { Held } from "./held.ts";
import type { Handover } from "./knocks.ts";
import type { Lobby } from "./lobby.ts";
import type { Rotator } from "./rotator.ts";
import { GATHERING_CHECK_MS, MAX_CATCH_UP_MS } from "./limits.ts";
import { idOf, type Opener, type OpenerParts } from "./opener.ts";

/** Whether what a client writes is for all who belong to the room, as far as it knows. */
export type Standing = "newest" | "behind" | "put out";

/** Says that the relay is not to keep the next token. */
const FLEETING = formatControl({ verb: "FLEETING" });

/** What a {@linkcode Mover} works with. */
export interface MoverParts extends OpenerParts {
  readonly lobby: Lobby;
  readonly hearing: Hearing;
  readonly opener: Opener;
  readonly rotator: Pick<Rotator, "attach" | "detach">;
  readonly delivery: Pick<Delivery, "repeatRecent">;
  readonly reader: Pick<Reader, "openAll">;
  /** Shows a token that could not be read before. */
  readonly show: (opened: Opened, phase: Phase) => RoomEvent[];
  /** Whether what comes so is not for the user. */
  readonly hides: (phase: Phase) => boolean;
  /** Writes to disk what has been seen. */
  readonly persist: () => Promise<void>;
  /** A clock in ms that never runs back. */
  readonly monotonic: () => number;
}

/** Follows rotations, and asks for the keys that this client lacks. */
export class Mover {
  readonly #parts: MoverParts;
  readonly #held = new Held();
  /** Tokens that no key of the room opens, not looked at yet. */
  #fresh: { readonly token: string; readonly phase: Phase }[] = [];
  #link: Link | undefined;
  #working: Promise<unknown> = Promise.resolve();
  #isTicking = false;
  #attached = Promise.withResolvers<void>();

  constructor(parts: MoverParts) {
    this.#parts = parts;
    parts.keys.onChange(() => void this.#learn());
  }

  /** Whether there is something to settle. */
  get isBusy(): boolean {
    return this.#fresh.length > 0 || this.#parts.hearing.isBusy || this.#parts.teller.hasNews;
  }

  /** Holds a token that cannot be read: it may be of the lobby, or under a newer key. */
  hold(token: string, phase: Phase): void {
    this.#fresh.push({ token, phase });
  }

  /**
   * Does what was begun: gets the keys of rotations that were heard, and reads what could not be read.
   *
   * @returns What the user is told.
   */
  async settle(): Promise<RoomEvent[]> {
    const settled = this.#working.then(() => this.#settle());
    this.#working = settled.catch(() => {});
    await settled;
    return this.#parts.teller.take();
  }

  /**
   * Uses a connection that is live.
   *
   * @returns What the user is told of what its backlog had.
   */
  async attach(link: Link): Promise<RoomEvent[]> {
    const { succession, opener, knocks, rotator } = this.#parts;
    this.#link = link;
    const events = await this.settle();
    if (!opener.hasKey(succession.current)) knocks.want();
    knocks.reconnect();
    rotator.attach(link);
    this.#attached.resolve();
    return events;
  }

  /** Waits until a newer key has come, if one is known of, or until none is likely to come soon. */
  async catchUp(): Promise<Standing> {
    const { monotonic, knocks, succession } = this.#parts;
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, MAX_CATCH_UP_MS);
    await Promise.race([this.#attached.promise, late]);
    clearTimeout(timer);
    const end = monotonic() + MAX_CATCH_UP_MS;
    while ((this.isBusy || knocks.isHopeful) && !succession.exclusion && monotonic() < end) {
      await new Promise((resolve) => setTimeout(resolve, GATHERING_CHECK_MS));
    }
    return this.standing;
  }

  /** Whether what this client writes now is for all who belong to the room. */
  get standing(): Standing {
    const { succession, opener } = this.#parts;
    if (succession.exclusion) return "put out";
    return opener.hasKey(succession.current) ? "newest" : "behind";
  }

  /** Uses no connection any more. */
  detach(): void {
    this.#link = undefined;
    this.#parts.rotator.detach();
  }

  /** Does what has become due, a few times a second. Returns what the user is told. */
  async tick(): Promise<RoomEvent[]> {
    if (this.#isTicking) return [];
    this.#isTicking = true;
    try {
      this.#tellUnreadable(this.#held.overdue(this.#parts.monotonic()));
      this.#parts.hearing.judgeAgain();
      if (this.#link) await this.#speak(this.#link);
      if (!this.isBusy) return [];
      const events = await this.settle();
      await this.#parts.persist();
      return events;
    } finally {
      this.#isTicking = false;
    }
  }

  /** Ends: what waits for a key is told. */
  end(): RoomEvent[] {
    this.#tellUnreadable(this.#held.overdue(Infinity));
    return this.#parts.teller.take();
  }

  async #settle(): Promise<void> {
    const { opener, hearing } = this.#parts;
    while (this.#fresh.length > 0 || hearing.isBusy) {
      const handovers = await this.#sort(this.#fresh.splice(0));
      let hasKey = false;
      for (const heard of hearing.take()) hasKey = await opener.open(heard) || hasKey;
      let isHanded = false;
      for (const handover of handovers) isHanded = await opener.accept(handover) || isHanded;
      // Who has the new key alone could not read what was written here so far.
      if (isHanded) this.#parts.delivery.repeatRecent();
      if (hasKey || isHanded) await this.#reopen();
    }
    // Where no other key is known of, none is likely to come. What cannot be read is kept all the same.
    const { keys, succession } = this.#parts;
    const isAlone = keys.isFirstForm && opener.hasKey(succession.current);
    if (isAlone) this.#tellUnreadable(this.#held.overdue(Infinity));
  }

  /** Reads what is of the lobby, and holds the rest. */
  async #sort(
    tokens: readonly { readonly token: string; readonly phase: Phase }[],
  ): Promise<Handover[]> {
    const { lobby, knocks, monotonic, succession, hides } = this.#parts;
    const messages = await Promise.all(tokens.map(({ token }) => lobby.read(token)));
    const handovers: Handover[] = [];
    for (const [i, { token, phase }] of tokens.entries()) {
      const message = messages[i];
      const handover = message && await knocks.take(message);
      if (handover) handovers.push(handover);
      if (message) continue;
      this.#tellUnreadable(this.#held.add({ token, phase, at: monotonic(), isTold: hides(phase) }));
      if (!succession.exclusion) knocks.want();
    }
    return handovers;
  }

  /** Reads again what could not be read. */
  async #reopen(): Promise<void> {
    const { reader, show, teller } = this.#parts;
    const tokens = this.#held.takeAll();
    const opened = await reader.openAll(tokens.map(({ token }) => token));
    for (const [i, held] of tokens.entries()) {
      const each = opened[i]!;
      const isStill = each.kind === "rejected" && each.reason === "unreadable";
      if (isStill) this.#held.restore(held);
      else teller.add(show(each, held.phase));
    }
  }

  /** Says in the lobby what is due. What is lost on the way is said again. */
  async #speak(link: Link): Promise<void> {
    const { knocks, teller } = this.#parts;
    const { tokens, refusedBy } = await knocks.due();
    if (refusedBy !== undefined) teller.refused(refusedBy);
    const lines = tokens.map((token) => concat(FLEETING, frameToken(token)));
    if (lines.length > 0) await link.write(concat(...lines)).catch(() => {});
  }

  /** Takes in what another client of this member has written to the key file. */
  async #learn(): Promise<void> {
    const { keys, succession, rotations } = this.#parts;
    const unknown = keys.generations.map(idOf).filter((each) => !succession.knows(each));
    if (unknown.length === 0) return;
    await rotations.refresh();
    for (const each of unknown) succession.learn(each, rotations.find(each));
  }

  #tellUnreadable(count: number): void {
    const { teller, show, succession } = this.#parts;
    // Who was put out was told so.
    if (succession.exclusion) return;
    const rejected = { kind: "rejected", reason: "unreadable" } as const;
    for (let i = 0; i < count; i++) teller.add(show(rejected, "live"));
  }
}
