/**
 * Getting the key of a generation: out of a box of its rotation, or from a member that hands it on.
 *
 * @module
 * @see docs/PROTOCOL.md, "Moving on"
 */

import { formatBase64Url, parseBase64Url } from "../../bytes/base64url.ts";
import { PUBLIC_KEY_BYTES } from "../../crypto/ed25519.ts";
import { markChain } from "../../crypto/key_chain.ts";
import type { GenerationName } from "../../crypto/room_secret.ts";
import { openChain } from "../../protocol/chain_box.ts";
import type { GenerationFacts, Rekey } from "../../protocol/rekey.ts";
import type { Rotations } from "../../storage/rotations.ts";
import type { AgreementRing } from "../keys/agreement_ring.ts";
import type { KeyRing } from "../keys/key_ring.ts";
import type { Handover, Knocks } from "./knocks.ts";
import { MAX_MISSED } from "./limits.ts";
import type { GenerationId, Succession } from "./succession.ts";
import type { Teller } from "./teller.ts";

/** What an {@linkcode Opener} works with. */
export interface OpenerParts {
  readonly ownId: string;
  readonly keys: KeyRing;
  readonly agreement: Pick<AgreementRing, "dayPairs">;
  readonly rotations: Rotations;
  readonly succession: Succession;
  readonly knocks: Knocks;
  readonly teller: Teller;
  /** The days, from 1970, that may be the present one. */
  readonly days: () => readonly number[];
}

/** A rotation that was heard. */
export interface Heard {
  readonly rekey: Rekey;
  /** Its author, by id. */
  readonly author: string;
  readonly nickname: string;
  /** The generation under whose key it came. */
  readonly under: GenerationId;
}

/** Gets keys, and puts them on disk. */
export class Opener {
  readonly #parts: OpenerParts;

  constructor(parts: OpenerParts) {
    this.#parts = parts;
  }

  /** Whether the key of a generation is there. */
  hasKey(id: GenerationId): boolean {
    return this.#parts.keys.generations.some((each) => isSame(idOf(each), id));
  }

  /**
   * Gets the key of a rotation out of its box. Without a box, this client asks for the key.
   *
   * @returns Whether it is there now.
   */
  async open({ rekey, author }: Heard): Promise<boolean> {
    const { ownId, keys, rotations, knocks, teller } = this.#parts;
    const { boxes: _, ephemeralKey: __, ...facts } = rekey;
    await rotations.note({ ...facts, author, newcomers: [] });
    const isOwn = author === ownId;
    // Another client of this member may have written it to the file.
    if (isOwn) await keys.reload();
    const wasThere = this.hasKey(rekey);
    if (!wasThere) await this.#openBox(rekey, author);
    else if (isOwn) await keys.noteAnnounced(nameOf(rekey));
    if (!this.hasKey(rekey)) {
      knocks.want();
      return false;
    }
    this.#rest();
    if (!isOwn) teller.moved(rekey);
    return true;
  }

  /**
   * Takes a generation that somebody handed on.
   *
   * @returns Whether its key is there now, and was not before.
   */
  async accept({ handed, author }: Handover): Promise<boolean> {
    const { succession, rotations, teller, days } = this.#parts;
    const { chain, chainDay, ...facts } = handed;
    if (chainDay > Math.max(...days()) || this.hasKey(handed)) return false;
    if (handed.generation > succession.current.generation + MAX_MISSED) return false;
    if (!await isChainOf(facts, chain, chainDay)) return false;
    // Who belongs is on disk before the key: without it, all who were put out would be in again.
    await rotations.note({ ...facts, author, newcomers: facts.to });
    await this.#adopt(facts, chain, chainDay);
    succession.follow(handed, author);
    this.#rest();
    teller.caughtUp(handed, author);
    return true;
  }

  async #openBox(rekey: Rekey, author: string): Promise<void> {
    const keys = { sender: bytesOf(author), ephemeralKey: bytesOf(rekey.ephemeralKey) };
    for (const pair of this.#parts.agreement.dayPairs) {
      const chain = await openChain(rekey.boxes, pair, keys);
      if (!chain || !await isChainOf(rekey, chain, rekey.day)) continue;
      return await this.#adopt(rekey, chain, rekey.day);
    }
  }

  async #adopt(facts: GenerationFacts, chain: Bytes, day: number): Promise<void> {
    await this.#parts.keys.adopt({ ...nameOf(facts), day, chain });
  }

  /** Knocks no more if nothing newer is known of. */
  #rest(): void {
    const { succession, knocks } = this.#parts;
    if (this.hasKey(succession.current)) knocks.stop();
  }
}

type Bytes = Uint8Array<ArrayBuffer>;

/** Spells the name of a generation as messages do. */
export function idOf({ number, mark }: GenerationName): GenerationId {
  return { generation: number, mark: formatBase64Url(mark) };
}

/** Spells the name of a generation as the key file does. */
export function nameOf({ generation, mark }: GenerationId): GenerationName {
  return { number: generation, mark: bytesOf(mark) };
}

function bytesOf(spelled: string): Bytes {
  return parseBase64Url(spelled, PUBLIC_KEY_BYTES)!;
}

/** Nobody gets another chain than the others. That of a later day cannot be told. */
async function isChainOf(facts: GenerationFacts, chain: Bytes, day: number): Promise<boolean> {
  return day !== facts.day || isEqual(await markChain(chain), nameOf(facts).mark);
}

function isSame(a: GenerationId, b: GenerationId): boolean {
  return a.generation === b.generation && a.mark === b.mark;
}

function isEqual(a: Bytes, b: Bytes): boolean {
  return formatBase64Url(a) === formatBase64Url(b);
}
