/**
 * Puts together what follows a room to new generations of its key.
 *
 * @module
 */

import type { Say } from "../../messages/phrases.ts";
import { MAX_REKEY_MEMBERS } from "../../protocol/rekey.ts";
import type { KeyStore } from "../../storage/key_store.ts";
import type { Pins } from "../../storage/pins.ts";
import type { Rotations } from "../../storage/rotations.ts";
import type { Author } from "../author.ts";
import type { Delivery } from "../delivery.ts";
import type { RoomEvent } from "../events.ts";
import type { Phase } from "../phase.ts";
import type { AgreementRing } from "../keys/agreement_ring.ts";
import type { KeyRing } from "../keys/key_ring.ts";
import type { Opened, Reader } from "../reader.ts";
import type { Roster } from "../roster.ts";
import { Hearing } from "./hearing.ts";
import { Knocks } from "./knocks.ts";
import { Lobby } from "./lobby.ts";
import { Mover } from "./mover.ts";
import { idOf, Opener } from "./opener.ts";
import { Rotator } from "./rotator.ts";
import { Succession } from "./succession.ts";
import { Teller } from "./teller.ts";

/** What {@linkcode openRotation} puts together. */
export interface RotationSetup {
  readonly rotations: Rotations;
  readonly agreement: AgreementRing;
  /** This member's Ed25519 key, in base64url, and its private half. */
  readonly own: { readonly id: string; readonly privateKey: CryptoKey };
  /** 16 bytes. */
  readonly roomId: Uint8Array;
  readonly keys: KeyRing;
  /** The key file. */
  readonly store: Pick<KeyStore, "isKept" | "probe">;
  readonly pins: Pins;
  readonly roster: Roster;
  readonly author: Author;
  readonly delivery: Delivery;
  readonly reader: Reader;
  readonly show: (opened: Opened, phase: Phase) => RoomEvent[];
  readonly hides: (phase: Phase) => boolean;
  readonly persist: () => Promise<void>;
  readonly days: () => readonly number[];
  readonly hasTime: () => boolean;
  readonly say: Say;
  readonly now: () => number;
  readonly monotonic: () => number;
  readonly random: () => number;
}

/** The parts that others use. */
export interface Rotation {
  readonly hearing: Hearing;
  readonly mover: Mover;
  readonly rotator: Rotator;
}

/** Makes the parts. */
export function openRotation(setup: RotationSetup): Rotation {
  const { rotations, own, keys, pins, roster, store } = setup;
  const ownId = own.id;
  const known = keys.generations.map(idOf).map((id) => ({ ...rotations.find(id), ...id }));
  // What was followed before, and what this client has not got the key of. An own one without a key
  // was never told: this client was killed, or could not write the key.
  const wanted = rotations.all.filter(({ to, author }) => to.includes(ownId) && author !== ownId);
  const succession = new Succession(ownId, [...known, ...wanted]);
  const lobby = new Lobby({ ...setup, key: () => keys.lobbyKey() });
  const teller = new Teller({ ownId, succession, pins, roster });
  const hand = async () => {
    const { chain, day: chainDay, ...name } = await keys.forNewcomer();
    const known = rotations.find(idOf(name));
    if (!known) return undefined;
    const { author: _, newcomers, to, ...facts } = known;
    const members = [...new Set([...to, ...newcomers])].slice(0, MAX_REKEY_MEMBERS);
    return { ...facts, to: members, chain, chainDay };
  };
  const knocks = new Knocks({
    ...{ ...setup, lobby, succession, ownId, hand },
    writing: () => idOf(keys.current),
    isTrusted: (id) => id === ownId || pins.nicknameOf(id) !== undefined,
    members: () => roster.size,
  });
  const parts = { ...setup, ownId, succession, lobby, knocks, teller };
  const opener = new Opener(parts);
  const hearing = new Hearing({ ...parts, opener });
  const rotator = new Rotator({ ...parts, isKept: store.isKept && rotations.isKept });
  return { hearing, rotator, mover: new Mover({ ...parts, opener, hearing, rotator }) };
}
