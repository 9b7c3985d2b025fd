/**
 * Has a script write under the room's newest key, or not at all.
 *
 * @module
 */

import type { Mover } from "../client/rotation/mover.ts";
import { ChatError } from "../errors.ts";
import type { Say } from "../messages/phrases.ts";
import { worded } from "../messages/wording.ts";

/** What {@linkcode openGate} reads and calls. */
export interface GateParts {
  readonly mover: Pick<Mover, "catchUp" | "standing">;
  /** Whether a member that was put out may write: others tell the user that nobody reads it. */
  readonly mayBeOut: boolean;
  /** Writes a line to standard error. */
  readonly report: (line: string) => void;
  readonly say: Say;
}

/**
 * Makes the function that a script calls before it writes. The first call waits until the newest key
 * is there, for some seconds at most; each later one only looks whether the member was put out since.
 *
 * @returns A function that rejects with a `ChatError` if this member does not belong to the room any
 * more.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { sayIn } from "../messages/say.ts";
 * const standing = "put out" as const;
 * const mover = { catchUp: () => Promise.resolve(standing), standing };
 * const parts = { mover, report: () => {}, say: sayIn("en") };
 * await assert.rejects(openGate({ ...parts, mayBeOut: false })(), /^ChatError: Cannot send: /);
 * await openGate({ ...parts, mayBeOut: true })();
 * ```
 */
export function openGate({ mover, mayBeOut, report, say }: GateParts): () => Promise<void> {
  let first: Promise<void> | undefined;
  const catchUp = async () => {
    if (await mover.catchUp() !== "behind") return;
    report(say("nobody here has given you the room's new key: the message is under an older one"));
  };
  return async () => {
    await (first ??= catchUp());
    if (mover.standing !== "put out" || mayBeOut) return;
    throw new ChatError(worded("Cannot send: the room has a new key that is not for you"), {
      hint: worded("Ask a member for an invitation."),
    });
  };
}
