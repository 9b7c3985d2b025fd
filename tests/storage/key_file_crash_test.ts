import assert from "node:assert/strict";
import { parseKey } from "../../lib/crypto/key.ts";
import { openKeyFile } from "../../lib/storage/key_file.ts";
import { startKeyFileProcess } from "../support/key_file_processes.ts";
import { namesIn, testUnix } from "../support/key_files.ts";
import { testNeeding } from "../support/needs.ts";
import { withDirectory } from "../support/temporary.ts";
import { noWarning } from "../support/wordings.ts";

/** `secret.key`, of some name, and what creations that were killed left beside it. */
interface Remains {
  /** The key's text, if the file is there. */
  readonly text?: string;
  /** Paths of temporary files. */
  readonly leftovers: readonly string[];
}

/** A file of any other form than a finished key's fails. */
async function examine(directory: string, name = "secret.key"): Promise<Remains> {
  const names = await namesIn(directory);
  const leftovers = names.filter((each) => each.startsWith(`.${name}.`) && each.endsWith(".tmp"))
    .map((each) => `${directory}/${each}`);
  for (const leftover of leftovers) await assertPrivate(leftover);
  if (!names.includes(name)) return { leftovers };
  await assertPrivate(`${directory}/${name}`);
  const text = await Deno.readTextFile(`${directory}/${name}`);
  parseKey(text);
  return { text, leftovers };
}

async function assertPrivate(path: string): Promise<void> {
  const { isFile, mode } = await Deno.lstat(path);
  assert.ok(isFile);
  assert.equal(mode! & 0o7777, 0o600, path);
}

/** The next start must load the key that is there or make one, and clean up after a minute. */
async function assertNextStartWorks(
  directory: string,
  { text, leftovers }: Remains,
  name = "secret.key",
): Promise<void> {
  const opened = await openKeyFile(`${directory}/${name}`, noWarning);
  assert.equal(opened.created, text === undefined);
  if (text !== undefined) assert.equal(opened.text, text);
  assert.deepEqual(await examine(directory, name), { text: opened.text, leftovers });

  const longAgo = new Date(Date.now() - 61_000);
  for (const leftover of leftovers) await Deno.utime(leftover, longAgo, longAgo);
  const reopened = await openKeyFile(`${directory}/${name}`, noWarning);
  assert.deepEqual(reopened, { text: opened.text, created: false });
  assert.deepEqual(await examine(directory, name), { text: opened.text, leftovers: [] });
}

/**
 * Starts making `secret.key` and dies on entering a system call.
 *
 * @param syscalls As strace names them, with a `?` where a platform may lack one.
 * @param path Only calls on this path, or on a file opened by it, count.
 */
async function killAt(directory: string, syscalls: string, path?: string): Promise<Remains> {
  const inject = ["-e", `inject=${syscalls}:signal=KILL`];
  const only = path === undefined ? [] : ["-P", path];
  // The seed gives the temporary file the same random name each time.
  await using child = await startKeyFileProcess({
    flags: ["--seed=1", "--allow-read", "--allow-write"],
    wrapper: ["strace", "-f", "-qq", "-o", "/dev/null", ...only, ...inject],
  });
  await child.write(`${directory}/secret.key\n`);
  await child.child.stdin.close();
  const { signal } = await child.child.status;
  assert.equal(signal, "SIGKILL", `not killed at ${syscalls}:\n${child.stdout}${child.stderr}`);
  return await examine(directory);
}

/** Each step of a creation, and what being killed just before it leaves. */
const STEPS = [
  { name: "opening", syscalls: "?open,openat", leaves: { leftovers: 0, key: false } },
  { name: "chmod", syscalls: "?chmod,?fchmodat,?fchmodat2", leaves: { leftovers: 1, key: false } },
  { name: "writing", syscalls: "write,pwrite64,writev", leaves: { leftovers: 1, key: false } },
  { name: "syncing", syscalls: "fsync,fdatasync", leaves: { leftovers: 1, key: false } },
  { name: "linking", syscalls: "?link,linkat", leaves: { leftovers: 1, key: false } },
  { name: "unlinking", syscalls: "?unlink,unlinkat", leaves: { leftovers: 1, key: true } },
];

const testLinux = Deno.build.os === "linux" ? testNeeding : () => {};

testLinux(
  ["read", "write", "run", "strace"],
  "openKeyFile() leaves no key or a good one when killed at any step",
  async (t) => {
    const temporaryName = await withDirectory(async (directory) => {
      const { leftovers } = await killAt(directory, "?link,linkat");
      assert.equal(leftovers.length, 1);
      return leftovers[0]!.slice(directory.length + 1);
    });
    for (const { name, syscalls, leaves } of STEPS) {
      await t.step(name, () =>
        withDirectory(async (directory) => {
          const remains = await killAt(directory, syscalls, `${directory}/${temporaryName}`);
          const { text, leftovers } = remains;
          assert.deepEqual({ leftovers: leftovers.length, key: text !== undefined }, leaves);
          await assertNextStartWorks(directory, remains);
        }));
    }
    await t.step("syncing the directory", () =>
      withDirectory(async (directory) => {
        const remains = await killAt(directory, "fsync,fdatasync", directory);
        assert.equal(typeof remains.text, "string");
        assert.deepEqual(remains.leftovers, []);
        await assertNextStartWorks(directory, remains);
      }));
  },
);

/** Kills a process that makes keys, one after the other, and tells how many it left half-made. */
async function killAtRandom(directory: string): Promise<number> {
  const names = Array.from({ length: 200 }, (_, i) => `${i}.key`);
  await using child = await startKeyFileProcess();
  await child.write(names.map((name) => `${directory}/${name}\n`).join(""));
  await child.waitFor("stdout", /created/);
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
  child.child.kill("SIGKILL");
  await child.finished();

  let halfMade = 0;
  for (const name of names) {
    const remains = await examine(directory, name);
    const { text, leftovers } = remains;
    if (text === undefined || leftovers.length > 0) {
      await assertNextStartWorks(directory, remains, name);
    }
    if (leftovers.length > 0) halfMade++;
    // Those after it were not begun.
    if (text === undefined) break;
  }
  return halfMade;
}

testUnix(
  ["read", "write", "run"],
  "openKeyFile() leaves no key or a good one when killed at 100 random moments",
  async () => {
    let killed = 0;
    let halfMade = 0;
    const worker = async () => {
      while (killed++ < 100) halfMade += await withDirectory(killAtRandom);
    };
    await Promise.all([worker(), worker()]);
    assert.ok(halfMade >= 2, `only ${halfMade} kills hit a key half-made`);
  },
);
