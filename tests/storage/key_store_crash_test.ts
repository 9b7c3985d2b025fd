import assert from "node:assert/strict";
import { formatRoomSecret, parseRoomSecret } from "../../lib/crypto/room_secret.ts";
import { KeyStore } from "../../lib/storage/key_store.ts";
import { KEY, modeOf, namesIn, testUnix } from "../support/key_files.ts";
import { testNeeding } from "../support/needs.ts";
import { IMPORT_FLAGS, Program, ROOT } from "../support/programs.ts";
import { withDirectory } from "../support/temporary.ts";
import { noWarning } from "../support/wordings.ts";

/** Starts a process that changes the file, under a command such as strace. */
async function startChild(path: string, wrapper: readonly string[] = [], flags: string[] = []) {
  const permissions = ["--no-prompt", "--allow-read", "--allow-write"];
  const program = Program.spawn([
    ...wrapper,
    ...[Deno.execPath(), "run", "-q", ...permissions, ...IMPORT_FLAGS, ...flags],
    `${ROOT}tests/support/key_store_child.ts`,
    path,
  ], { env: { NO_COLOR: "1" } });
  await program.waitFor("stdout", /^ready\n/);
  return program;
}

/** The text of a file that is as it should be, and the temporary files beside it. */
async function examine(directory: string): Promise<{ text: string; leftovers: string[] }> {
  const path = `${directory}/secret.key`;
  const text = await Deno.readTextFile(path);
  assert.equal(formatRoomSecret(await parseRoomSecret(text)), text);
  const leftovers = (await namesIn(directory)).filter((name) => name.endsWith(".tmp"));
  for (const name of ["secret.key", ...leftovers]) {
    assert.equal(await modeOf(`${directory}/${name}`), 0o600, name);
  }
  return { text, leftovers };
}

