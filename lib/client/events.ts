/**
 * The events of a room, as its user is told of them.
 *
 * @module
 */

import type { Wording } from "../messages/wording.ts";
import type { FileMessage, FileOffer } from "../protocol/file_messages.ts";

/** How well a message's sender is known. */
export type Trust =
  /** Signed with the key that is pinned to the nickname. */
  | "verified"
  /** Signed, but the nickname is pinned to another key. */
  | "changed"
  /** Not signed. */
  | "unverified";

/** Whether a message is new. */
export type Age =
  /** The message has just been written. */
  | "live"
  /** The message was written before this client came, or its time is far off. It has no effect. */
  | "old";

/** A message to be shown. Its texts come from others, and are not safe to show yet. */
export interface Message {
  readonly kind: "message";
  readonly form: "chat" | "action" | "private";
  /** The sender's Ed25519 key, in base64url; undefined for a message of a simple client. */
  readonly id: string | undefined;
  /** Undefined for a message of a simple client. Only its text may name the sender. */
  readonly nickname: string | undefined;
  readonly text: string;
  readonly trust: Trust;
  readonly age: Age;
  /** When the message was written, by its sender's clock, in unix seconds. */
  readonly time: number;
  /** Whether later messages of its sender were shown before. */
  readonly isLate: boolean;
  /** Of a private message that this user wrote elsewhere: to which key it went. */
  readonly recipientId?: string;
  /** Its sender's key and run, and its number there; undefined for text without a signature. */
  readonly mark?: string;
  /** The file that it offers, and by which run of its sender's client. */
  readonly offered?: { readonly epoch: string; readonly file: FileOffer };
}

/** What another member's client tells this one of a file. The user is not told of it as it is. */
export interface FileNote {
  readonly kind: "file";
  readonly id: string;
  readonly epoch: string;
  readonly nickname: string;
  readonly trust: Trust;
  readonly message: FileMessage;
}

/** A message as it is shown to this user. */
export interface ShownMessage extends Message {
  /** Whether this user wrote it: here, in another client, or in an earlier run. */
  readonly isOwn: boolean;
  /** Whether it names this user. */
  readonly isMention: boolean;
  /** The nickname of the only member that this user wrote it to. */
  readonly recipient?: string;
  /** A doubt about the letters of the nickname, in words. */
  readonly doubt?: string;
}

/** An event that is not a message. */
export type Happening =
  | {
    /** `returned` after its connection was lost; `back` after it was away. */
    readonly kind: "joined" | "returned" | "left" | "lost" | "back";
    /** The member's Ed25519 key, in base64url. */
    readonly id: string;
    readonly nickname: string;
    readonly trust: Trust;
  }
  | {
    readonly kind: "renamed";
    readonly id: string;
    readonly before: string;
    readonly nickname: string;
    readonly trust: Trust;
  }
  /** A member goes away for a while, perhaps without a reason: "". From others, not safe. */
  | {
    readonly kind: "away";
    readonly id: string;
    readonly nickname: string;
    readonly trust: Trust;
    readonly reason: string;
  }
  /** Messages of somebody that did not come; or that came late, and are in their place now. */
  | {
    readonly kind: "missing" | "mended";
    readonly id: string;
    readonly nickname: string;
    readonly trust: Trust;
    readonly count: number;
  }
  /** A member's first message under a nickname that belongs to another key. */
  | { readonly kind: "impostor"; readonly nickname: string }
  /** A line that shows nothing; `count` lines had this reason by now. */
  | {
    readonly kind: "rejected";
    readonly reason: "unreadable" | "replayed" | "malformed" | "forged" | "outdated";
    readonly count: number;
  }
  /** A member offers a file. Its name is safe. `number`: by which the user speaks of it. */
  | {
    readonly kind: "offer";
    readonly id: string;
    readonly nickname: string;
    readonly trust: Trust;
    readonly number: number;
    readonly name: string;
    readonly size: number;
    /** Whether it is for this user alone. */
    readonly isPrivate: boolean;
  }
  /** The room moves on to a new key, or a member says so. */
  | RotationEvent
  /** A file of the user's, or one that the user takes, goes on, has gone, or does not go. */
  | FileMove
  /** This client is in the room; `isAgain` after a reconnect. */
  | { readonly kind: "live"; readonly isAgain: boolean }
  /** The connection is lost. The client tries to connect again. */
  | { readonly kind: "disconnected"; readonly reason: Wording }
  /** This clock differs from the relay's by `seconds`, positive if this one is ahead. */
  | { readonly kind: "clock"; readonly seconds: number };

/** A rotation, and what it means for this user. */
export interface RotationEvent {
  readonly kind: "rotation";
  readonly state:
    /** The room has moved on, and this client with it. `names`: who is out. */
    | "moved"
    /** Its author is not trusted. */
    | "not followed"
    /** This user is out. */
    | "left out"
    /** A member says that this user is out. */
    | "refused"
    /** Another rotation of the same moment counts. `names`: who is in whom this user had put out. */
    | "overruled"
    /** A member has given this client the key that it lacked. */
    | "caught up";
  /** The member whose rotation it is, or who says so, or gave the key: its Ed25519 key, in base64url. */
  readonly id: string;
  readonly nickname: string;
  readonly trust: Trust;
  /** The number of the new generation. */
  readonly generation: number;
  /** The first of the members that it is about. */
  readonly names: readonly string[];
  /** How many these are. */
  readonly count: number;
}

/** What becomes of a file on its way. */
export interface FileMove {
  readonly kind: "transfer";
  /** The offer's number. */
  readonly number: number;
  readonly direction: "in" | "out";
  /** Who sends it, or takes it. */
  readonly nickname: string;
  readonly name: string;
  readonly size: number;
  /** Bytes that have gone by now. */
  readonly bytes: number;
  /** `waiting`: for its turn, or for the other side to come back. */
  readonly state: "waiting" | "running" | "done" | "failed" | "cancelled";
  /** Where a file that came lies. */
  readonly path?: string;
  /** Why it failed, or waits. */
  readonly reason?: Wording | string;
  /** Whether no other transfer through this relay would go better. */
  readonly isHopeless?: boolean;
}

/** An event of a room. */
export type RoomEvent = Message | Happening | FileNote;

/**
 * Which messages ring the bell: none; private ones; private ones and those that name the user; all.
 */
export const BELL_MODES = ["off", "pm", "mention", "all"] as const;

/** One of {@linkcode BELL_MODES}. */
export type BellMode = (typeof BELL_MODES)[number];
