/**
 * What `chat-client --json` reads and writes: one object a line.
 *
 * @module
 * @see docs/JSON.md
 */

import type { JsonRotation } from "./json_rotation.ts";

/** The version of this interface. A new field does not change it; any other change does. */
export const JSON_VERSION = 1;

/** The name that a bot gives an input: a whole number, or a text of 1 to 128 characters. */
export type JsonRef = string | number;

/** The field that every input may have. */
export interface Referable {
  /** The answers to the input have the same `ref`. */
  readonly ref?: JsonRef;
}

/** An input that writes to the room. Its answer is `error`, or `taken` if it has a `ref`. */
export type JsonWriting =
  & (
    /** A message to all. It may begin with a slash, and may have line breaks. */
    | { readonly type: "message"; readonly text: string }
    /** What the bot does, as `/me`. */
    | { readonly type: "action"; readonly text: string }
    /** A message to one member alone. */
    | { readonly type: "private"; readonly to: string; readonly text: string }
    /** Changes the bot's name. */
    | { readonly type: "nick"; readonly name: string }
    | { readonly type: "away"; readonly reason?: string }
    | { readonly type: "back" }
  )
  & Referable;

/** An input about one member. */
export type JsonAskingOfOne = {
  readonly type: "whois" | "verify" | "trust" | "ignore" | "unignore";
  readonly nick: string;
};

/** An input whose answer is one `notice`, or `error`. */
export type JsonAsking =
  & (
    /** Offers a file to all, or to one member alone. */
    | { readonly type: "send"; readonly path: string; readonly to?: string }
    /** Takes a file that is offered. */
    | { readonly type: "take"; readonly number: number; readonly directory?: string }
    /** Withdraws an offer, or stops taking a file. */
    | { readonly type: "cancel"; readonly number: number }
    | JsonAskingOfOne
    | { readonly type: "status" | "files" }
  )
  & Referable;

/** Asks who is here. The answer is one `names`. */
export type JsonNamesInput = { readonly type: "names" } & Referable;

/** Leaves when the relay has everything that was written. */
export type JsonQuit = { readonly type: "quit" } & Referable;

/** A line of input. */
export type JsonInput = JsonWriting | JsonAsking | JsonNamesInput | JsonQuit;

/** How well a sender is known, as in lib/client/events.ts. */
export type JsonTrust = "verified" | "changed" | "unverified";

/** The field that every line of output has. */
export interface Timed {
  /** Unix time in seconds. A message has its sender's time, other lines have this computer's. */
  readonly time: number;
}

/** The first line. */
export interface JsonHello extends Timed {
  /** The kind of line. */
  readonly type: "hello";
  /** {@linkcode JSON_VERSION}. */
  readonly version: number;
  /** The program's own version. */
  readonly program: string;
  /** The bot's name. */
  readonly nickname: string;
  /** The bot's Ed25519 key, in base64url. */
  readonly id: string;
  /** The fingerprint of the room's key, which people compare. */
  readonly room: string;
}

/** A message of another member. The texts are the sender's, unchanged. */
export interface JsonMessage extends Timed {
  /** The kind of line. */
  readonly type: "message";
  /** A message to all, an action before all, or a private message to the bot. */
  readonly form: "chat" | "action" | "private";
  /** The sender. Both fields are null for a message of a simple client. */
  readonly from: { readonly nickname: string | null; readonly id: string | null };
  /** The text. It is not safe to show in a terminal. */
  readonly text: string;
  /** How well the sender is known. */
  readonly trust: JsonTrust;
  /** `old` if the message is from before this client came, or if its time is far off. */
  readonly age: "live" | "old";
  /** Whether the message comes after later ones of its sender. */
  readonly late: boolean;
  /** Whether the message has the bot's name in it. */
  readonly mention: boolean;
}

