/**
 * Whose files are. What somebody else could have put there is not trusted.
 *
 * Trusted is what belongs to the user who runs the program, or to root: so secrets are mounted.
 * Windows has no such owners, and a program may lack the permission to ask who runs it. Nothing is
 * checked then.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "Files on disk"
 */

import { ChatError } from "../errors.ts";
import { worded, type Wording } from "../messages/wording.ts";

/** The administrator, who can do everything anyway. */
const ROOT_UID = 0;
/** Permissions to write: of group and others. */
const GROUP_OR_OTHERS_WRITE = 0o022;
/** Of others alone. */
const OTHERS_WRITE = 0o002;
/** In a directory with this bit nobody can remove or rename what is another user's. */
const STICKY = 0o1000;
/** What of a mode can be changed. */
const PERMISSIONS = 0o7777;

/** What to do about a file of another user. */
export const FOREIGN_HINT = worded(
  "If you trust who made it, make it yours with chown, or use a copy of your own.",
);

/** Whose a file is, and who may do what with it: as `Deno.stat()` tells it. */
export type Owned = Pick<Deno.FileInfo, "uid" | "mode">;

/** The user who runs this program; undefined where that is not known. */
export async function findOwnUid(): Promise<number | undefined> {
  // Whoever uses a bot as a library is not asked for one permission more.
  const { state } = await Deno.permissions.query({ name: "sys", kind: "uid" });
  return state === "granted" ? Deno.uid() ?? undefined : undefined;
}

/**
 * Tells whether something belongs to another user, who can change it at any time.
 *
 * @param own Who runs the program.
 */
export function isForeign({ uid }: Owned, own: number | undefined): boolean {
  return own !== undefined && uid !== null && uid !== own && uid !== ROOT_UID;
}

/** Tells whether everybody may put other files into a directory in place of those that are there. */
export function isOpenToAll({ mode }: Owned): boolean {
  return mode !== null && (mode & OTHERS_WRITE) !== 0 && (mode & STICKY) === 0;
}

/**
 * Sees to it that nobody else can change what is in a directory of this user's state: others could
 * take away the keys that are known, or put in older ones. Others lose the permission to write.
 *
 * @param path The directory. Nothing is done if there is none.
 * @param warn Told that others could write there.
 * @param own Who runs the program.
 * @throws {ChatError} If it is another user's, or others may write there whatever is done.
 */
export async function claimDirectory(
  path: string,
  warn: (warning: Wording) => void,
  own: Promise<number | undefined> = findOwnUid(),
): Promise<void> {
  const uid = await own;
  const info = await inspect(path, uid);
  if (!info) return;
  const mode = info.mode ?? 0;
  if ((mode & GROUP_OR_OTHERS_WRITE) === 0) return;
  // An administrator may give a directory to a service by its group.
  if (info.uid !== uid && !isOpenToAll(info)) return;
  try {
    await Deno.chmod(path, mode & PERMISSIONS & ~GROUP_OR_OTHERS_WRITE);
  } catch (cause) {
    throw refuseOpen(path, cause);
  }
  warn(worded("others could write to {path}: now they cannot", { path }));
}

/**
 * Checks that nobody else can put something into a directory that secrets are read from.
 *
 * @param path The directory. Nothing is checked if there is none.
 * @param own Who runs the program.
 * @throws {ChatError} If it is another user's, or everybody may write there.
 */
export async function expectOwnDirectory(
  path: string,
  own: Promise<number | undefined> = findOwnUid(),
): Promise<void> {
  const info = await inspect(path, await own);
  if (info && isOpenToAll(info)) throw refuseOpen(path);
}

/**
 * Claims the directory of a room's state, and the one above it.
 *
 * @param path As `roomDirectory()` returns it.
 */
export async function claimRoomDirectory(
  path: string,
  warn: (warning: Wording) => void,
  own: Promise<number | undefined> = findOwnUid(),
): Promise<void> {
  await claimDirectory(path.slice(0, path.lastIndexOf("/")), warn, own);
  await claimDirectory(path, warn, own);
}

/** Looks at a directory of this user. Undefined if there is none, or nobody knows who the user is. */
async function inspect(path: string, uid: number | undefined): Promise<Deno.FileInfo | undefined> {
  const info = await Deno.stat(path).catch(ignoreNotFound);
  if (!info || uid === undefined) return;
  if (isForeign(info, uid)) throw refuse(path, worded("it belongs to another user"), FOREIGN_HINT);
  return info;
}

function refuseOpen(path: string, cause?: unknown): ChatError {
  const hint = worded("Make it yours alone: chmod go-w {path}", { path });
  return refuse(path, worded("others may write to it"), hint, cause);
}

function refuse(path: string, reason: Wording, hint: Wording, cause?: unknown): ChatError {
  return new ChatError(worded("Cannot use {path}: {reason}", { path, reason }), { hint, cause });
}

function ignoreNotFound(error: unknown): undefined {
  const { NotADirectory, NotFound } = Deno.errors;
  if (!(error instanceof NotFound || error instanceof NotADirectory)) throw error;
}
