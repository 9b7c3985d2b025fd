/**
 * How an invitation can fail, on either side.
 *
 * @module
 * @see docs/PROTOCOL.md, "Invitations"
 */

import { ChatError } from "../../errors.ts";
import { worded, type Wording } from "../../messages/wording.ts";

/** What went wrong, and what the user can do about it. */
type Explanation = readonly [wording: Wording, hint?: Wording];

const ANOTHER_CODE = worded("Make another code.");
const ASK_AGAIN = worded("Ask for another code: this one is used up.");

/** How it ends for the one who invites. */
const INVITING = {
  off: [worded("Cannot invite: this server lets no member invite")],
  full: [
    worded("Cannot invite: too many invitations are open"),
    worded(
      "You may have 3, all at your address 12, and all members 32. One ends when it was used, or after 10 minutes.",
    ),
  ],
  "old relay": [
    worded("Cannot invite: the server is too old for invitations"),
    worded("Ask who runs the server for a newer version."),
  ],
  unanswered: [worded("Cannot invite: the server does not answer")],
  expired: [worded("Invitation over: nobody came in time"), ANOTHER_CODE],
  withdrawn: [worded("Invitation over: it was withdrawn")],
  lost: [worded("Invitation over: the connection was lost"), ANOTHER_CODE],
  "wrong code": [
    worded("Invitation over: somebody came with a wrong code"),
    worded("If it was not your friend, somebody guesses. Make another code."),
  ],
  "other gone": [worded("Invitation over: who came left before the end"), ANOTHER_CODE],
  "no introduction": [
    worded("Invitation over: somebody has the key, and did not say who they are"),
    worded("Ask your friend. If it was somebody else, make a new room."),
  ],
} as const satisfies Record<string, Explanation>;

/** How it ends for the one who joins. */
const JOINING = {
  "no slot": [
    worded("Cannot join: nobody waits there with this code"),
    worded("Check the first word. A code is good for 10 minutes, and once."),
  ],
  "slot used": [
    worded("Cannot join: this code was used already"),
    worded("If it was not you, tell who invited you: somebody else has the code."),
  ],
  "wrong code": [worded("Cannot join: the code is wrong"), ASK_AGAIN],
  "other gone": [worded("Cannot join: who invited you is gone"), ASK_AGAIN],
  unanswered: [worded("Cannot join: who invited you does not answer"), ASK_AGAIN],
  garbled: [
    worded("Cannot join: the answer makes no sense"),
    worded("Do not trust this server. Ask for another code."),
  ],
  "old relay": [
    worded("Cannot join: the server is too old for invitations"),
    worded("Ask for the key file, or who runs the server for a newer version."),
  ],
  paused: [
    worded("Cannot join: too many wrong codes from your address"),
    worded("Try again in a minute."),
  ],
} as const satisfies Record<string, Explanation>;

/** How an invitation can fail for the one who invites. */
export type InviteFailure = keyof typeof INVITING;
/** How an invitation can fail for the one who joins. */
export type JoinFailure = keyof typeof JOINING;

/** An invitation failed. */
export class InviteError extends ChatError {
  override readonly name = "InviteError";

  /**
   * @param failure How it failed.
   * @param options `cause`: the error underneath.
   */
  constructor(readonly failure: InviteFailure, options?: ErrorOptions) {
    const [wording, hint]: Explanation = INVITING[failure];
    super(wording, { ...options, hint });
  }
}

/** Joining failed. */
export class JoinError extends ChatError {
  override readonly name = "JoinError";

  /** @param failure How it failed. */
  constructor(readonly failure: JoinFailure) {
    const [wording, hint]: Explanation = JOINING[failure];
    super(wording, { hint });
  }
}
