import assert from "node:assert/strict";
import { loadKeyFile, openKeyFile } from "../../lib/storage/key_file.ts";
import { openInProcess, startKeyFileProcess } from "../support/key_file_processes.ts";
import {
  assertChatError,
  KEY,
  modeOf,
  namesIn,
  testUnix,
  withKeyPath,
} from "../support/key_files.ts";
import { testNeeding } from "../support/needs.ts";
import { collectWarnings, noWarning } from "../support/wordings.ts";

/** Loading and opening must fail in the same way and leave everything as it is. */
async function assertRefused(path: string, message: string, hint?: string): Promise<void> {
  const directory = path.slice(0, path.lastIndexOf("/"));
  const state = async () => {
    const { isFile, mode, size, mtime, ino } = await Deno.lstat(path);
    const bytes = isFile && size < 1000 ? await Deno.readFile(path) : null;
    return { mode, size, mtime, ino, bytes, names: await namesIn(directory) };
  };
  const before = await state();
  for (const act of [loadKeyFile, openKeyFile]) {
    await assertChatError(act(path, noWarning), message, hint);
    assert.deepEqual(await state(), before);
  }
}

/** Expects that a file is refused for what it holds. */
async function assertInvalid(path: string): Promise<void> {
  const hint = "It must be one line of 44 characters. Ask for the file again, or move it away " +
    "so that the server makes a new one.";
  await assertRefused(path, `Cannot load key: ${path} does not hold a valid key`, hint);
}

testNeeding(
  ["read", "write"],
  "openKeyFile() refuses a file that is not a key, and leaves it as it is",
  withKeyPath(async (path) => {
    const texts = ["", KEY.slice(0, 43), `${KEY}A`, `${KEY}=`, `${KEY}\r`, `${KEY}\n\n`];
    texts.push(`\n${KEY}`, ` ${KEY}`, `${KEY} `, `${KEY}\0`, `\ufeff${KEY}`, `${KEY}\r\n\n`);
    texts.push(KEY.replace("_", "/"), KEY.replace("4=", "5="), "x".repeat(44), "\0".repeat(44));
    texts.push(`${KEY}\n`.repeat(2), "\xff".repeat(22), "\n", "-----BEGIN PRIVATE KEY-----\n");
    for (const text of texts) {
      await Deno.writeTextFile(path, text);
      await assertInvalid(path);
    }
    await Deno.writeFile(path, new Uint8Array(44).fill(0xff));
    await assertInvalid(path);
  }),
);

testNeeding(
  ["read", "write"],
  "openKeyFile() refuses a file of 1 GB without reading it",
  withKeyPath(async (path) => {
    await Deno.writeTextFile(path, `${KEY}\n`);
    await Deno.truncate(path, 1_000_000_000);
    const before = Deno.memoryUsage().rss;
    await assertInvalid(path);
    assert.ok(Deno.memoryUsage().rss - before < 100_000_000);
  }),
);

testNeeding(
  ["read", "write"],
  "openKeyFile() refuses a directory",
  withKeyPath(async (path) => {
    await Deno.mkdir(path);
    await assertRefused(path, `Cannot load key: ${path} is not a file`);
    await Deno.writeTextFile(`${path}/secret.key`, KEY);
    await assertRefused(path, `Cannot load key: ${path} is not a file`);
  }),
);

testUnix(
  ["read", "write", "run"],
  "openKeyFile() refuses a FIFO without opening it, even if a key waits in it",
  withKeyPath(async (path) => {
    assert.ok((await new Deno.Command("mkfifo", { args: [path] }).output()).success);
    const script = 'printf %s "$0" > "$1"';
    const writer = new Deno.Command("sh", { args: ["-c", script, KEY, path] }).spawn();
    try {
      await assertRefused(path, `Cannot load key: ${path} is not a file`);
    } finally {
      writer.kill("SIGKILL");
    }
    assert.equal((await writer.status).signal, "SIGKILL");
  }),
);

testNeeding(
  ["read", "write"],
  "loadKeyFile() never shows what an invalid file holds",
  withKeyPath(async (path) => {
    await Deno.writeTextFile(path, `${KEY}x`);
    const error = await loadKeyFile(path, noWarning).catch((error: unknown) => error);
    assert.match(Deno.inspect(error), /does not hold a valid key/);
    assert.ok(!Deno.inspect(error).includes(KEY.slice(0, 8)));
  }),
);

testUnix(
  ["read", "write"],
  "loadKeyFile() makes a key that others may use private, with a warning",
  withKeyPath(async (path) => {
    await Deno.writeTextFile(path, KEY);
    for (let others = 1; others <= 0o77; others++) {
      await Deno.chmod(path, 0o600 | others);
      const { warnings, warn } = collectWarnings();
      assert.equal(await loadKeyFile(path, warn), KEY);
      assert.deepEqual(warnings, [`others could read ${path}: its mode is now 0600`]);
      assert.equal(await modeOf(path), 0o600);
    }
    for (const mode of [0o600, 0o400, 0o700]) {
      await Deno.chmod(path, mode);
      assert.equal(await loadKeyFile(path, noWarning), KEY);
      assert.equal(await modeOf(path), mode);
    }
  }),
);

testUnix(
  ["read", "write", "run"],
  "openKeyFile() refuses a key that stays readable by others",
  withKeyPath(async (path) => {
    await Deno.writeTextFile(path, KEY);
    await Deno.chmod(path, 0o644);
    await using child = await startKeyFileProcess({ flags: ["--allow-read"] });
    assert.deepEqual(await openInProcess(child, path), {
      error: {
        name: "ChatError",
        message: `Cannot load key: others may read ${path}`,
        hint: `Make it private: chmod 600 ${path}`,
      },
      warnings: [],
    });
  }),
);

testUnix(
  ["read", "write"],
  "openKeyFile() follows a symbolic link to a key",
  withKeyPath(async (path, directory) => {
    const target = `${directory}/real.key`;
    await Deno.writeTextFile(target, KEY);
    await Deno.chmod(target, 0o640);
    await Deno.symlink(target, path);
    const { warnings, warn } = collectWarnings();
    const opened = await openKeyFile(path, warn);
    assert.deepEqual(opened, { text: KEY, created: false });
    assert.deepEqual(warnings, [`others could read ${path}: its mode is now 0600`]);
    assert.equal(await modeOf(target), 0o600);
    assert.ok((await Deno.lstat(path)).isSymlink);
  }),
);

testUnix(
  ["read", "write"],
  "openKeyFile() refuses a link to nothing, and creates nothing behind it",
  withKeyPath(async (path, directory) => {
    await Deno.symlink("nowhere", path);
    await assert.rejects(openKeyFile(path, noWarning), {
      name: "ChatError",
      message: `Cannot load key: ${path} is a link to nothing`,
    });
    assert.deepEqual(await Array.fromAsync(Deno.readDir(directory), ({ name }) => name), [
      "secret.key",
    ]);
  }),
);
