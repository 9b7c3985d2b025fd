/**
 * What keeps a member from moving the room on.
 *
 * @module
 */

import { reasonOf } from "../../errors.ts";
import { worded, type Wording } from "../../messages/wording.ts";
import type { Author } from "../author.ts";
import type { KeyRing } from "../keys/key_ring.ts";
import { idOf } from "./opener.ts";
import type { Succession } from "./succession.ts";

/** What {@linkcode findObstacle} reads. */
export interface ObstacleParts {
  readonly keys: Pick<KeyRing, "unannounced" | "current">;
  readonly succession: Pick<Succession, "current" | "exclusion">;
  readonly author: Pick<Author, "isPlain">;
  /** Whether the key file can be changed, and who belongs to a key be kept. */
  readonly isKept: boolean;
  /** Whether this clock agrees with the relay's: the days of a new key depend on it. */
  readonly hasTime: () => boolean;
}

/** How things stand at the moment. */
export interface Moment {
  readonly isConnected: boolean;
  /** Whether a rotation is under way here. */
  readonly isRotating: boolean;
  /** Whether this client asks for a newer key, and an answer may come soon. */
  readonly isCatchingUp: boolean;
}

/** Finds what keeps a member from moving the room on, if anything does. */
export function findObstacle(
  { keys, isKept, succession, author, hasTime }: ObstacleParts,
  { isConnected, isRotating, isCatchingUp }: Moment,
): Wording | undefined {
  if (author.isPlain) return worded("not with --plain");
  if (!isKept) return worded("this client keeps no files");
  if (!isConnected) return worded("there is no connection");
  if (!hasTime()) return worded("your clock and the server's are more than an hour apart");
  if (isRotating || keys.unannounced) return worded("a new key is being told to the others");
  const { current, exclusion } = succession;
  // What could not be read may be under a newer key.
  return current.mark !== idOf(keys.current).mark || exclusion || isCatchingUp
    ? worded("you do not have the room's newest key")
    : undefined;
}

/** Words why the key file cannot be written. */
export function wordFileFailure(error: unknown): Wording {
  return worded("the key file cannot be written: {reason}", { reason: reasonOf(error) });
}
