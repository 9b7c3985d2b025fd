/**
 * Giving permissions back once the relay is running.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "Least privilege"
 */

const GIVEN_BACK = ["read", "write", "env", "net", "sys"] as const;

/**
 * Gives back every permission that a running relay no longer needs. Listeners
 * that are open go on accepting; files and new connections are out of reach.
 *
 * @example
 * ```ts ignore
 * await confine();
 * Deno.readTextFileSync("secret.key"); // throws NotCapable
 * ```
 */
export async function confine(): Promise<void> {
  for (const name of GIVEN_BACK) await Deno.permissions.revoke({ name });
}
