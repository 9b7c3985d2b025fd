import assert from "node:assert/strict";
import { FileLock } from "../../lib/storage/file_lock.ts";
import { modeOf, testUnix } from "../support/key_files.ts";
import { testNeeding } from "../support/needs.ts";
import { doInProcess, startStateProcess } from "../support/state_processes.ts";
import { withDirectory } from "../support/temporary.ts";

testUnix(
  ["read", "write"],
  "FileLock.acquire() lets one in at a time, in one process too",
  () =>
    withDirectory(async (directory) => {
      const path = `${directory}/lock`;
      let inside = 0;
      const enter = async () => {
        using _held = await new FileLock(path).acquire(10_000);
        assert.equal(++inside, 1);
        await new Promise((resolve) => setTimeout(resolve, 1));
        inside--;
      };
      await Promise.all(Array.from({ length: 20 }, enter));
      assert.equal(await modeOf(path), 0o600);
    }),
);

/** Fails unless who waits in vain gives up in time, and gets the lock once it is free. */
async function assertGivesUpInTime(path: string): Promise<void> {
  const [lock, other] = [new FileLock(path), new FileLock(path)];
  const held = await lock.acquire(1000);
  for (let i = 0; i < 3; i++) {
    await assert.rejects(other.acquire(10), {
      name: "TimedOut",
      message: `Cannot lock ${path}: another program holds it`,
    });
  }
  held[Symbol.dispose]();
  // A wait that was given up takes the lock and gives it back.
  using _held = await other.acquire(1000);
}

testNeeding(
  ["read", "write"],
  "FileLock.acquire() gives up in time, and gets the lock when it is free again",
  () =>
    withDirectory(async (directory) => {
      await assertGivesUpInTime(`${directory}/lock`);
    }),
);

testUnix(
  ["read", "write", "run"],
  "FileLock.acquire() waits for another process without stopping this one, until it is killed",
  () =>
    withDirectory(async (directory) => {
      const path = `${directory}/lock`;
      await using child = await startStateProcess();
      assert.deepEqual(await doInProcess(child, { do: "hold", path }), { warnings: [] });
      let ticks = 0;
      const timer = setInterval(() => {
        if (++ticks === 10) child.child.kill("SIGKILL");
      }, 5);
      using _held = await new FileLock(path).acquire(10_000);
      clearInterval(timer);
      assert.ok(ticks >= 10);
    }),
);

testNeeding(
  ["read", "write"],
  "FileLock.acquire() fails where there is no directory",
  () =>
    withDirectory(async (directory) => {
      const lock = new FileLock(`${directory}/none/lock`);
      await assert.rejects(lock.acquire(1000), Deno.errors.NotFound);
    }),
);

testNeeding(
  ["read", "write"],
  "FileLock.acquire() does the same on a runtime that cannot try a lock",
  () =>
    withDirectory(async (directory) => {
      const { tryLock } = Deno.FsFile.prototype;
      delete (Deno.FsFile.prototype as { tryLock?: unknown }).tryLock;
      try {
        await assertGivesUpInTime(`${directory}/lock`);
      } finally {
        Deno.FsFile.prototype.tryLock = tryLock;
      }
    }),
);
