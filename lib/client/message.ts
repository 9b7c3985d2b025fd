/**
 * What is shown of a message that somebody wrote.
 *
 * @module
 */

import type { Age, Message, Trust } from "./events.ts";
import { detailsOf } from "./files/reading.ts";
import type { Opened } from "./reader.ts";

/** What people are shown of a kind of message. Of other kinds nothing is shown as it is. */
const FORMS = { chat: "chat", act: "action", dm: "private" } as const;

/** How a message is shown. */
export interface Shown {
  readonly age: Age;
  readonly trust: Trust;
  /** Whether later messages of its sender were shown before. */
  readonly isLate: boolean;
}

/** The form of a kind of message; undefined if nothing is shown of it as it is. */
export function formOf(kind: string): Message["form"] | undefined {
  return Object.hasOwn(FORMS, kind) ? FORMS[kind as keyof typeof FORMS] : undefined;
}

/**
 * Text of a simple client. Anybody who has the key may have written it.
 *
 * @param time The time of its token, in unix seconds.
 */
export function plainMessage(text: string, age: Age, time: number): Message {
  const nobody = { id: undefined, nickname: undefined, trust: "unverified" } as const;
  return { kind: "message", form: "chat", ...nobody, text, age, time, isLate: false };
}

/**
 * A member's message that has a text.
 *
 * @param ownId This member's key, in base64url.
 */
export function signedMessage(
  opened: Extract<Opened, { readonly kind: "signed" }> & { readonly text: string },
  shown: Shown & { readonly form: Message["form"] },
  ownId: string,
): Message {
  const { header: { id, nickname, epoch, sequence, time }, text } = opened;
  const mark = `${id} ${epoch} ${sequence}`;
  return { kind: "message", id, nickname, text, time, mark, ...shown, ...detailsOf(opened, ownId) };
}
