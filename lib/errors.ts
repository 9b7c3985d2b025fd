/**
 * The errors that callers tell apart. Everything else is a built-in class.
 *
 * @module
 */

/**
 * A token is not valid under any of the keys: malformed, forged, expired or
 * from the future. It says no more, so that it tells an attacker nothing.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(new InvalidTokenError().message, "Cannot decrypt: invalid token");
 * ```
 */
export class InvalidTokenError extends Error {
  /** Tells it from other errors. */
  override readonly name = "InvalidTokenError";
  /** Creates the one message that every bad token gets. */
  constructor() {
    super("Cannot decrypt: invalid token");
  }
}

/**
 * A line is longer than the reader accepts.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(new LineTooLongError(4).message, "Cannot read line: longer than 4 bytes");
 * ```
 */
export class LineTooLongError extends RangeError {
  override readonly name = "LineTooLongError";
  /** @param maxBytes Longest line accepted, in bytes. */
  constructor(maxBytes: number) {
    super(`Cannot read line: longer than ${maxBytes} bytes`);
  }
}

/**
 * The command line cannot be understood; programs exit with 2.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const error = new UsageError("Unknown option: --nik", "Did you mean --nick?");
 * assert.equal(error.hint, "Did you mean --nick?");
 * ```
 */
export class UsageError extends Error {
  override readonly name = "UsageError";
  /**
   * @param message What is wrong, without a full stop.
   * @param hint What the user can do about it.
   */
  constructor(message: string, readonly hint?: string) {
    super(message);
  }
}

/**
 * Something outside the program failed and the user can do something about it;
 * programs exit with 1.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const error = new ChatError("Cannot listen: port in use", { hint: "Choose another port" });
 * assert.equal(error.hint, "Choose another port");
 * ```
 */
export class ChatError extends Error {
  override readonly name: string = "ChatError";
  /** What the user can do about it. */
  readonly hint?: string;
  /**
   * @param message What failed, as "Cannot X: reason", without a full stop.
   * @param options `hint`: what the user can do; `cause`: the error underneath.
   */
  constructor(message: string, options: ErrorOptions & { hint?: string } = {}) {
    super(message, options);
    this.hint = options.hint;
  }
}

/**
 * The relay said why it does not want this client, or no longer.
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
  /** As in `!ERR 503 full`. */
  readonly code: number;
  /**
   * @param error What the relay said: a code of three digits, and printable ASCII.
   */
  constructor({ code, reason }: { readonly code: number; readonly reason: string }) {
    const isStopping = reason === "stopping";
    const message = isStopping
      ? "Connection lost: the server is stopping"
      : `Connection closed by the server: ${code} ${reason}`;
    const isPaused = reason === "too many failed proofs";
    const hint = isStopping ? STOPPING_HINT : isPaused ? PAUSED_HINT : REFUSAL_HINTS[code];
    super(message, { hint });
    this.code = code;
  }

  /** Whether trying again cannot help. */
  get isFinal(): boolean {
    return this.code === 401 || this.code === 400;
  }
}

const PAUSED_HINT = "Somebody at your address has another key; try again in a minute.";
const STOPPING_HINT = "What you wrote last may be lost.";
const REFUSAL_HINTS: Readonly<Record<number, string>> = {
  401: "Its room has another key: ask who runs the server for its secret.key.",
  503: "The room is full; try again later.",
};
