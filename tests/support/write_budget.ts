/**
 * Files that stop taking bytes, as a full disk does, and as a process does that is killed.
 *
 * @module
 */

/**
 * Lets so many bytes be written to files, and fails all that is written or cut behind them.
 *
 * @param bytes How many; a write may be cut in the middle.
 * @returns How many were left.
 */
export async function withWriteBudget(bytes: number, fn: () => Promise<void>): Promise<number> {
  const { write, truncate } = Deno.FsFile.prototype;
  let left = bytes;
  const check = () => {
    if (left === 0) throw new Error("No space left on device (os error 28)");
  };
  Deno.FsFile.prototype.write = async function (data) {
    check();
    const written = await write.call(this, data.subarray(0, left));
    left -= written;
    return written;
  };
  Deno.FsFile.prototype.truncate = async function (length) {
    check();
    await truncate.call(this, length);
  };
  try {
    await fn();
    return left;
  } finally {
    Object.assign(Deno.FsFile.prototype, { write, truncate });
  }
}
