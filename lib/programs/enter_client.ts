/**
 * Enters a room, with the options and the files of a client.
 *
 * @module
 */

import type { Keeping } from "../chat/lastlog.ts";
import { describeOffer } from "../chat/describe_files.ts";
import { Members } from "../chat/members.ts";
import type { ClientOptions } from "../cli/client_options.ts";
import { type Entered, enterRoom } from "../client/enter.ts";
import { FileDesk } from "../client/files/desk.ts";
import { LOOK_BACK_TOKENS, MISSED_BACKLOG } from "../client/limits.ts";
import { deriveRoomKey } from "../crypto/room_key.ts";
import type { ChatError } from "../errors.ts";
import type { Say } from "../messages/phrases.ts";
import { worded } from "../messages/wording.ts";
import { createIdentity, type Identity, openIdentity } from "../storage/identity.ts";
import { openMemberState } from "../storage/member_state.ts";
import { claimRoomDirectory } from "../storage/ownership.ts";
import type { KeyStore } from "../storage/key_store.ts";
import type { Pins } from "../storage/pins.ts";
import type { Warn } from "../storage/private_file.ts";
import { roomDirectory } from "../storage/state_paths.ts";
import { openSecure } from "./secure_link.ts";
import { openKeeping } from "./keeping.ts";

/** Past messages that a client asks for, unless `--backlog` says otherwise. */
export const DEFAULT_BACKLOG_REQUEST = 200;
/** How long a client at a terminal tries to connect again, in ms. */
export const TERMINAL_RECONNECT_MS = 86_400_000;
/** Time, in ms, before a client with piped input says that it is here: most are gone by then. */
export const PIPE_QUIET_MS = 3000;
/** How long a client without a terminal tries to connect again, in ms. */
export const PIPE_RECONNECT_MS = 300_000;

/** What {@linkcode enterAsClient} reads and calls. */
export interface ClientEntry {
  readonly options: ClientOptions;
  readonly nickname: string;
  /** The room's secret, as `formatRoomSecret()` returns it. */
  readonly keyText: string;
  /** Where it is kept when it moves on. */
  readonly keyStore?: KeyStore;
  /** The directory of the user's files; undefined if none are kept. */
  readonly state: string | undefined;
  /** Whether a person reads what comes, at a terminal. */
  readonly isTerminal: boolean;
  /** Where files of others lie that the user takes; undefined if there is no such place. */
  readonly downloads: string | undefined;
  /** Whether a script offers a file, and waits for members that may come later. */
  readonly isOffering: boolean;
  /** Whether a script runs the client: its first connection is then waited for. */
  readonly isScript: boolean;
  readonly say: Say;
  readonly warn: Warn;
  /** Adds what is to be done before the process ends. */
  readonly before: (farewell: () => Promise<unknown>) => void;
}

/** A room that the client is in. */
export interface ClientRoom extends Entered {
  readonly members: Members;
  readonly pins: Pins;
  /** Messages that outlive this run; undefined if none do. */
  readonly keeping: Keeping | undefined;
  readonly files: FileDesk;
  /** The fingerprint of the room's key, which people compare. */
  readonly fingerprint: string;
}

/** How long the client keeps to itself who it is: a script that ends soon is no visitor. */
function chooseQuietMs({ json, send, stay }: ClientOptions, isTerminal: boolean): number {
  if (send !== undefined) return Infinity;
  return json || stay || isTerminal ? 0 : PIPE_QUIET_MS;
}

/**
 * Enters a room, with the identity, the pins and the seen messages that are on disk.
 *
 * @throws {ChatError} If the relay cannot be reached, the relay refuses the client, or a file cannot
 * be used.
 */
export async function enterAsClient(entry: ClientEntry): Promise<ClientRoom> {
  const { options, nickname, keyText, keyStore, state, isTerminal, say, warn, before } = entry;
  const room = await deriveRoomKey(keyText);
  const directory = state && roomDirectory(state, room.roomId);
  if (directory !== undefined) await claimRoomDirectory(directory, warn);
  const identity = await openMember(options, state, warn);
  // A client with --send shows nothing. A bot asks for past messages itself, if it wants them.
  const hasReader = !options.json && options.send === undefined;
  const wantsPast = hasReader && (isTerminal || options.stay);
  const backlog = options.backlog ?? (wantsPast ? DEFAULT_BACKLOG_REQUEST : 0);
  const { roomId } = room;
  const keep = { days: options.keepDays, count: backlog, now: Date.now };
  const keeping = await openKeeping({ ...keep, directory, identity, roomId, warn });
  const kept = await openMemberState(directory, identity.id, warn);
  const { pins } = kept;
  before(() => kept[Symbol.asyncDispose]());
  if (keeping) before(() => keeping.log.close());
  const reconnectMs = options.reconnectMs ??
    (isTerminal ? TERMINAL_RECONNECT_MS : PIPE_RECONNECT_MS);
  const onWait = ({ wording: reason }: ChatError) => {
    warn(worded("{reason}; trying again for {seconds} s", { reason, seconds: reconnectMs / 1000 }));
  };
  const entered = await enterRoom({
    ...options.address,
    others: options.others,
    secure: await openSecure(options.tls, { keyText, roomId }),
    ...{ keyText, keyStore, room, identity, ...kept, nickname, say },
    warn,
    isPlain: options.plain,
    quietMs: chooseQuietMs(options, isTerminal),
    backlog,
    // A person sees that nothing can be read. A script could write at once under an old key.
    lookBack: isTerminal || options.plain ? 0 : LOOK_BACK_TOKENS,
    // What a client with --send writes is one message: it waits for nothing. Of an offer, a taker that
    // has left may have said meanwhile that it has the file.
    missedBacklog: options.send === undefined || entry.isOffering ? MISSED_BACKLOG : 0,
    reconnectMs,
    onWait: entry.isScript ? onWait : undefined,
  });
  before(() => entered.room.leaveQuickly());
  before(() => entered.keys.settle());
  const members = new Members({ roster: entered.roster, pins, ownId: identity.id, say });
  const files = new FileDesk({
    ...entered,
    directory: entry.downloads,
    repeats: entry.isOffering,
    describe: (offer) => describeOffer(offer, say),
    monotonic: () => performance.now(),
  });
  before(() => files.close());
  return { ...entered, members, pins, keeping, files, fingerprint: entered.keys.fingerprint };
}

/**
 * Opens the identity that the options choose. A missing one is made.
 *
 * @throws {ChatError} If the file cannot be used.
 */
export async function openMember(
  { ephemeral, identityPath }: Pick<ClientOptions, "ephemeral" | "identityPath">,
  state: string | undefined,
  warn: Warn,
): Promise<Identity> {
  const path = identityPath ?? (state && `${state}/identity`);
  if (ephemeral || path === undefined) return await createIdentity();
  return (await openIdentity(path, warn)).identity;
}
