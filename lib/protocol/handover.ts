/**
 * What an inviter hands over of a room's secret: the 32 bytes of a room of the first form, or the
 * newest generation with yesterday's value, in 104.
 *
 * @module
 * @see docs/PROTOCOL.md, "Pairing"
 */

import { formatBase64Url } from "../bytes/base64url.ts";
import { concat } from "../bytes/concat.ts";
import { KEY_BYTES } from "../crypto/key.ts";
import { CHAIN_BYTES } from "../crypto/key_chain.ts";
import {
  formatRoomSecret,
  isFirstForm,
  MARK_BYTES,
  parseRoomSecret,
  wipeSecret,
} from "../crypto/room_secret.ts";

/** Bytes of the number of a generation, and of a day. */
const NUMBER_BYTES = 4;
/** Bytes of what is handed over of a room of the second form. */
const SECOND_FORM_BYTES = KEY_BYTES + 2 * NUMBER_BYTES + CHAIN_BYTES + MARK_BYTES;
/** The bytes that a handover may have: of the first form, and of the second. */
export const HANDOVER_BYTES: readonly number[] = [KEY_BYTES, SECOND_FORM_BYTES];

/**
 * Makes the bytes that are handed over.
 *
 * @param text The room's secret, as `formatRoomSecret()` returns it. Of several generations the
 * newest goes alone.
 * @returns 32 bytes of the first form; else root ‖ generation ‖ day ‖ chain ‖ mark. The caller wipes
 * them.
 * @throws {TypeError | RangeError} If `text` is no secret of a room.
 */
export async function formatHandover(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const secret = await parseRoomSecret(text);
  const { root, generations: [{ number, day, chain, mark }] } = secret;
  const numbers = new Uint8Array(2 * NUMBER_BYTES);
  const view = new DataView(numbers.buffer);
  view.setUint32(0, number);
  view.setUint32(NUMBER_BYTES, day);
  const bytes = isFirstForm(secret) ? root.slice() : concat(root, numbers, chain, mark);
  wipeSecret(secret);
  return bytes;
}

/**
 * Reads what `formatHandover()` made.
 *
 * @param bytes Of one of the lengths of {@linkcode HANDOVER_BYTES}.
 * @returns The room's secret, as `formatRoomSecret()` returns it. Undefined if it is none.
 */
export async function parseHandover(bytes: Uint8Array): Promise<string | undefined> {
  if (bytes.length === KEY_BYTES) return `${formatBase64Url(bytes)}=`;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const from = KEY_BYTES + 2 * NUMBER_BYTES;
  const [number, day] = [view.getUint32(KEY_BYTES), view.getUint32(KEY_BYTES + NUMBER_BYTES)];
  const [root, chain] = [bytes.slice(0, KEY_BYTES), bytes.slice(from, from + CHAIN_BYTES)];
  const mark = bytes.slice(from + CHAIN_BYTES);
  if (number === 0) return undefined;
  try {
    const text = formatRoomSecret({ root, generations: [{ number, day, chain, mark }] });
    await parseRoomSecret(text);
    return text;
  } catch {
    return undefined;
  }
}
