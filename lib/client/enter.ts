/**
 * Entering a room: makes the parts of a client, and puts them together.
 *
 * @module
 */

import { dayOf } from "../crypto/key_chain.ts";
import type { RoomKey } from "../crypto/room_key.ts";
import type { ChatError } from "../errors.ts";
import type { Say } from "../messages/phrases.ts";
import type { Identity } from "../storage/identity.ts";
import type { Pins } from "../storage/pins.ts";
import { DayKeyFile } from "../storage/day_keys.ts";
import { Rotations } from "../storage/rotations.ts";
import { KeyStore } from "../storage/key_store.ts";
import type { Warn } from "../storage/private_file.ts";
import type { SeenStore } from "../storage/seen_store.ts";
import { formatHostPort } from "../text/host_port.ts";
import { Author } from "./author.ts";
import { Delivery } from "./delivery.ts";
import type { Secure } from "./dial.ts";
import { PipeLink } from "./files/pipe_link.ts";
import { Post } from "./files/post.ts";
import { connectAtFirst } from "./first_connection.ts";
import { History } from "./history.ts";
import { Inbox } from "./inbox.ts";
import { AgreementRing } from "./keys/agreement_ring.ts";
import { KeyRing } from "./keys/key_ring.ts";
import { Link } from "./link.ts";
import { LookBack } from "./look_back.ts";
import { Outbox } from "./outbox.ts";
import type { PastWish } from "./past_lines.ts";
import { Invitations } from "./pairing/invitations.ts";
import { Presence } from "./presence.ts";
import { Present } from "./keys/present.ts";
import { Reader } from "./reader.ts";
import { type RelayAddress, Relays } from "./relays.ts";
import { MemberRoom } from "./room.ts";
import type { Mover } from "./rotation/mover.ts";
import { openRotation } from "./rotation/open_rotation.ts";
import type { Rotator } from "./rotation/rotator.ts";
import { Roster } from "./roster.ts";
import { Sealing } from "./sealing.ts";
import { Session } from "./session.ts";
import { SessionClock } from "./session_clock.ts";

/** What a client enters a room with. */
export interface Entry extends RelayAddress, PastWish {
  /** Further relays of the room, tried in turn; none by default. */
  readonly others?: readonly RelayAddress[];
  /** Puts TLS on each connection; undefined for none. */
  readonly secure?: Secure;
  /** The room's secret, as `formatRoomSecret()` returns it. */
  readonly keyText: string;
  /** Where it is kept when it moves on; only in memory if this is missing. */
  readonly keyStore?: KeyStore;
  /** The keys of the day, which open private messages; only in memory if this is missing. */
  readonly dayKeys?: DayKeyFile;
  /** Who belongs to each generation of the key; only in memory if this is missing. */
  readonly rotations?: Rotations;
  /** Told of what is wrong with files of this client. */
  readonly warn?: Warn;
  /** What is derived from the room's key. */
  readonly room: RoomKey;
  readonly identity: Pick<Identity, "id" | "signing" | "agreement">;
  readonly pins: Pins;
  readonly seenStore: SeenStore;
  readonly nickname: string;
  /** Whether to write plain text, for rooms of simple clients. */
  readonly isPlain: boolean;
  /** Time, in ms, before which it does not introduce itself: it may leave at once; 0 by default. */
  readonly quietMs?: number;
  /** Words what the user is told, in one language. */
  readonly say: Say;
  /** How long to try to connect again after a connection is lost, in ms. */
  readonly reconnectMs: number;
  /**
   * Is told why the client waits for its first connection, for as long as it would try to connect
   * again. Without this function the client fails at once.
   */
  readonly onWait?: (reason: ChatError) => void;
  /** The clock, in ms since 1970; another one in tests. */
  readonly now?: () => number;
  /** A clock in ms that never runs back; a faster one in tests. */
  readonly monotonic?: () => number;
}

/** A room that was entered. */
export interface Entered {
  readonly room: MemberRoom;
  /** The members' clients in the room. */
  readonly roster: Roster;
  readonly session: Session;
  /** The relays of the room, and which of them this client is connected to. */
  readonly relays: Pick<Relays, "current">;
  /** The keys of the room. */
  readonly keys: KeyRing;
  /** Moves the room on. */
  readonly rotator: Rotator;
  /** Gets the room's newest key, if this client lacks it. */
  readonly mover: Pick<Mover, "catchUp" | "standing">;
  /** Invites others into the room. */
  readonly invitations: Invitations;
  /** Writes to members about files. */
  readonly post: Post;
  /** Joins a pipe at the relay of the room. */
  readonly openPipe: (name: Uint8Array, signal: AbortSignal) => Promise<PipeLink>;
}

