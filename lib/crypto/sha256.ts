/**
 * SHA-256 of what comes piece by piece. WebCrypto hashes only what is there as a whole.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { formatBase64Url } from "../bytes/base64url.ts";

/**
 * A hash that is being made.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const hash = new Sha256();
 * hash.add(new TextEncoder().encode("a"));
 * hash.add(new TextEncoder().encode("bc"));
 * assert.equal(hash.finish(), "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
 * ```
 */
export class Sha256 {
  readonly #hash = createHash("sha256");

  /** Adds bytes. The caller may reuse the array afterwards. */
  add(bytes: Uint8Array): void {
    this.#hash.update(bytes);
  }

  /** Ends it. Returns the hash in base64url. */
  finish(): string {
    return formatBase64Url(new Uint8Array(this.#hash.digest()));
  }
}
