/**
 * Epochs: the names of runs of members' clients.
 *
 * @module
 * @see docs/PROTOCOL.md, "Envelope"
 */

import { formatBase64Url, parseBase64Url } from "../bytes/base64url.ts";
import { EPOCH_BYTES } from "./header.ts";

/** Makes the epoch of a run that begins now: 48 bits of the time in ms since 1970, and 16 random bits. */
export function makeEpoch(now: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(EPOCH_BYTES));
  const view = new DataView(bytes.buffer);
  view.setUint16(0, Math.floor(now / 2 ** 32));
  view.setUint32(2, now % 2 ** 32);
  return formatBase64Url(bytes);
}

/**
 * Tells when a run began, by its author's clock.
 *
 * @param epoch 8 bytes in base64url.
 * @returns In ms since 1970.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(epochTime(makeEpoch(1_785_571_200_000)), 1_785_571_200_000);
 * ```
 */
export function epochTime(epoch: string): number {
  const view = new DataView(parseBase64Url(epoch, EPOCH_BYTES)!.buffer);
  return view.getUint16(0) * 2 ** 32 + view.getUint32(2);
}