/** Something that happened, as in lib/client/events.ts. */
export type JsonHappening =
  & (
    | {
      readonly type: "joined" | "returned" | "left" | "lost" | "back";
      /** The member's Ed25519 key, in base64url. */
      readonly id: string;
      readonly nickname: string;
      readonly trust: JsonTrust;
    }
    /** A member goes away for a while. The reason may be empty, and is not safe to show. */
    | {
      readonly type: "away";
      readonly id: string;
      readonly nickname: string;
      readonly trust: JsonTrust;
      readonly reason: string;
    }
    | {
      readonly type: "renamed";
      readonly id: string;
      readonly before: string;
      readonly nickname: string;
      readonly trust: JsonTrust;
    }
    /** Messages that did not come, or that came late. */
    | {
      readonly type: "missing" | "mended";
      readonly id: string;
      readonly nickname: string;
      readonly trust: JsonTrust;
      readonly count: number;
    }
    | { readonly type: "impostor"; readonly nickname: string }
    /** Written for the first rejected line, the 10th, the 100th and so on, and at the end. */
    | {
      readonly type: "rejected";
      readonly reason: "unreadable" | "replayed" | "malformed" | "forged" | "outdated";
      readonly count: number;
    }
    | JsonRotation
    /** A member offers a file. `take` with its number takes it. */
    | {
      readonly type: "offer";
      readonly id: string;
      readonly nickname: string;
      readonly trust: JsonTrust;
      readonly number: number;
      /** The name that the file would have here: safe to use, and to show. */
      readonly name: string;
      /** Bytes of the file. */
      readonly size: number;
      /** Whether the offer is for this bot alone. */
      readonly private: boolean;
    }
    /** What becomes of a file on its way; while it is `running`, once a second at most. */
    | {
      readonly type: "transfer";
      /** The number of the offer. */
      readonly number: number;
      readonly direction: "in" | "out";
      /** Who sends the file, or takes it. */
      readonly nickname: string;
      readonly name: string;
      readonly size: number;
      /** Bytes that have gone by now. */
      readonly bytes: number;
      readonly state: "waiting" | "running" | "done" | "failed" | "cancelled";
      /** Where a file that came lies. */
      readonly path?: string;
      /** Why it failed, or waits, in words for people. */
      readonly reason?: string;
    }
    /** The client is in the room. `again` is true after a lost connection. */
    | { readonly type: "live"; readonly again: boolean }
    | { readonly type: "disconnected"; readonly reason: string }
    | { readonly type: "clock"; readonly seconds: number }
  )
  & Timed;

/** The relay has all that an input wrote. */
export interface JsonTaken extends Timed {
  /** The kind of line. */
  readonly type: "taken";
  /** The `ref` of that input. */
  readonly ref: JsonRef;
}

/** A client that is here. The bot itself is not listed. */
export interface JsonMember {
  /** The member's name. */
  readonly nickname: string;
  /** The member's Ed25519 key, in base64url. */
  readonly id: string;
  /** "changed" if the name is pinned to another key. */
  readonly trust: "verified" | "changed";
  /** Why the member is away; "" without a reason, null if the member is not away. */
  readonly away: string | null;
}

/** The clients that are here: the answer to `names`. */
export interface JsonNames extends Timed, Referable {
  /** The kind of line. */
  readonly type: "names";
  /** Each client of each member but this one. */
  readonly members: readonly JsonMember[];
}

/** An answer to an input, or a remark: lines for people, with LF between them. */
export interface JsonNotice extends Timed, Referable {
  /** The kind of line. */
  readonly type: "notice";
  /** What is told. */
  readonly text: string;
}

/** An input that was not carried out, or the failure that ends the client. */
export interface JsonError extends Timed, Referable {
  /** The kind of line. */
  readonly type: "error";
  /**
   * `input`: a line is no input. `refused`: an input was not carried out. `fatal`: the client ends.
   */
  readonly reason: "input" | "refused" | "fatal";
  /** What is wrong, in words for people. */
  readonly message: string;
}

/** A line of output. */
export type JsonOutput =
  | JsonHello
  | JsonMessage
  | JsonHappening
  | JsonTaken
  | JsonNames
  | JsonNotice
  | JsonError;
