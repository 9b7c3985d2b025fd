/**
 * What a message says of files.
 *
 * @module
 */

import { parseFileMessage, parseOffer } from "../../protocol/file_messages.ts";
import type { FileNote, Message, Trust } from "../events.ts";
import type { Opened } from "../reader.ts";

type Signed = Extract<Opened, { readonly kind: "signed" }>;

/** Of a text: the file that it offers, and to whom a copy of one's own went; without those, empty. */
export function detailsOf(
  { offer, header: { id, epoch, copyOf } }: Signed,
  ownId: string,
): Pick<Message, "recipientId" | "offered"> {
  const file = offer === undefined ? undefined : parseOffer(offer);
  return {
    ...id === ownId && copyOf !== undefined ? { recipientId: copyOf } : {},
    ...file ? { offered: { epoch, file } } : {},
  };
}

/** What a message of the kind `file` tells this client; empty if it tells another, or nothing. */
export function noteIn({ isForMe, text = "", header }: Signed, trust: Trust): FileNote[] {
  const message = isForMe ? parseFileMessage(text) : undefined;
  const { id, epoch, nickname } = header;
  return message ? [{ kind: "file", id, epoch, nickname, trust, message }] : [];
}
