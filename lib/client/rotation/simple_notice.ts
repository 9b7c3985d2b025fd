/**
 * What the author of a rotation tells those who write plain text: they can follow nobody.
 *
 * @module
 * @see docs/PROTOCOL.md, "Moving on"
 */

import type { GenerationName } from "../../crypto/room_secret.ts";
import { encrypt } from "../../fernet.ts";
import type { Say } from "../../messages/phrases.ts";
import { frameToken } from "../../protocol/wire.ts";
import type { Author } from "../author.ts";
import type { KeyRing } from "../keys/key_ring.ts";
import type { Link } from "../link.ts";
import type { Reader } from "../reader.ts";

/** What {@linkcode tellSimpleClients} works with. */
export interface NoticeParts {
  readonly keys: Pick<KeyRing, "writing">;
  readonly author: Pick<Author, "nickname">;
  readonly reader: Pick<Reader, "noteOwn">;
  /** Says what they are told. */
  readonly say: Say;
}

/**
 * Writes under the old key, where they read on and find nothing more, how they get the new one.
 *
 * @param parent The generation that the room has left.
 */
export async function tellSimpleClients(
  { keys, author, reader, say }: NoticeParts,
  link: Pick<Link, "write">,
  parent: GenerationName,
): Promise<void> {
  const text = say(
    "the room has a new key: an older chat-client cannot follow, and clients of plain text need the key of each day, which chat-client key --today prints",
  );
  const { key, now } = await keys.writing(parent);
  const plaintext = new TextEncoder().encode(`<${author.nickname}> ${text}`);
  const token = await encrypt(key, plaintext, { now });
  reader.noteOwn(token);
  await link.write(frameToken(token)).catch(() => {});
}
