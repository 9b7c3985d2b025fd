/**
 * Opens what a client keeps of a room's conversation.
 *
 * @module
 */

import { fromKept } from "../chat/kept_messages.ts";
import type { Keeping } from "../chat/lastlog.ts";
import { parseBase64Url } from "../bytes/base64url.ts";
import { PUBLIC_KEY_BYTES } from "../crypto/ed25519.ts";
import type { Identity } from "../storage/identity.ts";
import { eraseKept } from "../storage/kept/blocks.ts";
import { KeptLog } from "../storage/kept/kept_log.ts";
import { KeptKey } from "../storage/kept/seal.ts";
import type { Warn } from "../storage/private_file.ts";

/** Bytes of a member's key that name its directory. */
const NAME_BYTES = 8;

/** What {@linkcode openKeeping} works with. */
export interface KeepingParts {
  /** How many days messages are kept, 0 to erase those that are; undefined to do neither. */
  readonly days: number | undefined;
  /** The directory of the room's files; undefined if none are kept. */
  readonly directory: string | undefined;
  readonly identity: Identity;
  /** 16 bytes. */
  readonly roomId: Uint8Array;
  /** How many messages of the past are shown at the start. */
  readonly count: number;
  /** The clock, in ms since 1970. */
  readonly now: () => number;
  readonly warn: Warn;
}

/**
 * Opens the messages that are kept, and begins to read the last of them.
 *
 * @returns Undefined if none are kept from now on.
 * @throws {Error} If those that are kept cannot be erased.
 */
export async function openKeeping(parts: KeepingParts): Promise<Keeping | undefined> {
  const { days, directory: roomDirectory, identity, roomId, count, now, warn } = parts;
  if (days === undefined || roomDirectory === undefined) return undefined;
  const { id: ownId, secret } = identity;
  // Another identity of the same user cannot read them.
  const name = parseBase64Url(ownId, PUBLIC_KEY_BYTES)!.subarray(0, NAME_BYTES).toHex();
  const directory = `${roomDirectory}/kept-${name}`;
  if (days === 0) {
    await eraseKept(directory);
    return undefined;
  }
  const key = await KeptKey.derive(secret, roomId);
  const log = new KeptLog({ directory, key, days, now, warn });
  const past = count === 0
    ? Promise.resolve([])
    : log.past(count).then((messages) => messages.map((message) => fromKept(message, ownId)));
  return { log, past, ownId };
}
