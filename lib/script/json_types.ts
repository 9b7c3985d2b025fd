/**
 * What `chat-client --json` reads and writes: one object a line.
 *
 * @module
 * @see docs/JSON.md
 */

/** The version of this interface: every change but a new field changes it. */
export const JSON_VERSION = 1;

/** By what a bot tells its inputs apart: a whole number, or a text of 1 to 128 characters. */
export type JsonRef = string | number;

/** What every input may have. */
export interface Referable {
  /** Comes back in what answers the input. */
  readonly ref?: JsonRef;
}

/** An input that writes to the room: answered by `taken` if it has a `ref`, or by `error`. */
export type JsonWriting =
  & (
    /** To all; a text that begins with a slash is a text, and line breaks are part of it. */
    | { readonly type: "message"; readonly text: string }
    /** What one does. */
    | { readonly type: "action"; readonly text: string }
    /** To one member alone. */
    | { readonly type: "private"; readonly to: string; readonly text: string }
    /** From now on under another name. */
    | { readonly type: "nick"; readonly name: string }
    | { readonly type: "away"; readonly reason?: string }
    | { readonly type: "back" }
  )
  & Referable;

/** An input that is answered by one `notice`, or by `error`. */
export type JsonAsking =
  & (
    | {
      readonly type: "whois" | "verify" | "trust" | "ignore" | "unignore";
      readonly nick: string;
    }
    | { readonly type: "status" }
  )
  & Referable;

/** Asks who is here: answered by one `names`. */
export type JsonNamesInput = { readonly type: "names" } & Referable;

/** Leaves, once the relay has everything that was written. */
export type JsonQuit = { readonly type: "quit" } & Referable;

/** A line of input. */
export type JsonInput = JsonWriting | JsonAsking | JsonNamesInput | JsonQuit;

/** How far a sender is known, as in lib/client/events.ts. */
export type JsonTrust = "verified" | "changed" | "unverified";

/** What every line of output has. */
export interface Timed {
  /** Unix time in seconds: a message's by its sender's clock, else by this computer's. */
  readonly time: number;
}

/** The first line. */
export interface JsonHello extends Timed {
  readonly type: "hello";
  /** {@linkcode JSON_VERSION}. */
  readonly version: number;
  /** The program's own version. */
  readonly program: string;
  /** One's own name, and Ed25519 key in base64url. */
  readonly nickname: string;
  readonly id: string;
  /** The room's key, as people compare it. */
  readonly room: string;
}

/** A message of somebody else. Its texts are the sender's, unchanged. */
export interface JsonMessage extends Timed {
  /** Tells it from other lines. */
  readonly type: "message";
  /** Said to all, done before all, or said to this user alone. */
  readonly form: "chat" | "action" | "private";
  /** Both are null for what a simple client wrote. */
  readonly from: { readonly nickname: string | null; readonly id: string | null };
  /** What was written: not safe to show in a terminal. */
  readonly text: string;
  /** How far the sender is known. */
  readonly trust: JsonTrust;
  /** `old`: of before this client came, or its time is far off. */
  readonly age: "live" | "old";
  /** Whether it comes after later ones of its sender. */
  readonly late: boolean;
  /** Whether it names this user. */
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
    | { readonly type: "missing" | "mended"; readonly nickname: string; readonly count: number }
    | { readonly type: "impostor"; readonly nickname: string }
    /** Told of the first, the 10th, the 100th and so on, and at the end. */
    | {
      readonly type: "rejected";
      readonly reason: "unreadable" | "replayed" | "malformed" | "forged";
      readonly count: number;
    }
    /** This client is in the room, `again` after its connection was lost. */
    | { readonly type: "live"; readonly again: boolean }
    | { readonly type: "disconnected"; readonly reason: string }
    | { readonly type: "clock"; readonly seconds: number }
  )
  & Timed;

/** The relay has all that an input wrote. */
export interface JsonTaken extends Timed {
  readonly type: "taken";
  readonly ref: JsonRef;
}

/** A client that is here, this one not counted. */
export interface JsonMember {
  /** Under which name it writes. */
  readonly nickname: string;
  /** The member's Ed25519 key, in base64url. */
  readonly id: string;
  /** Whether the name is pinned to another key. */
  readonly trust: "verified" | "changed";
  /** Why it is away, perhaps ""; null for one who is not. */
  readonly away: string | null;
}

/** Who is here. */
export interface JsonNames extends Timed, Referable {
  readonly type: "names";
  readonly members: readonly JsonMember[];
}

/** An answer, or a remark, in words for people: lines with LF between them. */
export interface JsonNotice extends Timed, Referable {
  readonly type: "notice";
  readonly text: string;
}

/** Something that is not done. */
export interface JsonError extends Timed, Referable {
  readonly type: "error";
  /** `input`: a line is no input; `refused`: it is one, and was not done; `fatal`: this is the end. */
  readonly reason: "input" | "refused" | "fatal";
  /** In words for people. */
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
