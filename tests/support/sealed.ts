/**
 * Messages of members, signed and encrypted beforehand: so a room can be flooded from a process
 * that has no time to lose.
 *
 * @module
 */

import { deriveRoomKey } from "../../lib/crypto/room_key.ts";
import { encrypt, importKey } from "../../lib/fernet.ts";
import { sealEnvelope } from "../../lib/protocol/envelope.ts";
import { createIdentity } from "../../lib/storage/identity.ts";
import type { RawClient } from "./raw_client.ts";

/** Sealed at once; more would only wait for the same threads. */
const IN_FLIGHT = 64;

/** What is to be sealed. */
export interface SealOptions {
  /** 44 characters. */
  readonly keyText: string;
  /** Who writes, in turns. */
  readonly nicknames: readonly string[];
  readonly texts: readonly string[];
}

/** Seals messages as the client does; each is a line with its LF. */
export async function sealMessages(
  { keyText, nicknames, texts }: SealOptions,
): Promise<string[]> {
  const key = await importKey(keyText);
  const { roomId } = await deriveRoomKey(keyText);
  const identities = await Promise.all(nicknames.map(() => createIdentity()));
  const time = Math.floor(Date.now() / 1000);
  const epoch = "AZ-8VkwAAAE";
  const seal = async (text: string, i: number) => {
    const { id, signing: { privateKey } } = identities[i % nicknames.length]!;
    const nickname = nicknames[i % nicknames.length]!;
    const sequence = Math.floor(i / nicknames.length);
    const fields = { kind: "chat", text, id, nickname, epoch, sequence, time } as const;
    return await encrypt(key, await sealEnvelope(fields, { privateKey, roomId })) + "\n";
  };
  const lines: string[] = [];
  for (let i = 0; i < texts.length; i += IN_FLIGHT) {
    lines.push(
      ...await Promise.all(texts.slice(i, i + IN_FLIGHT).map((text, k) => seal(text, i + k))),
    );
  }
  return lines;
}

/**
 * Sends lines to a relay at an even rate.
 *
 * @param client Over which connection.
 * @param lines Each with its LF.
 * @param perSecond How many; they go out ten times a second.
 * @returns When each line was sent, in ms since 1970.
 */
export async function pour(
  client: RawClient,
  lines: readonly string[],
  perSecond: number,
): Promise<number[]> {
  const began = Date.now();
  const share = Math.ceil(perSecond / 10);
  const sent: number[] = [];
  for (let i = 0; i < lines.length; i += share) {
    const wait = began + i / perSecond * 1000 - Date.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    const part = lines.slice(i, i + share);
    const now = Date.now();
    await client.send(part.join(""));
    sent.push(...part.map(() => now));
  }
  return sent;
}
