/**
 * The members that the user ignores.
 *
 * @module
 */

import { MAX_IGNORED } from "./limits.ts";

/**
 * The ignored keys, each with the nickname under which it was ignored. The list ends with the
 * client. Keys are Ed25519 public keys in base64url.
 */
export class Ignored {
  /** The number of messages that were not shown. */
  count = 0;
  readonly #names = new Map<string, string>();

  /**
   * Ignores a key. If there are more than 1,000, the one that was ignored first leaves the list.
   *
   * @param id The key.
   * @param nickname The name under which `/ignore` lists the key.
   */
  add(id: string, nickname: string): void {
    this.#names.set(id, nickname);
    if (this.#names.size > MAX_IGNORED) this.#names.delete(this.#names.keys().next().value!);
  }

  /** Whether a key is ignored. */
  has(id: string | undefined): boolean {
    return id !== undefined && this.#names.has(id);
  }

  /** Takes keys off the list. Returns whether any of them was on it. */
  remove(ids: readonly string[]): boolean {
    return ids.map((id) => this.#names.delete(id)).includes(true);
  }

  /** The keys that were ignored under a nickname that `isSame` accepts. */
  named(isSame: (nickname: string) => boolean): string[] {
    return [...this.#names].filter(([, nickname]) => isSame(nickname)).map(([id]) => id);
  }

  /** The nicknames under which keys were ignored, each once. */
  names(): string[] {
    return [...new Set(this.#names.values())];
  }
}
