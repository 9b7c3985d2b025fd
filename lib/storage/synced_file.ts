/**
 * Writing a new file so that it is on disk when that has returned, and giving it its name.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "Files on disk"
 */

import { writeAll } from "../bytes/write_all.ts";

/** The mode of a secret. */
const OWNER_ONLY = 0o600;
/** The bits of a mode that a secret must not have. */
const GROUP_AND_OTHERS = 0o077;

/** What systems answer where a file cannot be synced at all, as on some mounts. */
const CANNOT_SYNC = /^(?:EINVAL|EBADF|ENOTSUP|EOPNOTSUPP|ENOSYS)$/;

/**
 * Writes a new file that its owner alone may use, and syncs it where that can be done.
 *
 * @param path Nothing is there yet.
 * @param text What it shall hold.
 * @throws {Deno.errors.AlreadyExists} If something is there.
 * @throws {Error} If it cannot be written, or others may use it whatever is done.
 */
export async function writeSynced(path: string, text: string): Promise<void> {
  using file = await Deno.open(path, { write: true, createNew: true, mode: OWNER_ONLY });
  // A umask can take bits from the mode given at creation, even the owner's.
  if (Deno.build.os !== "windows") await makePrivate(path);
  await writeAll(file, new TextEncoder().encode(text));
  await sync(file);
}

/**
 * Has the system write a file to the disk, where that can be done.
 *
 * @param file Open for writing.
 * @throws {Error} If it cannot be written.
 */
export async function sync(file: Deno.FsFile): Promise<void> {
  try {
    await file.sync();
  } catch (error) {
    if (!isSyncUnknown(error)) throw error;
  }
}

/**
 * Gives a file its name, unless that is taken: of several processes exactly one does.
 *
 * Where there are no hard links, the name is taken first, with an empty file, and the file is then
 * renamed to it. Killed between the two, a process leaves the empty file.
 *
 * @param from The file, in the directory of its name; it may be gone when this returns.
 * @param to The name.
 * @returns Whether it has it: false if the name is taken, by a link to nothing, too.
 * @throws {Error} If no file can have that name.
 */
export async function takeName(from: string, to: string): Promise<boolean> {
  try {
    await Deno.link(from, to);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return false;
  }
  // What a mount without hard links answers is EPERM as often as anything else.
  try {
    using _empty = await Deno.open(to, { write: true, createNew: true, mode: OWNER_ONLY });
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return false;
    throw error;
  }
  try {
    await Deno.rename(from, to);
  } catch (error) {
    await Deno.remove(to);
    throw error;
  }
  return true;
}

/**
 * Makes a new name survive a power cut, where directories can be synced. The file is whole and has
 * its name whatever comes of it, so that no failure is one of writing the file.
 *
 * @param directory The directory that the name is in.
 */
export async function syncDirectory(directory: string): Promise<void> {
  if (Deno.build.os === "windows") return;
  try {
    using handle = await Deno.open(directory);
    await handle.sync();
  } catch {
    // It may not be read, or mounts differ in what they can sync.
  }
}

/** A mount without modes, such as FAT, refuses one; that is well if only the owner has any. */
async function makePrivate(path: string): Promise<void> {
  try {
    await Deno.chmod(path, OWNER_ONLY);
  } catch (error) {
    const { mode } = await Deno.stat(path);
    if (mode === null || (mode & GROUP_AND_OTHERS) !== 0) throw error;
  }
}

function isSyncUnknown(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as Error & { code?: string };
  // The runtime has no code for ENOSYS.
  return CANNOT_SYNC.test(code ?? "") || /^Function not implemented/.test(error.message);
}
