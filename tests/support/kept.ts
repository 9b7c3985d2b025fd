/**
 * Messages that are kept, and what keeps them.
 *
 * @module
 */

import { importSecret } from "../../lib/crypto/hkdf.ts";
import type { KeptMessage } from "../../lib/storage/kept/block.ts";
import { KeptLog, type KeptLogParts } from "../../lib/storage/kept/kept_log.ts";
import { KeptKey } from "../../lib/storage/kept/seal.ts";
import { collectWarnings } from "./wordings.ts";

/** A member's key. */
export const ID = "F8t5-ytBIPKx7GXkGY1uCLKOgT_rAeSkAIObheGAgM4";
export const DAY_MS = 86_400_000;

/** A message with a text and a number. */
export function kept(text: string, number: number, more: Partial<KeptMessage> = {}): KeptMessage {
  return {
    ...{ form: "chat", id: ID, nickname: "alice", text, trust: "verified" },
    ...{ time: 1785571200 + number, isLate: false, mark: `${ID} AZ-8VkwAAAE ${number}` },
    ...more,
  };
}

/** The key of a member, each with another first byte. */
export async function makeKey(first = 1): Promise<KeptKey> {
  const secret = await importSecret(new Uint8Array(64).fill(first));
  return await KeptKey.derive(secret, new Uint8Array(16));
}

/** Opens a log, and collects what it warns of. */
export async function openLog(
  directory: string,
  more: Partial<KeptLogParts> = {},
): Promise<{ log: KeptLog; warnings: string[] }> {
  const { warnings, warn } = collectWarnings();
  const key = await makeKey();
  const parts = { directory, key, days: 30, now: () => 1785571200_000, warn };
  return { log: new KeptLog({ ...parts, ...more }), warnings };
}

/** The texts of the last messages that are kept. */
export async function pastOf(directory: string, more?: Partial<KeptLogParts>): Promise<string[]> {
  const { log } = await openLog(directory, more);
  const past = await log.past(100_000);
  await log.close();
  return past.map(({ text }) => text);
}
