/**
 * Nicknames pinned to keys: the first key seen under a name is the one expected from then on.
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

/** What a nickname's key is: seen for the first time, the one expected, or another. */
export type PinVerdict = "new" | "known" | "changed";

/**
 * The pins of one member, shared by all clients that the member runs.
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
   * @param path The file, made by the first save; undefined to keep none.
   * @param warn Told of a damaged file, of one that cannot be saved, and of a full table.
   * @param now The clock, in ms.
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
   * Compares a key with the one pinned, and pins it if there is none.
   *
   * @param nickname As `parseNickname()` returns it.
   * @param id Public key in base64url, 43 characters.
   * @returns "new" if it has just been pinned. When the table is full it is not, and will be new
   * again.
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
   * Tells the key that a nickname is pinned to.
   *
   * @param nickname As `parseNickname()` returns it.
   * @returns Public key in base64url; undefined if it is not pinned.
   */
  peek(nickname: string): string | undefined {
    return this.#file.value.get(foldNickname(nickname))?.id;
  }

  /**
   * Pins a nickname to a key that the user has accepted, whatever it was pinned to.
   *
   * In a full table it takes the place of the name pinned last without being asked for.
   *
   * @param nickname As `parseNickname()` returns it.
   * @param id Public key in base64url, 43 characters.
   */
  trust(nickname: string, id: string): void {
    const name = foldNickname(nickname);
    // Later than the pin it replaces, even if the clock was set back in between.
    const after = this.#file.value.get(name)?.trustedAt ?? 0;
    this.#file.value.set(name, { id, trustedAt: Math.max(this.#now(), after + 1) });
    boundPins(this.#file.value);
    this.#file.touch();
  }

  /** Saves now; a failure is warned of. */
  async flush(): Promise<void> {
    await this.#file.save();
  }

  /** Saves what is due. */
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
