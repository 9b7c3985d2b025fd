/**
 * Inviting over a connection of its own.
 *
 * @module
 * @see docs/PROTOCOL.md, "Invitations"
 */

import { RefusedError } from "../../errors.ts";
import { Link, type LinkOptions } from "../link.ts";
import { Invitations, type OpenInvitation } from "./invitations.ts";
import type { InviterParts } from "./inviter_talk.ts";

/** The relay, the room, and who invites. */
export interface InviteOptions extends Omit<LinkOptions, "backlog">, Omit<InviterParts, "code"> {
  /** Is told the relay's clock, in unix seconds, once this client is in. */
  readonly onWelcome?: (time: number) => void;
}

/** An invitation with a connection of its own. */
export type StandingInvitation = OpenInvitation & Disposable;

/**
 * Connects as a member, and opens an invitation. The connection ends with it.
 *
 * @throws {InviteError} If the relay gives no slot.
 * @throws {ChatError} If no relay answers, or if it refuses this client.
 */
export async function invite(options: InviteOptions): Promise<StandingInvitation> {
  const link = await Link.connect({ ...options, backlog: 0 });
  options.onWelcome?.(link.welcome.time);
  const invitations = new Invitations(options);
  // It never rejects: an invitation says by itself that the connection is gone.
  const serving = serve(link, invitations);
  try {
    const invitation = await invitations.invite();
    const close = () => link[Symbol.dispose]();
    // The last line is written before the connection ends.
    invitation.joined.finally(() => link.finish().catch(close)).catch(() => {});
    return { ...invitation, [Symbol.dispose]: close };
  } catch (error) {
    link[Symbol.dispose]();
    throw await serving ?? error;
  }
}

/** Feeds invitations until the connection ends. Returns the error that the relay states. */
async function serve(link: Link, invitations: Invitations): Promise<RefusedError | undefined> {
  using _link = link;
  using _attached = invitations.attach(link);
  let refusal: RefusedError | undefined;
  try {
    for await (const events of link.events()) {
      for (const event of events) {
        if (event.kind !== "control") continue;
        const { control } = event;
        if (control.verb === "PING") link.answer(control.n);
        if (control.verb === "ERR") refusal = new RefusedError(control.error);
        invitations.take(control);
      }
    }
  } catch {
    // The connection broke.
  }
  return refusal;
}
