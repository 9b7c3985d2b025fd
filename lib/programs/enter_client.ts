/**
 * From the options of a client to a room.
 *
 * @module
 */

import { Members } from "../chat/members.ts";
import type { ClientOptions } from "../cli/client_options.ts";
import { type Entered, enterRoom } from "../client/enter.ts";
import { deriveRoomKey } from "../crypto/room_key.ts";
import type { Say } from "../messages/phrases.ts";
import { createIdentity, type Identity, openIdentity } from "../storage/identity.ts";
import { Pins } from "../storage/pins.ts";
import type { Warn } from "../storage/private_file.ts";
import { SeenStore } from "../storage/seen_store.ts";
import { roomDirectory } from "../storage/state_paths.ts";

/** Messages of the past that a client asks for by itself. */
export const DEFAULT_BACKLOG_REQUEST = 200;
/** How long a client at a terminal tries to connect again, in ms. */
export const TERMINAL_RECONNECT_MS = 86_400_000;
/** How long a client in a script tries to connect again, in ms. */
export const PIPE_RECONNECT_MS = 300_000;

/** What a room is entered with. */
export interface ClientEntry {
  readonly options: ClientOptions;
  readonly nickname: string;
  /** The room's key, 44 characters. */
  readonly keyText: string;
  /** The directory of the member's files; undefined to keep none. */
  readonly state: string | undefined;
  /** Whether a person waits for what comes. */
  readonly isTerminal: boolean;
  readonly say: Say;
  readonly warn: Warn;
  /** Does something before the process ends. */
  readonly before: (farewell: () => Promise<unknown>) => void;
}

/** A room that a client has entered. */
export interface ClientRoom extends Entered {
  readonly members: Members;
  readonly pins: Pins;
  /** The room's key, as people compare it. */
  readonly fingerprint: string;
}

/**
 * Enters the room, with the identity and the memory that are on disk.
 *
 * @param entry With what.
 * @throws {ChatError} If there is no relay, it refuses, or a file cannot be used.
 */
export async function enterAsClient(entry: ClientEntry): Promise<ClientRoom> {
  const { options, nickname, keyText, state, isTerminal, say, warn, before } = entry;
  const room = await deriveRoomKey(keyText);
  const directory = state && roomDirectory(state, room.roomId);
  const identity = await openMember(options, state, warn);
  const pins = await Pins.open(directory && `${directory}/pins`, warn);
  const seenStore = await SeenStore.open(directory, warn);
  before(() => pins[Symbol.asyncDispose]());
  before(() => seenStore[Symbol.asyncDispose]());
  // Who sends one message reads nothing, and a bot asks for the past if it wants it.
  const isScript = options.json || options.send !== undefined;
  const wantsPast = !isScript && (isTerminal || options.stay);
  const entered = await enterRoom({
    ...options.address,
    ...{ keyText, room, identity, pins, seenStore, nickname, say },
    isPlain: options.plain,
    isBrief: options.send !== undefined,
    backlog: options.backlog ?? (wantsPast ? DEFAULT_BACKLOG_REQUEST : 0),
    reconnectMs: options.reconnectMs ?? (isTerminal ? TERMINAL_RECONNECT_MS : PIPE_RECONNECT_MS),
  });
  before(() => entered.room.leaveQuickly());
  const members = new Members({ roster: entered.roster, pins, ownId: identity.id, say });
  return { ...entered, members, pins, fingerprint: room.fingerprint };
}

async function openMember(
  { ephemeral, identityPath }: ClientOptions,
  state: string | undefined,
  warn: Warn,
): Promise<Identity> {
  const path = identityPath ?? (state && `${state}/identity`);
  if (ephemeral || path === undefined) return await createIdentity();
  return (await openIdentity(path, warn)).identity;
}
