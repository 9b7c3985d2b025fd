/**
 * Links to a room, with an invitation code: `chatroom://127.0.0.1:5050/#acorn-cable-dwarf-ship`. With
 * `chatrooms` the server is reached over TLS. A path then names the host that its certificate is for;
 * without a path it is the certificate of the room.
 *
 * @module
 * @see docs/PROTOCOL.md, "Invitations"
 */

import { UsageError } from "../errors.ts";
import { worded } from "../messages/wording.ts";
import { formatCode, type InvitationCode, parseCode } from "../protocol/invitation_code.ts";
import { formatHostPort } from "../text/host_port.ts";
import { type Address, parseConnectPort, parseHostname } from "./address.ts";
import type { TlsChoice } from "./tls_options.ts";

const SCHEME = "chatroom://";
const TLS_SCHEME = "chatrooms://";

/** Where to go, and with which code. */
export interface RoomLink extends Address {
  readonly code: InvitationCode;
  /** How the server is reached over TLS; undefined for without. */
  readonly tls?: Pick<TlsChoice, "name">;
}

/** Tells whether a text is meant as a link. */
export function isRoomLink(text: string): boolean {
  const start = text.trimStart().toLowerCase();
  return [SCHEME, TLS_SCHEME].some((scheme) => start.startsWith(scheme));
}

/** Writes a link. */
export function formatRoomLink({ hostname, port, code, tls }: RoomLink): string {
  const scheme = tls ? TLS_SCHEME : SCHEME;
  return `${scheme}${formatHostPort(hostname, port)}/${tls?.name ?? ""}#${formatCode(code)}`;
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
  const [, secure, hostname, port, name, code] =
    /^chatroom(s?):\/\/(\[[^\]]*\]|[^:[\]/#]+):([0-9]+)\/?([^/#]*)\/?#(.*)$/i.exec(text.trim()) ??
      [];
  const isOdd = secure === "" && name !== "";
  if (hostname === undefined || port === undefined || code === undefined || isOdd) {
    throw new UsageError(
      worded("Not a link to a room: {text}", { text: JSON.stringify(text) }),
      worded("A link looks like {link}.", { link: `${SCHEME}127.0.0.1:5050/#...` }),
    );
  }
  return {
    hostname: parseHostname(hostname),
    port: parseConnectPort(port),
    code: await parseCode(decodeSpaces(code)),
    ...secure ? { tls: { name: name ? parseHostname(name) : undefined } } : {},
  };
}

/** Some programs write a space in a link as `%20`. */
function decodeSpaces(code: string): string {
  return code.replaceAll("%20", " ");
}
