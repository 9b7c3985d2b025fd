/**
 * CPace-X25519-SHA512: two sides that know the same few words agree on a key. Whoever listens, or
 * stands between them, learns nothing, and can try one guess with each side.
 *
 * @module
 * @see https://datatracker.ietf.org/doc/html/draft-irtf-cfrg-cpace-21
 */

import { concat } from "../bytes/concat.ts";
import { mapToCurve } from "./elligator2.ts";
import { agree, AGREEMENT_BYTES, importAgreementKey, importAgreementPair } from "./x25519.ts";

/** Bytes of a tag that confirms the key. */
export const CONFIRMATION_BYTES = 64;

const GROUP = encode("CPace255");
const KEY_LABEL = encode("CPace255_ISK");
const MAC_LABEL = encode("CPaceMac");
/** Bytes that SHA-512 takes at once. The password fills them alone, whatever its length. */
const HASH_BLOCK_BYTES = 128;
/** From this length on a length takes more than one byte. */
const LONG_LENGTH = 128;

/** What both sides have to know before. */
export interface CpaceInputs {
  /** The secret that both sides know, such as words. */
  readonly password: Uint8Array;
  /** What is agreed on the key for (CI). */
  readonly channel: Uint8Array;
  /** A number of this session that both sides know (sid); none by default. */
  readonly session?: Uint8Array;
}

/** What one side shows the other. */
export interface CpaceMessage {
  /** The side's share, 32 bytes. */
  readonly share: Uint8Array;
  /** What goes into the key beside the share (AD). */
  readonly associated: Uint8Array;
}

/** The messages of both sides, the same on both. */
export interface Transcript {
  readonly initiator: CpaceMessage;
  readonly responder: CpaceMessage;
}

/**
 * One side of one exchange. It must not be used twice.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const text = new TextEncoder();
 * const inputs = { password: text.encode("cable-dwarf-ship"), channel: text.encode("example") };
 * const [a, b] = [await CpaceSide.begin(inputs), await CpaceSide.begin(inputs)];
 * const transcript = {
 *   initiator: { share: a.share, associated: text.encode("a") },
 *   responder: { share: b.share, associated: text.encode("b") },
 * };
 * assert.deepEqual(await a.finish(b.share, transcript), await b.finish(a.share, transcript));
 * ```
 */
export class CpaceSide {
  /** What the other side gets: 32 bytes. */
  readonly share: Uint8Array<ArrayBuffer>;
  readonly #session: Uint8Array;
  readonly #privateKey: CryptoKey;

  private constructor(session: Uint8Array, privateKey: CryptoKey, share: Uint8Array<ArrayBuffer>) {
    this.#session = session;
    this.#privateKey = privateKey;
    this.share = share;
  }

  /**
   * Begins.
   *
   * @param inputs What both sides know.
   * @param scalar 32 random bytes, which must be new. The caller may wipe them afterwards.
   */
  static async begin(
    inputs: CpaceInputs,
    scalar: Uint8Array = crypto.getRandomValues(new Uint8Array(AGREEMENT_BYTES)),
  ): Promise<CpaceSide> {
    const { privateKey } = await importAgreementPair(scalar);
    const generator = await importAgreementKey(await makeGenerator(inputs));
    return new CpaceSide(
      inputs.session ?? new Uint8Array(),
      privateKey,
      await agree(privateKey, generator),
    );
  }

  /**
   * Works out the key. It is the same on both sides if they began with the same inputs and have the
   * same transcript. Otherwise the keys differ, and no error tells so.
   *
   * @param share The share of the other side, from anybody.
   * @param transcript The messages of both sides.
   * @returns 64 bytes.
   * @throws {RangeError} If the share does not have 32 bytes, or is a point of low order.
   */
  async finish(
    share: Uint8Array,
    { initiator, responder }: Transcript,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const secret = await agree(this.#privateKey, await importAgreementKey(share));
    try {
      return await hash(
        joinWithLengths(KEY_LABEL, this.#session, secret),
        joinWithLengths(initiator.share, initiator.associated),
        joinWithLengths(responder.share, responder.associated),
      );
    } finally {
      secret.fill(0);
    }
  }
}

/**
 * Imports the key with which both sides confirm that they have the same key.
 *
 * @param sessionKey What {@linkcode CpaceSide.finish} returned.
 * @param session The number of this session, as {@linkcode CpaceInputs} have it.
 * @returns An HMAC-SHA512 key. Each side shows the tag of its own message, 64 bytes.
 */
export async function importConfirmationKey(
  sessionKey: Uint8Array,
  session: Uint8Array = new Uint8Array(),
): Promise<CryptoKey> {
  const raw = await hash(MAC_LABEL, session, sessionKey);
  const algorithm = { name: "HMAC", hash: "SHA-512" };
  return await crypto.subtle.importKey("raw", raw, algorithm, false, ["sign", "verify"]);
}

/**
 * Makes the tag with which a side confirms that it has the key.
 *
 * @param key What {@linkcode importConfirmationKey} returned.
 * @param message The message that the side itself sent.
 * @returns 64 bytes.
 */
export async function confirm(
  key: CryptoKey,
  { share, associated }: CpaceMessage,
): Promise<Uint8Array<ArrayBuffer>> {
  const text = joinWithLengths(share, associated);
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, text));
}

/**
 * Tells whether a tag confirms that the other side has the key.
 *
 * @param tag The tag, from anybody.
 * @param message The message that the other side sent.
 */
export async function isConfirmed(
  key: CryptoKey,
  tag: Uint8Array<ArrayBuffer>,
  { share, associated }: CpaceMessage,
): Promise<boolean> {
  return await crypto.subtle.verify("HMAC", key, tag, joinWithLengths(share, associated));
}

/** Makes the point that both sides multiply (the draft's `calculate_generator`): 32 bytes. */
export async function makeGenerator(inputs: CpaceInputs): Promise<Uint8Array<ArrayBuffer>> {
  const digest = await hash(makeGeneratorString(inputs));
  return mapToCurve(digest.subarray(0, AGREEMENT_BYTES));
}

/** The bytes that the generator is made from (the draft's `generator_string`). */
export function makeGeneratorString(
  { password, channel, session = new Uint8Array() }: CpaceInputs,
): Uint8Array<ArrayBuffer> {
  const filled = joinWithLengths(GROUP, password).length;
  const padding = new Uint8Array(Math.max(0, HASH_BLOCK_BYTES - 1 - filled));
  return joinWithLengths(GROUP, password, padding, channel, session);
}

/** Joins byte strings, each with its length before it (the draft's `lv_cat`). */
export function joinWithLengths(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return concat(...parts.flatMap((part) => [formatLength(part.length), part]));
}

/** Writes a length in LEB128: 7 bits a byte, the lowest first. */
function formatLength(length: number): Uint8Array {
  const bytes: number[] = [];
  let rest = length;
  for (; rest >= LONG_LENGTH; rest = Math.floor(rest / LONG_LENGTH)) {
    bytes.push(rest % LONG_LENGTH + LONG_LENGTH);
  }
  return new Uint8Array([...bytes, rest]);
}

async function hash(...parts: readonly Uint8Array[]): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest("SHA-512", concat(...parts)));
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
