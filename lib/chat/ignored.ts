/**
 * Members whose messages the user does not want to see.
 *
 * @module
 */

import { MAX_IGNORED } from "./limits.ts";

/**
 * A list of keys with the names under which they were ignored, as long as a client runs.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const ignored = new Ignored();
 * ignored.add("F8t5-ytBIPKx7GXkGY1uCLKOgT_rAeSkAIObheGAgM4", "mallory");
 * assert.deepEqual(ignored.names(), ["mallory"]);
 * ```
 */
export class Ignored {
  /** How many messages were not shown. */
  count = 0;
  readonly #names = new Map<string, string>();

  /**
   * Ignores a member. Of more than 1,000 the one ignored first is shown again.
   *
   * @param id Its Ed25519 key, in base64url.
   * @param nickname Under which it is listed.
   */
  add(id: string, nickname: string): void {
    this.#names.set(id, nickname);
    if (this.#names.size > MAX_IGNORED) this.#names.delete(this.#names.keys().next().value!);
  }

  /** Whether a key is ignored. */
  has(id: string | undefined): boolean {
    return id !== undefined && this.#names.has(id);
  }

  /** Shows members again; tells whether any of them was ignored. */
  remove(ids: readonly string[]): boolean {
    return ids.map((id) => this.#names.delete(id)).includes(true);
  }

  /** Keys that were ignored under a name, compared by `isSame`. */
  named(isSame: (nickname: string) => boolean): string[] {
    return [...this.#names].filter(([, nickname]) => isSame(nickname)).map(([id]) => id);
  }

  /** The names under which keys were ignored. */
  names(): string[] {
    return [...new Set(this.#names.values())];
  }
}
