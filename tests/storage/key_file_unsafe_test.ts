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
    const expected = hint === GIVEN_HINT && act === openKeyFile ? HINT : hint;
    await assertChatError(act(path, noWarning), message, expected);
    assert.deepEqual(await state(), before);
  }
}

/** What a client is told, and what a server is told, which could make another key. */
const GIVEN_HINT =
  "It must be one line of 44 characters, or lines that begin with room2. Ask who gave it to you for the file again.";
const HINT =
  "It must be one line of 44 characters, or lines that begin with room2. Ask for the file again, or move it away " +
  "so that the server makes a new one.";

/** Expects that a file is refused for what it holds. */
async function assertInvalid(path: string, hint = GIVEN_HINT): Promise<void> {
  await assertRefused(path, `Cannot load key: ${path} does not hold a valid key`, hint);
}

testNeeding(
  ["read", "write"],
  "openKeyFile() refuses a file that is not a key, and leaves it as it is",
  withKeyPath(async (path) => {
    const texts = [KEY.slice(0, 42), `${KEY}A`, `${KEY}=`, `${KEY}\0`, KEY.replace("4=", "5=")];
    texts.push("x".repeat(44), "\0".repeat(44), `${KEY}\n`.repeat(2), "\xff".repeat(22));
    texts.push(`${KEY} ${KEY}`, "-----BEGIN PRIVATE KEY-----\n", KEY.slice(1), `"${KEY}"`);
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
  "openKeyFile() tells what was done to a key",
  withKeyPath(async (path) => {
    const blanks = "There are blanks or empty lines around what it holds: remove them.";
    const mark = "It begins with a byte order mark: save it as UTF-8 without one.";
    const alphabet = "It is in the other alphabet of Base64: write - for each +, and _ for each /.";
    const utf16 = "It is in UTF-16: save it as UTF-8.";
    const other = KEY.replaceAll("-", "+").replaceAll("_", "/");
    const cases: [text: string, hint: string][] = [
      ...["\n$", "\n$\n", " $", "$ ", "$\r", "$\n\n", "$\r\n\n", "\t$\n", "\u00a0$"].map((form) =>
        [form.replace("$", KEY), blanks] as [string, string]
      ),
      [`\ufeff${KEY}`, mark],
      [`\ufeff${KEY}\r\n`, mark],
      [other, alphabet],
      [`${other}\n`, alphabet],
      [KEY.slice(0, 43), "The = at its end is missing."],
      [`${KEY.slice(0, 43)}\n`, "The = at its end is missing."],
    ];
    for (const [text, hint] of cases) {
      await Deno.writeTextFile(path, text);
      await assertInvalid(path, hint);
    }
    for (const text of [KEY, `${KEY}\r\n`, `\ufeff${KEY}\r\n`]) {
      for (const isBig of [false, true]) {
        const wide = new Uint8Array(2 * text.length);
        const view = new DataView(wide.buffer);
        for (let i = 0; i < text.length; i++) view.setUint16(2 * i, text.charCodeAt(i), !isBig);
        await Deno.writeFile(path, wide);
        await assertInvalid(path, utf16);
      }
    }
    for (const text of ["", "\n", " \r\n"]) {
      await Deno.writeTextFile(path, text);
      await assertRefused(path, `Cannot load key: ${path} is empty`, GIVEN_HINT);
    }
  }),
);

testUnix(
  ["read", "write"],
  "openKeyFile() tells why a file cannot be read or made, if not for its permissions",
  withKeyPath(async (path, directory) => {
    await Deno.symlink("secret.key", path);
    await assertRefused(
      path,
      `Cannot load key: ${path} cannot be read: its links lead in a circle`,
      "Remove the link, or choose another file with --key PATH.",
    );
    await Deno.writeTextFile(`${directory}/file`, "");
    const hint = "Choose a directory that you may write to, with --key PATH.";
    const cases = [
      [`${directory}/file/key`, "a part of its path is not a directory"],
      [`${directory}/${"x".repeat(256)}`, "its name is too long"],
      [`${directory}/none/key`, "there is no such directory"],
    ] as const;
    for (const [each, why] of cases) {
      const message = `Cannot create key: ${each} cannot be written: ${why}`;
      await assertChatError(openKeyFile(each, noWarning), message, hint);
    }
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

const MOUNTED = "Have it given to you with mode 0400 or 0440, or use a copy with mode 0600. " +
  "A server can do without it: --keyless PATH.";
const testLinux = Deno.build.os === "linux" ? testUnix : () => {};

for (const errno of ["EROFS", "EPERM"]) {
  testLinux(
    ["read", "write", "run", "strace"],
    `openKeyFile() takes a mounted key that a group alone may read (${errno})`,
    withKeyPath(async (path) => {
      const inject = `inject=?chmod,?fchmodat,?fchmodat2:error=${errno}`;
      const wrapper = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", inject];
      await using child = await startKeyFileProcess({ wrapper });
      await Deno.writeTextFile(path, `${KEY}\n`);
      for (const mode of [0o400, 0o440, 0o640]) {
        await Deno.chmod(path, mode);
        const expected = { opened: { text: KEY, created: false }, warnings: [] };
        assert.deepEqual(await openInProcess(child, path), expected);
        assert.equal(await modeOf(path), mode);
      }
      const message = `Cannot load key: others may read ${path}`;
      for (const mode of [0o444, 0o460, 0o604, 0o640 | 0o001]) {
        await Deno.chmod(path, mode);
        const { error } = await openInProcess(child, path);
        assert.deepEqual(error, { name: "ChatError", message, hint: MOUNTED });
      }
    }),
  );
}
