/**
 * Servers of NATS, and what a relay proves to them who it is with.
 *
 * @module
 */

/** Who a relay is to a server. */
export type Credentials =
  | { readonly kind: "user"; readonly user: string; readonly password: string }
  /** The seed of an nkey. */
  | { readonly kind: "seed"; readonly text: string }
  /** A file of credentials: a token and a seed. */
  | { readonly kind: "creds"; readonly text: string };

/** A server of NATS. */
export interface NatsServer {
  /** An IPv4 or IPv6 address without brackets, or a host name. */
  readonly hostname: string;
  readonly port: number;
  /** Whether the connection has to be encrypted. */
  readonly isTls: boolean;
  /** Those of the address; undefined for none. */
  readonly credentials: Credentials | undefined;
}

/** A relay's name: a part of a subject. */
export const RELAY_NAME_PATTERN = /^[A-Za-z0-9_-]{1,32}$/;

/**
 * Reads a file of credentials.
 *
 * @param text What `nsc` or `nk` wrote; or `user:password`.
 * @returns Undefined if it is none of these.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(readCredentials("relay1:secret\n"), {
 *   kind: "user",
 *   user: "relay1",
 *   password: "secret",
 * });
 * ```
 */
export function readCredentials(text: string): Credentials | undefined {
  const trimmed = text.trim();
  if (/^-+BEGIN NATS USER JWT-+$/m.test(trimmed) && /^-+BEGIN USER NKEY SEED-+$/m.test(trimmed)) {
    return { kind: "creds", text };
  }
  if (/^SU[A-Z2-7]{56}$/.test(trimmed)) return { kind: "seed", text: trimmed };
  const [, user, password] = /^([^:\s]+):(\S+)$/.exec(trimmed) ?? [];
  if (user === undefined || password === undefined) return undefined;
  return { kind: "user", user, password };
}
