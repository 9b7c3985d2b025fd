/**
 * What an inviter and a joiner say to each other: they agree on keys with the password of a code,
 * confirm them, and tell each other who they are. The inviter hands over the room's key.
 *
 * @module
 * @see docs/PROTOCOL.md, "Pairing"
 */

import { concat } from "../bytes/concat.ts";
import {
  confirm,
  CONFIRMATION_BYTES,
  type CpaceMessage,
  CpaceSide,
  importConfirmationKey,
  isConfirmed,
} from "../crypto/cpace.ts";
import { deriveBytes, importSecret } from "../crypto/hkdf.ts";
import { label } from "../crypto/signed_bytes.ts";
import { formatHandover, HANDOVER_BYTES, parseHandover } from "./handover.ts";
import {
  formatIntroduction,
  type Introduced,
  type Introduction,
  INTRODUCTION_BYTES,
  readIntroduction,
} from "./introduction.ts";
import type { InvitationCode } from "./invitation_code.ts";

/** Bytes of a box beside what is in it: the tag of AES-GCM. */
const BOX_OVERHEAD_BYTES = 16;
/** Bytes of a nonce of AES-GCM. Each key seals one box, so that the nonce is zero. */
const BOX_NONCE_BYTES = 12;
/** Bytes of what is derived from CPace's key. */
const DERIVED_BYTES = 32;

/** Which side it is. The joiner is CPace's initiator. */
export type PairingRole = "inviter" | "joiner";

/** What the inviter's box holds. */
export interface Handover extends Introduced {
  /** The room's secret, as `formatRoomSecret()` returns it. */
  readonly keyText: string;
}

/**
 * One side of a pairing. It must not be used twice.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const code = { slot: "acorn", password: "cable-dwarf-ship" };
 * const inviter = await PairingSide.begin("inviter", code);
 * const joiner = await PairingSide.begin("joiner", code);
 * const keys = await inviter.agree(joiner.share);
 * assert.ok(await keys.isConfirmed(await (await joiner.agree(inviter.share)).confirm()));
 * ```
 */
export class PairingSide {
  readonly #role: PairingRole;
  readonly #cpace: CpaceSide;

  private constructor(role: PairingRole, cpace: CpaceSide) {
    this.#role = role;
    this.#cpace = cpace;
  }

  /**
   * Begins.
   *
   * @param role Which side this is.
   * @param code The code that both sides have.
   * @param scalar 32 random bytes, which must be new; others in tests.
   */
  static async begin(
    role: PairingRole,
    { slot, password }: InvitationCode,
    scalar?: Uint8Array,
  ): Promise<PairingSide> {
    const inputs = {
      password: encode(password),
      channel: concat(label("encrypted-chatroom/v1 invitation"), encode(slot)),
    };
    return new PairingSide(role, await CpaceSide.begin(inputs, scalar));
  }

  /** What the other side gets: 32 bytes. */
  get share(): Uint8Array<ArrayBuffer> {
    return this.#cpace.share;
  }

  /**
   * Works out the keys that both sides have if both began with the same code.
   *
   * @param share The share of the other side, from anybody.
   * @throws {RangeError} If the share does not have 32 bytes, or is a point of low order.
   */
  async agree(share: Uint8Array): Promise<PairingKeys> {
    const role = this.#role;
    const own = { share: this.share, associated: encode(roleLabel(role)) };
    const other = { share, associated: encode(roleLabel(otherRole(role))) };
    const [initiator, responder] = role === "joiner" ? [own, other] : [other, own];
    const sessionKey = await this.#cpace.finish(share, { initiator, responder });
    const confirmationKey = await importConfirmationKey(sessionKey);
    const secret = await importSecret(sessionKey);
    sessionKey.fill(0);
    return new PairingKeys({ role, confirmationKey, secret, own, other });
  }
}

/** What {@linkcode PairingKeys} are made of. */
interface KeysParts {
  readonly role: PairingRole;
  readonly confirmationKey: CryptoKey;
  /** CPace's key, to derive from. */
  readonly secret: CryptoKey;
  /** What each side showed the other. */
  readonly own: CpaceMessage;
  readonly other: CpaceMessage;
}

/** The keys of one pairing, on one side. {@linkcode PairingSide.agree} makes them. */
export class PairingKeys {
  readonly #parts: KeysParts;

