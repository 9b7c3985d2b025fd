/**
 * Messages as they are shown, and as they are kept.
 *
 * @module
 */

import type { ShownMessage } from "../client/events.ts";
import type { KeptMessage } from "../storage/kept/block.ts";

/** Makes what is kept of a message. */
export function toKept(message: ShownMessage): KeptMessage {
  const { form, id, nickname, text, trust, time, isLate, mark, recipient } = message;
  const known = { form, id, nickname, text, trust, time, isLate };
  return {
    ...known,
    ...mark === undefined ? {} : { mark },
    ...recipient === undefined ? {} : { recipient },
  };
}

/**
 * Makes a message of the past.
 *
 * @param message What was kept of it. Its marks are those that it was shown with.
 * @param ownId This member's key, in base64url.
 */
export function fromKept(message: KeptMessage, ownId: string): ShownMessage {
  const isOwn = message.id === ownId;
  return { kind: "message", ...message, age: "old", isOwn, isMention: false };
}