/** What is left can be changed as if nothing had been, and is cleaned up after a minute. */
async function assertNextChangeWorks(directory: string): Promise<void> {
  const { text, leftovers } = await examine(directory);
  const longAgo = new Date(Date.now() - 61_000);
  for (const name of leftovers) await Deno.utime(`${directory}/${name}`, longAgo, longAgo);
  await using child = await startChild(`${directory}/secret.key`);
  await child.write("adopt\n");
  await child.waitFor("stdout", /\n"/);
  const after = await examine(directory);
  assert.deepEqual(after.leftovers, []);
  const [before, now] = [await parseRoomSecret(text), await parseRoomSecret(after.text)];
  const marks = now.generations.map(({ mark }) => mark.toHex());
  assert.deepEqual(marks.slice(1), before.generations.map(({ mark }) => mark.toHex()));
}

/** Begins to adopt a generation, and dies on entering a system call. */
async function killAt(directory: string, syscalls: string, path?: string) {
  await Deno.writeTextFile(`${directory}/secret.key`, KEY, { mode: 0o600 });
  const inject = ["-e", `inject=${syscalls}:signal=KILL`];
  const only = path === undefined ? [] : ["-P", path];
  // The seed gives the temporary file the same random name each time.
  await using child = await startChild(`${directory}/secret.key`, [
    ...["strace", "-f", "-qq", "-o", "/dev/null", ...only, ...inject],
  ], ["--seed=1"]);
  await child.write("adopt\n");
  await child.child.stdin.close();
  const { signal } = await child.child.status;
  assert.equal(signal, "SIGKILL", `not killed at ${syscalls}:\n${child.stdout}${child.stderr}`);
  return await examine(directory);
}

/** The name of the temporary file, which the seed makes the same in each run. */
async function findTemporaryName(directory: string): Promise<string> {
  await Deno.writeTextFile(`${directory}/secret.key`, KEY, { mode: 0o600 });
  const log = `${directory}/log`;
  const wrapper = ["strace", "-f", "-qq", "-e", `trace=${RENAME}`, "-o", log];
  await using child = await startChild(`${directory}/secret.key`, wrapper, ["--seed=1"]);
  await child.write("adopt\n");
  await child.child.stdin.close();
  assert.equal((await child.finished(60)).code, 0);
  const [name] = /\.secret\.key\.[0-9a-f]{16}\.tmp/.exec(await Deno.readTextFile(log)) ?? [];
  assert.ok(name, "no temporary file");
  return name;
}

const RENAME = "?rename,renameat,?renameat2";

/** Each step of a change, and what being killed just before it leaves. */
const STEPS = [
  { name: "opening", syscalls: "?open,openat", leftovers: 0 },
  { name: "chmod", syscalls: "?chmod,?fchmodat,?fchmodat2", leftovers: 1 },
  { name: "writing", syscalls: "write,pwrite64,writev", leftovers: 1 },
  { name: "syncing", syscalls: "fsync,fdatasync", leftovers: 1 },
  { name: "renaming", syscalls: RENAME, leftovers: 1 },
];

const testLinux = Deno.build.os === "linux" ? testNeeding : () => {};

testLinux(
  ["read", "write", "run", "strace"],
  "KeyStore leaves the old file or the new one when killed at any step",
  async (t) => {
    const temporaryName = await withDirectory(findTemporaryName);
    for (const { name, syscalls, leftovers } of STEPS) {
      await t.step(name, () =>
        withDirectory(async (directory) => {
          const remains = await killAt(directory, syscalls, `${directory}/${temporaryName}`);
          assert.equal(remains.text, KEY);
          assert.equal(remains.leftovers.length, leftovers);
          await assertNextChangeWorks(directory);
        }));
    }
    await t.step("taking the lock", () =>
      withDirectory(async (directory) => {
        const remains = await killAt(directory, "flock,fcntl", `${directory}/secret.key.lock`);
        assert.deepEqual(remains, { text: KEY, leftovers: [] });
        await assertNextChangeWorks(directory);
      }));
    await t.step("syncing the directory", () =>
      withDirectory(async (directory) => {
        const { text, leftovers } = await killAt(directory, "fsync,fdatasync", directory);
        assert.match(text, /^room2\.[^.]+\.1\./);
        assert.deepEqual(leftovers, []);
        await assertNextChangeWorks(directory);
      }));
  },
);

/** Kills a process that changes a file all the time. What it has told of is there. */
async function killAtRandom(directory: string): Promise<number> {
  const path = `${directory}/secret.key`;
  await Deno.writeTextFile(path, KEY, { mode: 0o600 });
  await using child = await startChild(path);
  const lines = Array.from({ length: 500 }, (_, i) => i % 3 === 0 ? "adopt" : `day ${i}`);
  await child.write(`${lines.join("\n")}\n`);
  let killed = 0;
  await child.waitFor("stdout", /\n"/);
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 30));
  child.child.kill("SIGKILL");
  await child.finished();
  const { text, leftovers } = await examine(directory);
  if (leftovers.length > 0) killed++;
  const told = child.stdout.trimEnd().split("\n").slice(1).flatMap((line) => {
    return line.endsWith('"') ? [JSON.parse(line) as string] : [];
  });
  const [last, now] = [await parseRoomSecret(told.at(-1)!), await parseRoomSecret(text)];
  assert.ok(now.generations[0].number >= last.generations[0].number);
  assert.ok(now.generations[0].number <= last.generations[0].number + 1);
  // A client that starts now takes it as it is.
  const store = await KeyStore.at(path, noWarning);
  await store.update((onDisk) => Promise.resolve(onDisk!));
  return killed;
}

testUnix(
  ["read", "write", "run"],
  "KeyStore leaves a good file when killed at 300 random moments, and loses no generation",
  async () => {
    let started = 0;
    let halfMade = 0;
    const worker = async () => {
      while (started++ < 300) halfMade += await withDirectory(killAtRandom);
    };
    await Promise.all([worker(), worker()]);
    assert.ok(halfMade >= 2, `only ${halfMade} kills hit a file half-made`);
  },
);

testNeeding(
  ["read", "write", "run"],
  "KeyStore keeps the changes of four processes at once",
  async () => {
    await withDirectory(async (directory) => {
      const path = `${directory}/secret.key`;
      await Deno.writeTextFile(path, KEY, { mode: 0o600 });
      const children = await Promise.all([1, 2, 3, 4].map(() => startChild(path)));
      await Promise.all(children.map((child) => child.write("adopt\n".repeat(25))));
      for (const child of children) await child.child.stdin.close();
      for (const child of children) assert.equal((await child.finished(60)).code, 0);
      const { generations } = await parseRoomSecret(await Deno.readTextFile(path));
      assert.equal(generations[0].number, 100);
      for (const child of children) await child[Symbol.asyncDispose]();
    });
  },
);
