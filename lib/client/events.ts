/**
 * What happens in a room, as its user is told.
 *
 * @module
 */

import type { Wording } from "../messages/wording.ts";

/** How far a message's sender is known. */
export type Trust =
  /** Signed with the key that is pinned to the nickname. */
  | "verified"
  /** Signed, but the nickname is pinned to another key. */
  | "changed"
  /** Not signed. */
  | "unverified";

/** Whether a message is new. */
export type Age =
  /** It has just been written. */
  | "live"
  /** It is of before this client came, or its time is far off: without any effect. */
  | "old";

/** A message to be shown. Its texts come from others and are not safe yet. */
export interface Message {
  readonly kind: "message";
  readonly form: "chat" | "action" | "private";
  /** The sender's Ed25519 key, in base64url; undefined for what a simple client wrote. */
  readonly id: string | undefined;
  /** Undefined for what a simple client wrote: the text then names its sender, if at all. */
  readonly nickname: string | undefined;
  readonly text: string;
  readonly trust: Trust;
  readonly age: Age;
  /** When it was written, by its sender's clock, in unix seconds. */
  readonly time: number;
  /** Whether it comes after later ones of its sender. */
  readonly isLate: boolean;
  /** Of a private message that this user wrote elsewhere: to which key it went. */
  readonly recipientId?: string;
}

/** A message as it is shown to this user. */
export interface ShownMessage extends Message {
  /** Whether this user wrote it: here, in another client, or in an earlier run. */
  readonly isOwn: boolean;
  /** Whether it names this user. */
  readonly isMention: boolean;
  /** To whom this user wrote it alone. */
  readonly recipient?: string;
}

/** Something that is not a message. */
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
  | { readonly kind: "missing" | "mended"; readonly nickname: string; readonly count: number }
  /** A member's first message under a nickname that belongs to another key. */
  | { readonly kind: "impostor"; readonly nickname: string }
  /** Lines that show nothing, and how many there were of that kind by now. */
  | {
    readonly kind: "rejected";
    readonly reason: "unreadable" | "replayed" | "malformed" | "forged";
    readonly count: number;
  }
  /** This client is in the room. */
  | { readonly kind: "live"; readonly isAgain: boolean }
  /** The connection is gone, and tried again. */
  | { readonly kind: "disconnected"; readonly reason: Wording }
  /** The clocks differ by so many seconds; positive if this one is ahead. */
  | { readonly kind: "clock"; readonly seconds: number };

/** What happens in a room. */
export type RoomEvent = Message | Happening;

/** When a message may ring the bell, from the fewest to all. */
export const BELL_MODES = ["off", "pm", "mention", "all"] as const;

/** When a message rings the bell: never; if it is private; if it has one's name in it, too; always. */
export type BellMode = (typeof BELL_MODES)[number];