/**
 * Connects to a room.
 *
 * @throws {ChatError} If no relay answers, or if it refuses this client.
 */
export async function enterRoom(entry: Entry): Promise<Entered> {
  const { identity, pins, seenStore, nickname, isPlain, reconnectMs } = entry;
  const { hostname, port, others = [], secure, room, say, now = Date.now } = entry;
  const { monotonic = () => performance.now() } = entry;
  const { id } = identity;
  const { roomId } = room;
  const random = () => Math.random();
  const present = new Present({ now, monotonic });
  const { warn = () => {}, keyStore: store = KeyStore.inMemory() } = entry;
  const file = entry.dayKeys ?? await DayKeyFile.open(undefined, warn);
  const [keys, agreement] = await Promise.all([
    KeyRing.open(entry.keyText, { store, present, monotonic, warn }),
    AgreementRing.open({ file, present, lasting: identity.agreement, monotonic }),
  ]);
  const rotations = entry.rotations ?? await Rotations.open(undefined, warn);
  const tick = () => Promise.all([keys.tick(), agreement.tick()]);

  const outbox = new Outbox();
  const { privateKey } = identity.signing;
  const voice = { id, privateKey, roomId, nickname, isPlain };
  const author = new Author({ ...voice, outbox, now, monotonic });
  const roster = new Roster(id);
  const quietMs = isPlain ? Infinity : entry.quietMs ?? 0;
  const presence = new Presence({
    ...{ quietMs, random, monotonic },
    agreementKey: () => agreement.current,
    keyDay: () => agreement.day,
  });
  const reader = new Reader({
    keys,
    roomId,
    id,
    agreement,
    monotonic,
    now,
  });
  const delivery = new Delivery({ keys, outbox, reader, monotonic });
  const persist = () => seenStore.persist();
  const rotation = openRotation({
    ...{ rotations, agreement, keys, pins, roster, author, delivery, reader, persist, roomId },
    ...{ say, now, monotonic, random },
    own: { id, privateKey },
    store,
    show: (opened, phase) => past.take(opened, phase),
    hides: (phase) => past.hides(phase),
    days: () => [now() / 1000, clock.relayTime ?? 0].map(dayOf),
    hasTime: () => present.agreed !== undefined,
  });
  const inbox: Inbox = new Inbox({
    seen: seenStore.seen,
    pins,
    roster,
    own: { id, epoch: author.epoch },
    now,
    monotonic,
    random,
    plainFloor: () => reader.floor,
    relayTime: () => clock.relayTime,
    presence,
    delivery,
    hidesPast: entry.backlog === 0,
    hearing: rotation.hearing,
    onVerified: (under) => keys.noteVerified(under),
  });
  const past: LookBack = new LookBack({ ...entry, inbox, hearing: rotation.hearing });
  const relays = new Relays([{ hostname, port }, ...others]);
  const connect = async () => {
    // Another client of this member may have moved the room on.
    await keys.reload();
    const backlog = past.begin();
    const link = await relays.connect((address) => {
      return Link.connect({ ...address, secure, room, backlog });
    });
    present.noteRelay(link.welcome.time);
    // What is announced, and what is read, is of today.
    await tick();
    return link;
  };
  const clock: SessionClock = new SessionClock({
    inbox,
    roster,
    author,
    presence,
    delivery,
    tick,
    now,
    monotonic,
  });
  const history = new History(past);
  const introduce = () => ({ id, nickname: author.nickname, privateKey });
  const invitations = new Invitations({
    ...{ handover: () => keys.handover(), introduce },
    // Somebody else may move the room on before the newcomer has written.
    onJoined: (joiner) => rotation.hearing.noteNewcomer(joiner.id),
  });
  const parts = {
    connect,
    author,
    delivery,
    reader,
    inbox,
    history,
    past,
    roster,
    presence,
    clock,
    persist,
    invitations,
    mover: rotation.mover,
  };
  const { onWait } = entry;
  const connectFirst = onWait && (() => {
    return connectAtFirst(connect, { patienceMs: reconnectMs, monotonic, random, onWait });
  });
  const session = await Session.open({ ...parts, connectFirst, reconnectMs, monotonic, random });
  const relay = () => formatHostPort(relays.current.hostname, relays.current.port);
  const told = { keys, relay, say };
  return {
    room: new MemberRoom({ id, author, delivery, session, presence, roster, clock, ...told }),
    roster,
    session,
    keys,
    rotator: rotation.rotator,
    mover: rotation.mover,
    invitations,
    post: new Post(author, new Sealing({ id, roster, presence }), presence),
    relays,
    openPipe: (name, signal) => {
      return relays.meet((address) => PipeLink.open({ ...address, secure, room, name, signal }));
    },
  };
}
