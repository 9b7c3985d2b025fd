/**
 * Names of rooms, which are names of directories too.
 *
 * @module
 */

import { UsageError } from "../errors.ts";
import { worded } from "../messages/wording.ts";
import { MAX_ROOM_NAME_CHARS } from "./limits.ts";

/** Words that mean something else where a room's name could stand. */
export const RESERVED_NAMES: readonly string[] = [
  ...[
    "admission",
    "completions",
    "config",
    "help",
    "identity",
    "invite",
    "join",
    "key",
    "man",
    "rooms",
    "rotate",
  ],
  ...["send-file", "take", "version"],
];

/** Names that Windows gives to devices, also with an ending. */
const DEVICES = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/;
const NAME = /^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/i;

/**
 * Reads the name of a room.
 *
 * @param text The name, in any case.
 * @returns The name in lower case: some file systems take `A` and `a` for one name. Undefined if no
 * room can have the name.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(parseRoomName("Friends"), "friends");
 * assert.equal(parseRoomName("../friends"), undefined);
 * ```
 */
export function parseRoomName(text: string): string | undefined {
  const name = text.toLowerCase();
  const isSafe = text.length <= MAX_ROOM_NAME_CHARS && NAME.test(text) && !DEVICES.test(name);
  return isSafe ? name : undefined;
}

/**
 * Reads the name of a new room.
 *
 * @param text The name, in any case.
 * @returns The name in lower case.
 * @throws {UsageError} If no new room can have the name.
 */
export function parseNewRoomName(text: string): string {
  const name = parseRoomName(text);
  const shown = JSON.stringify(text);
  if (name === undefined) {
    throw new UsageError(
      worded("Not a name for a room: {text}", { text: shown }),
      worded("Use up to {most} letters from a to z, digits, and - _ . between them.", {
        most: MAX_ROOM_NAME_CHARS,
      }),
    );
  }
  if (!RESERVED_NAMES.includes(name)) return name;
  throw new UsageError(
    worded("Not a name for a room: {text}", { text: shown }),
    worded("It is a command of chat-client: choose another name."),
  );
}

/**
 * Proposes a name for a room.
 *
 * @param hostname The host name or the IP address of its server.
 * @param number The how-manieth proposal, from 1.
 * @returns Such as `192.168.1.20`, then `192.168.1.20-2`.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(proposeRoomName("Chat.example.org", 1), "chat.example.org");
 * assert.equal(proposeRoomName("fe80::1%eth0", 2), "fe80-1-eth0-2");
 * ```
 */
export function proposeRoomName(hostname: string, number: number): string {
  const ending = number === 1 ? "" : `-${number}`;
  const plain = hostname.toLowerCase().replaceAll(/[^a-z0-9._-]+/g, "-");
  const cut = trim(trim(plain).slice(0, MAX_ROOM_NAME_CHARS - ending.length));
  const name = parseRoomName(cut) ?? "room";
  // Such as of `::1`: a number says nothing.
  if (/^[0-9]+$/.test(name)) return `room-${name}${ending}`;
  return `${RESERVED_NAMES.includes(name) ? `${name}-room` : name}${ending}`;
}

function trim(name: string): string {
  return name.replaceAll(/^[._-]+|[._-]+$/g, "");
}
