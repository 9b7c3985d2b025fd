/**
 * The keys that one state of a room's secret gives: to read a token by its time, and to write.
 *
 * @module
 * @see docs/PROTOCOL.md, "Keys that move on"
 */

import { dayOf, deriveLobbyKey } from "../../crypto/key_chain.ts";
import {
  type Generation,
  type GenerationName,
  isFirstForm,
  isSameGeneration,
  type RoomSecret,
} from "../../crypto/room_secret.ts";
import type { FernetKey } from "../../fernet.ts";
import { MAX_DAYS_OFF, MAX_READY_DAYS } from "../limits.ts";
import { DayChain, importRaw } from "./day_chain.ts";
import type { Present } from "./present.ts";

/** A key that a token may be under. */
export interface Candidate {
  readonly key: FernetKey;
  readonly generation: GenerationName;
  /** In days since 1970; of the first form, that of the token's time. */
  readonly day: number;
}

/** What a token is written with. */
export interface Writing {
  readonly key: FernetKey;
  /** The token's time, in unix seconds. */
  readonly now: number;
  readonly generation: GenerationName;
}

/** The keys of all generations that are read. */
export class KeySet {
  readonly secret: RoomSecret;
  readonly #present: Present;
  readonly #chains: readonly [DayChain, ...DayChain[]];
  /** Candidates by the day of a token's time. */
  readonly #candidates = new Map<number, readonly Candidate[]>();

  constructor(secret: RoomSecret, present: Present) {
    this.secret = secret;
    this.#present = present;
    this.#chains = secret.generations.map((each) => new DayChain(each)) as [DayChain];
  }

  /** Yesterday, as it was believed last; undefined in a room of the first form. */
  get known(): number | undefined {
    return isFirstForm(this.secret) ? undefined : this.secret.generations[0].day;
  }

  /** The chain that is written under: the newest that the others have been told of. */
  get current(): DayChain {
    return this.#chains.find(({ generation }) => !generation.isUnannounced) ?? this.#chains[0];
  }

  /**
   * Finds the keys that a token may be under: those of its day and its neighbours, of each
   * generation, the likeliest first. None if its time is far from what may be the present.
   *
   * @param seconds The token's time, in unix seconds, which nobody has vouched for.
   */
  candidates(seconds: number): readonly Candidate[] | Promise<readonly Candidate[]> {
    const day = this.known === undefined ? 0 : dayOf(seconds);
    return this.#candidates.get(day) ?? this.#find(day);
  }

  /**
   * Chooses the key and the time of a token that is written now.
   *
   * @param under A generation, if it is not over; that which is written under by default.
   */
  async writing(under?: GenerationName): Promise<Writing> {
    const now = this.#present.likely(this.known);
    const isIt = ({ name }: DayChain) => under && isSameGeneration(name, under);
    const chain = this.#chains.find(isIt) ?? this.current;
    // A generation that is over soon may have no key of a clock that was set back.
    const key = chain.key(dayOf(now)) ?? this.current.key(dayOf(now))!;
    return { key: await key, now, generation: chain.name };
  }

  /** Makes the key of the lobby. */
  async lobbyKey(): Promise<FernetKey> {
    return await importRaw(await deriveLobbyKey(this.secret.root));
  }

  /**
   * The newest generation as one gets it who comes now. It has yesterday's value, unless this clock
   * stands alone: then it has the value of the file.
   */
  async forNewcomer(): Promise<Generation> {
    const { number, day: first, mark } = this.current.generation;
    const { agreed } = this.#present;
    const isDated = number > 0 && agreed !== undefined;
    const day = isDated ? Math.max(first, dayOf(agreed) - 1) : first;
    return { number, day, chain: await this.current.value(day), mark };
  }

  /** Overwrites what is in memory beside the secret. */
  wipe(): void {
    for (const chain of this.#chains) chain.wipe();
    this.#candidates.clear();
  }

  async #find(day: number): Promise<readonly Candidate[]> {
    const { known } = this;
    const isNear = known === undefined || this.#present.days(known).values().some((each) => {
      return Math.abs(each - day) <= MAX_DAYS_OFF;
    });
    const found = this.#chains.flatMap((chain) => {
      const { name: generation } = chain;
      const days = generation.number === 0 ? [day] : isNear ? [day, day - 1, day + 1] : [];
      return days.flatMap((each) => {
        const key = chain.key(each);
        return key ? [key.then((key) => ({ key, generation, day: each }))] : [];
      });
    });
    const candidates = await Promise.all(found);
    // What is far from the present is not kept: anybody can make such times.
    if (!isNear) return candidates;
    if (this.#candidates.size >= MAX_READY_DAYS) {
      this.#candidates.delete(this.#candidates.keys().next().value!);
    }
    this.#candidates.set(day, candidates);
    return candidates;
  }
}
