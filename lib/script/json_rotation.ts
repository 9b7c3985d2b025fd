/**
 * What `chat-client --json` writes of rotations.
 *
 * @module
 * @see docs/JSON.md
 */

/** The room moves on to a new key, or a member says so. */
export interface JsonRotation {
  readonly type: "rotation";
  readonly state: "moved" | "not followed" | "left out" | "refused" | "overruled" | "caught up";
  /** The member whose rotation it is, or who says so, or gave the key: its Ed25519 key. */
  readonly id: string;
  readonly nickname: string;
  readonly trust: "verified" | "changed" | "unverified";
  /** The number of the new key. */
  readonly generation: number;
  /** Of `moved`: who is out. Of `overruled`: who is in whom the bot's user had put out. 20 at most. */
  readonly names: readonly string[];
  /** How many these are. */
  readonly count: number;
}
