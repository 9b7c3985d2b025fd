/**
 * Pins: nicknames, each with the key that belongs to it.
 *
 * A nickname is pinned to the first key that is seen with it. The user can accept another key.
 * Letter case does not matter in nicknames. Keys are Ed25519 public keys in base64url, 43 characters.
 *
 * @module
 * @see docs/PROTOCOL.md, "Nicknames"
 */

import { worded } from "../messages/wording.ts";
import { foldNickname } from "../protocol/nickname.ts";
import { MAX_PINS, MAX_STATE_FILE_BYTES, STATE_SAVE_DELAY_MS } from "./limits.ts";
import { boundPins, PIN_FORMAT, type PinTable } from "./pin_format.ts";
import type { Warn } from "./private_file.ts";
import { SharedFile } from "./shared_file.ts";

/** A key beside a nickname's pin: there was no pin, the key is the pinned one, or another one. */
export type PinVerdict = "new" | "known" | "changed";

/**
 * The pins of one user in one room. All clients that the user runs share them.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * await using pins = await Pins.open(undefined, console.error);
 * const [alice, mallory] = ["A".repeat(43), "M".repeat(42) + "A"];
 * assert.equal(pins.judge("alice", alice), "new");
 * assert.equal(pins.judge("Alice", alice), "known");
 * assert.equal(pins.judge("alice", mallory), "changed");
 * ```
 */
export class Pins implements AsyncDisposable {
  readonly #file: SharedFile<PinTable>;
  readonly #warn: Warn;
  readonly #now: () => number;
  #saidFull = false;

  private constructor(file: SharedFile<PinTable>, warn: Warn, now: () => number) {
    this.#file = file;
    this.#warn = warn;
    this.#now = now;
  }

  /**
   * Loads the pins.
   *
   * @param path The file, which the first save makes. Undefined for pins that end with the process.
   * @param warn Told of a damaged file, of a file that cannot be saved, and of a full table.
   * @param now The clock, in ms since 1970.
   */
  static async open(
    path: string | undefined,
    warn: Warn,
    now: () => number = Date.now,
  ): Promise<Pins> {
    const options = { maxBytes: MAX_STATE_FILE_BYTES, delayMs: STATE_SAVE_DELAY_MS, warn };
    const file = path === undefined
      ? SharedFile.inMemory(PIN_FORMAT)
      : await SharedFile.open(path, PIN_FORMAT, options);
    return new Pins(file, warn, now);
  }

  /**
   * Compares a key with a nickname's pin. If there is no pin, pins the nickname to the key.
   *
   * @param nickname As `parseNickname()` returns it.
   * @param id The key.
   * @returns "new" if there was no pin. In a full table no pin is made, and the next verdict is
   * "new" again.
   */
  judge(nickname: string, id: string): PinVerdict {
    const name = foldNickname(nickname);
    const pin = this.#file.value.get(name);
    if (pin) return pin.id === id ? "known" : "changed";
    if (this.#file.value.size >= MAX_PINS) {
      this.#sayFull();
      return "new";
    }
    this.#file.value.set(name, { id, trustedAt: 0 });
    this.#file.touch();
    return "new";
  }

  /**
   * Looks up the key that a nickname is pinned to.
   *
   * @returns The key; undefined if the nickname is not pinned.
   */
  peek(nickname: string): string | undefined {
    return this.#file.value.get(foldNickname(nickname))?.id;
  }

  /** Whether the user has accepted the key that a nickname is pinned to. */
  isAccepted(nickname: string): boolean {
    return (this.#file.value.get(foldNickname(nickname))?.trustedAt ?? 0) > 0;
  }

  /**
   * Looks up a nickname that is pinned to a key.
   *
   * @param id The key.
   * @returns A nickname in its folded form; undefined if there is none.
   */
  nicknameOf(id: string): string | undefined {
    return this.#file.value.entries().find(([, pin]) => pin.id === id)?.[0];
  }

  /**
   * Pins a nickname to a key that the user has accepted. It replaces the nickname's pin.
   *
   * In a full table, the newest pin that the user did not accept is dropped.
   *
   * @param nickname As `parseNickname()` returns it.
   * @param id The key.
   */
  trust(nickname: string, id: string): void {
    const name = foldNickname(nickname);
    // The time is later than the replaced pin's, even if the clock was set back in between.
    const after = this.#file.value.get(name)?.trustedAt ?? 0;
    this.#file.value.set(name, { id, trustedAt: Math.max(this.#now(), after + 1) });
    boundPins(this.#file.value);
    this.#file.touch();
  }

  /** Lists the pinned nicknames, folded, and their keys, in the order in which they were pinned. */
  entries(): (readonly [nickname: string, id: string])[] {
    return Array.from(this.#file.value, ([name, { id }]) => [name, id] as const);
  }

  /** Lists the pinned nicknames, folded, in the order in which they were pinned. */
  names(): Iterable<string> {
    return this.#file.value.keys();
  }

  /** Saves now. A failure is warned of. */
  async flush(): Promise<void> {
    await this.#file.save();
  }

  /** Saves what is not saved yet. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file[Symbol.asyncDispose]();
  }

  #sayFull(): void {
    if (this.#saidFull) return;
    this.#saidFull = true;
    this.#warn(
      worded("{count} nicknames are pinned: further ones are not, and look new each time", {
        count: MAX_PINS,
      }),
    );
  }
}
