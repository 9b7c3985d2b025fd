/**
 * Links to a room, with an invitation code: `chatroom://127.0.0.1:5050/#acorn-cable-dwarf-ship`.
 *
 * @module
 * @see docs/PROTOCOL.md, "Invitations"
 */

import { UsageError } from "../errors.ts";
import { worded } from "../messages/wording.ts";
import { formatCode, type InvitationCode, parseCode } from "../protocol/invitation_code.ts";
import { formatHostPort } from "../text/host_port.ts";
import { type Address, parseConnectPort, parseHostname } from "./address.ts";

const SCHEME = "chatroom://";

/** Where to go, and with which code. */
export interface RoomLink extends Address {
  readonly code: InvitationCode;
}

/** Tells whether a text is meant as a link. */
export function isRoomLink(text: string): boolean {
  return text.trimStart().toLowerCase().startsWith(SCHEME);
}

/** Writes a link. */
export function formatRoomLink({ hostname, port, code }: RoomLink): string {
  return `${SCHEME}${formatHostPort(hostname, port)}/#${formatCode(code)}`;
}

/**
 * Reads a link. The code in it may be written in any way that `parseCode()` reads.
 *
 * @throws {UsageError} If the text is no such link.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(await parseRoomLink("chatroom://[::1]:5050/#acorn-cable-dwarf-ship"), {
 *   hostname: "::1",
 *   port: 5050,
 *   code: { slot: "acorn", password: "cable-dwarf-ship" },
 * });
 * ```
 */
export async function parseRoomLink(text: string): Promise<RoomLink> {
  const [, hostname, port, code] =
    /^chatroom:\/\/(\[[^\]]*\]|[^:[\]/#]+):([0-9]+)\/?#(.*)$/i.exec(text.trim()) ?? [];
  if (hostname === undefined || port === undefined || code === undefined) {
    throw new UsageError(
      worded("Not a link to a room: {text}", { text: JSON.stringify(text) }),
      worded("A link looks like {link}.", { link: `${SCHEME}127.0.0.1:5050/#...` }),
    );
  }
  return {
    hostname: parseHostname(hostname),
    port: parseConnectPort(port),
    code: await parseCode(decodeSpaces(code)),
  };
}

/** Some programs write a space in a link as `%20`. */
function decodeSpaces(code: string): string {
  return code.replaceAll("%20", " ");
}
