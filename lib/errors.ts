/**
 * The classes of errors that callers tell apart. Other errors are of built-in classes.
 *
 * @module
 */

import type { Say } from "./messages/phrases.ts";
import { fill, worded, type Wording } from "./messages/wording.ts";

/**
 * A token is not valid under any of the keys: it is malformed, forged, expired or from the future.
 * The error does not say which, so that an attacker learns nothing.
 */
export class InvalidTokenError extends Error {
  /** The name of the class. */
  override readonly name = "InvalidTokenError";
  /** Every bad token gets the same message. */
  constructor() {
    super("Cannot decrypt: invalid token");
  }
}

/** An error with a wording, which can be said in any language. The `message` is in English. */
export abstract class WordedError extends Error {
  /** What went wrong. */
  readonly wording: Wording;
  /** What the user can do about it. */
  readonly advice?: Wording;

  /**
   * @param wording What went wrong, as "Cannot X: reason", without a full stop.
   * @param options `hint`: what the user can do about it. `cause`: the error underneath.
   */
  constructor(wording: Wording, { hint, ...options }: ErrorOptions & { hint?: Wording } = {}) {
    super(fill(wording), options);
    this.wording = wording;
    this.advice = hint;
  }

  /** What the user can do about it, in English. */
  get hint(): string | undefined {
    return this.advice && fill(this.advice);
  }
}

/**
 * A line is longer than the reader accepts.
 */
export class LineTooLongError extends WordedError {
  override readonly name = "LineTooLongError";
  /** @param maxBytes Longest line accepted, in bytes. */
  constructor(maxBytes: number) {
    super(worded("Cannot read line: longer than {most} bytes", { most: maxBytes }));
  }
}

/**
 * The command line or a setting cannot be understood. A program that fails with this error exits
 * with code 2.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { worded } from "./messages/wording.ts";
 * const hint = worded("See {program} --help.", { program: "chat-client" });
 * const error = new UsageError(worded("Too many arguments"), hint);
 * assert.equal(error.message, "Too many arguments");
 * assert.equal(error.hint, "See chat-client --help.");
 * ```
 */
export class UsageError extends WordedError {
  override readonly name = "UsageError";
  /**
   * @param wording What is wrong, without a full stop.
   * @param hint What the user can do about it.
   */
  constructor(wording: Wording, hint?: Wording) {
    super(wording, { hint });
  }
}

/**
 * The command line leaves open what is meant. A program that fails with this error says several
 * lines about what to do.
 */
export class Guidance extends UsageError {
  /** The lines in the reader's language, without LF. They are safe to show. */
  readonly lines: readonly string[];

  /** @param lines The lines. */
  constructor(lines: readonly string[]) {
    super(worded("Cannot tell which room is meant"));
    this.lines = lines;
  }
}

/**
 * Something outside the program failed, and the user can do something about it. A program that
 * fails with this error exits with code 1.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { worded } from "./messages/wording.ts";
 * const error = new ChatError(worded("port {port} is in use", { port: 5050 }));
 * assert.equal(error.message, "port 5050 is in use");
 * ```
 */
export class ChatError extends WordedError {
  override readonly name: string = "ChatError";
}

/** No host has the name that the user gave. */
export class UnknownHostError extends ChatError {
  override readonly name = "UnknownHostError";
  /**
   * @param host The name.
   * @param options `cause`: the error underneath.
   */
  constructor(host: string, options?: ErrorOptions) {
    super(worded("Cannot connect: there is no host called {host}", { host }), options);
  }
}

/** What answers at the address is not the server that was asked for, and trying again is no use. */
export class WrongServerError extends ChatError {
  override readonly name = "WrongServerError";
}

/**
 * Tells why something failed.
 *
 * @param error Anything that was thrown.
 * @returns The error's wording; or its message if it has none. Both can be a value of a phrase.
 */
export function reasonOf(error: unknown): Wording | string {
  if (error instanceof WordedError) return error.wording;
  return error instanceof Error ? error.message : String(error);
}

/**
 * Says why something failed.
 *
 * @param error Anything that was thrown. The message of an error without a wording stays as it is.
 * @param say Says phrases in the reader's language.
 */
export function explain(error: unknown, say: Say): string {
  const reason = reasonOf(error);
  return typeof reason === "object" ? say(reason) : reason;
}

/**
 * The relay said why it refuses this client, or why it ends the connection.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const error = new RefusedError({ code: 503, reason: "full" });
 * assert.equal(error.message, "Connection closed by the server: 503 full");
 * assert.equal(error.isFinal, false);
 * ```
 */
export class RefusedError extends ChatError {
  override readonly name = "RefusedError";
  /** The code of the relay's `!ERR`, such as 503. */
  readonly code: number;
  /** @param error The relay's `!ERR`: a code of three digits, and a reason in printable ASCII. */
  constructor({ code, reason }: { readonly code: number; readonly reason: string }) {
    const isStopping = reason === "stopping";
    const wording = isStopping
      ? worded("Connection lost: the server is stopping")
      : worded("Connection closed by the server: {code} {reason}", {
        code,
        reason: REASONS.get(reason) ?? reason,
      });
    // Relays of version 0.1.0 say this.
    const isPaused = reason === "too many failed proofs";
    const hint = isStopping ? STOPPING_HINT : isPaused ? PAUSED_HINT : REFUSAL_HINTS[code];
    super(wording, { hint });
    this.code = code;
  }

  /** Whether the relay will refuse this client again if it tries again. */
  get isFinal(): boolean {
    return this.code === 401 || this.code === 400;
  }
}

/** The reasons of relays that are translated. */
const REASONS: ReadonlyMap<string, Wording> = new Map(
  [worded("bad line"), worded("too long"), worded("too slow"), worded("too many failed proofs")]
    .map((wording) => [wording.phrase, wording]),
);
const PAUSED_HINT = worded("Somebody at your address has another key; try again in a minute.");
const STOPPING_HINT = worded("What you wrote last may be lost.");
const REFUSAL_HINTS: Readonly<Record<number, Wording>> = {
  401: worded("Its room has another key: ask who runs the server for its secret.key."),
  503: worded("The room is full; try again later."),
};