  constructor(parts: KeysParts) {
    this.#parts = parts;
  }

  /** Makes the tag that confirms this side's keys: 64 bytes. */
  async confirm(): Promise<Uint8Array<ArrayBuffer>> {
    return await confirm(this.#parts.confirmationKey, this.#parts.own);
  }

  /** Tells whether a tag, from anybody, confirms that the other side began with the same code. */
  async isConfirmed(tag: Uint8Array): Promise<boolean> {
    if (tag.length !== CONFIRMATION_BYTES) return false;
    return await isConfirmed(this.#parts.confirmationKey, tag.slice(), this.#parts.other);
  }

  /**
   * Seals the one box of this side.
   *
   * @param introduction Who this side is.
   * @param keyText The room's secret, as `formatRoomSecret()` returns it; of the inviter alone.
   * @returns 176 bytes of the inviter, or 248 in a room of the second form; 144 of the joiner.
   */
  async seal(introduction: Introduction, keyText?: string): Promise<Uint8Array<ArrayBuffer>> {
    const { role } = this.#parts;
    const key = keyText === undefined ? new Uint8Array() : await formatHandover(keyText);
    const about = await formatIntroduction(introduction, await this.#signedBytes(role));
    const plaintext = concat(key, about);
    try {
      const { boxKey, algorithm } = await this.#boxKey(role, "encrypt");
      return new Uint8Array(await crypto.subtle.encrypt(algorithm, boxKey, plaintext));
    } finally {
      key.fill(0);
      plaintext.fill(0);
    }
  }

  /** Opens the joiner's box, from anybody. Undefined if it is not one. */
  async openJoiner(box: Uint8Array): Promise<Introduced | undefined> {
    const plaintext = await this.#open(box, [INTRODUCTION_BYTES]);
    return plaintext && await readIntroduction(plaintext, await this.#signedBytes("joiner"));
  }

  /** Opens the inviter's box, from anybody. Undefined if it is not one. */
  async openInviter(box: Uint8Array): Promise<Handover | undefined> {
    const lengths = HANDOVER_BYTES.map((length) => length + INTRODUCTION_BYTES);
    const plaintext = await this.#open(box, lengths);
    if (!plaintext) return undefined;
    const [key, about] = [
      plaintext.subarray(0, -INTRODUCTION_BYTES),
      plaintext.slice(-INTRODUCTION_BYTES),
    ];
    const inviter = await readIntroduction(about, await this.#signedBytes("inviter"));
    const keyText = await parseHandover(key);
    plaintext.fill(0);
    return inviter && keyText !== undefined ? { ...inviter, keyText } : undefined;
  }

  async #open(
    box: Uint8Array,
    lengths: readonly number[],
  ): Promise<Uint8Array<ArrayBuffer> | undefined> {
    if (!lengths.includes(box.length - BOX_OVERHEAD_BYTES)) return undefined;
    const { boxKey, algorithm } = await this.#boxKey(otherRole(this.#parts.role), "decrypt");
    try {
      return new Uint8Array(await crypto.subtle.decrypt(algorithm, boxKey, box.slice()));
    } catch {
      // The box was made with another key, or was changed.
      return undefined;
    }
  }

  async #boxKey(role: PairingRole, usage: "encrypt" | "decrypt") {
    const raw = await this.#derive(`${roleLabel(role)} box`);
    const boxKey = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, [usage]);
    raw.fill(0);
    return { boxKey, algorithm: { name: "AES-GCM", iv: new Uint8Array(BOX_NONCE_BYTES) } };
  }

  /** What a side signs with its id: nobody else knows it, and no other pairing has it. */
  async #signedBytes(role: PairingRole): Promise<Uint8Array<ArrayBuffer>> {
    return concat(label(roleLabel(role)), await this.#derive(`${roleLabel(role)} id`));
  }

  async #derive(info: string): Promise<Uint8Array<ArrayBuffer>> {
    return await deriveBytes(this.#parts.secret, encode(info), DERIVED_BYTES);
  }
}

function otherRole(role: PairingRole): PairingRole {
  return role === "inviter" ? "joiner" : "inviter";
}

function roleLabel(role: PairingRole): string {
  return `encrypted-chatroom/v1 invitation ${role}`;
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
