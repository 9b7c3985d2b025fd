/**
 * Knocking, and answering those who knock, as one client does it.
 *
 * @module
 * @see docs/PROTOCOL.md, "Knocking"
 */

import type { Handed } from "../../protocol/knock.ts";
import { Doorkeeper } from "./doorkeeper.ts";
import { Knocking } from "./knocking.ts";
import type { Lobby, LobbyMessage, OwnKnock } from "./lobby.ts";
import { type GenerationId, precedes, type Succession } from "./succession.ts";

/** What {@linkcode Knocks} work with. */
export interface KnocksParts {
  readonly lobby: Lobby;
  readonly succession: Succession;
  /** This member, by id. */
  readonly ownId: string;
  /** The generation that this client writes under. */
  readonly writing: () => GenerationId;
  /** The generation of now, with its secret; undefined if this client cannot hand it on. */
  readonly hand: () => Promise<Handed | undefined>;
  /** Whether somebody's key is pinned to a nickname, by id. */
  readonly isTrusted: (id: string) => boolean;
  /** How many clients may answer. */
  readonly members: () => number;
  /** A clock in ms that never runs back. */
  readonly monotonic: () => number;
  /** Returns a number from 0 to 1. */
  readonly random: () => number;
}

/** A newer generation, and who handed it on. */
export interface Handover {
  readonly handed: Handed;
  readonly author: string;
}

/** What is due. */
export interface DueKnocks {
  /** Tokens, which are not to be kept. */
  readonly tokens: readonly string[];
  /** Who says that this member does not belong to the room any more, if that is news. */
  readonly refusedBy?: string;
}

/** Knocks and answers. */
export class Knocks {
  readonly #parts: KnocksParts;
  readonly #knocking: Knocking;
  readonly #keeper: Doorkeeper;
  /** The last knock of this client, as long as it may be answered. */
  #own: OwnKnock | undefined;
  /** Who refused it. Somebody else may still answer: who was put out could refuse, too. */
  #refusedBy: string | undefined;

  constructor(parts: KnocksParts) {
    this.#parts = parts;
    this.#knocking = new Knocking(parts.random);
    this.#keeper = new Doorkeeper(parts);
  }

  /** Whether an answer may come soon. */
  get isHopeful(): boolean {
    return this.#knocking.isHopeful;
  }

  /** Notes that something cannot be read. */
  want(): void {
    this.#knocking.want(this.#parts.monotonic());
  }

  /** Notes that a connection is live. */
  reconnect(): void {
    this.#keeper.clear();
    this.#knocking.reconnect(this.#parts.monotonic());
  }

  /** Notes that the newest key that is known of is there. */
  stop(): void {
    this.#own = undefined;
    this.#refusedBy = undefined;
    this.#knocking.stop();
  }

  /** Takes what somebody said in the lobby. */
  async take(message: LobbyMessage): Promise<Handover | undefined> {
    if (message.kind === "answer") return await this.#takeAnswer(message);
    const { succession, writing, monotonic } = this.#parts;
    const { author: id, key, known } = message;
    const present = writing();
    if (precedes(known, present)) this.want();
    // Whoever is behind itself, or does not know who belongs, leaves it to others.
    const canAnswer = precedes(present, known) && !succession.isAhead(present) &&
      succession.current.mark === present.mark && succession.current.to !== undefined;
    if (!canAnswer) return undefined;
    this.#keeper.take({ id, key, isWelcome: succession.belongs(id) }, monotonic());
    return undefined;
  }

  /** Writes what is due. */
  async due(): Promise<DueKnocks> {
    const { monotonic } = this.#parts;
    if (!this.#knocking.isDue(monotonic())) return { tokens: await this.#answers() };
    const refusedBy = this.#refusedBy;
    const isNews = refusedBy !== undefined && this.#knocking.refuse();
    this.#refusedBy = undefined;
    const { generation, mark } = this.#parts.writing();
    this.#own = await this.#parts.lobby.knock({ generation, mark });
    const tokens = [this.#own.token, ...await this.#answers()];
    return isNews ? { tokens, refusedBy } : { tokens };
  }

  async #answers(): Promise<string[]> {
    const { lobby, hand, monotonic } = this.#parts;
    const tokens: string[] = [];
    const knocks = this.#keeper.due(monotonic());
    const handed = knocks.length > 0 ? await hand() : undefined;
    if (!handed) return tokens;
    for (const { id, key, isWelcome } of knocks) {
      // A key of low order is nobody's.
      const token = await lobby.answer(id, key, isWelcome ? handed : undefined)
        .catch(() => undefined);
      if (token !== undefined) tokens.push(token);
    }
    return tokens;
  }

  async #takeAnswer(
    message: Extract<LobbyMessage, { kind: "answer" }>,
  ): Promise<Handover | undefined> {
    const { succession, ownId, isTrusted, lobby } = this.#parts;
    const { author, to, key, sealed } = message;
    // Who was put out could otherwise keep others from answering, or take them along.
    if (!isTrusted(author) || !succession.belongs(author)) return undefined;
    this.#keeper.noteAnswered(to, key);
    if (to !== ownId || key !== this.#own?.key) return undefined;
    if (!sealed) {
      this.#refusedBy = author;
      return undefined;
    }
    const handed = await lobby.open(message, this.#own);
    if (!handed?.to.includes(ownId) || !precedes(handed, this.#parts.writing())) return undefined;
    return { handed, author };
  }
}
