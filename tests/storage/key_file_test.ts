import assert from "node:assert/strict";
import { generateKey, parseKey } from "../../lib/crypto/key.ts";
import { loadKeyFile, openKeyFile } from "../../lib/storage/key_file.ts";
import { STALE_TEMPORARY_MS } from "../../lib/storage/limits.ts";
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
import { noWarning } from "../support/wordings.ts";

testNeeding(
  ["read", "write"],
  "openKeyFile() makes a key once and loads it from then on",
  withKeyPath(async (path, directory) => {
    const first = await openKeyFile(path, noWarning);
    assert.equal(first.created, true);
    assert.equal(parseKey(first.text).length, 32);
    assert.equal(await Deno.readTextFile(path), first.text);
    assert.deepEqual(await namesIn(directory), ["secret.key"]);
    assert.deepEqual(await openKeyFile(path, noWarning), { text: first.text, created: false });
    assert.equal(await loadKeyFile(path, noWarning), first.text);
  }),
);

testUnix(
  ["read", "write", "run"],
  "openKeyFile() makes a file of 44 bytes and mode 0600 under any umask",
  withKeyPath(async (path) => {
    for (const umask of ["000", "022", "077", "0777"]) {
      await using child = await startKeyFileProcess({ umask });
      const { opened, warnings } = await openInProcess(child, path);
      assert.deepEqual(opened, { text: await Deno.readTextFile(path), created: true });
      assert.deepEqual(warnings, []);
      assert.equal((await Deno.stat(path)).size, 44);
      assert.equal(await modeOf(path), 0o600, umask);
      await Deno.remove(path);
    }
  }),
);

testNeeding(
  ["read", "write", "run"],
  "openKeyFile() lets one of ten racing processes make the key that all load",
  withKeyPath(async (_, directory) => {
    const children = await Promise.all(Array.from({ length: 10 }, () => startKeyFileProcess()));
    await using stack = new AsyncDisposableStack();
    for (const child of children) stack.use(child);
    for (let round = 0; round < 10; round++) {
      const path = `${directory}/${round}.key`;
      const outcomes = await Promise.all(children.map((child) => openInProcess(child, path)));
      const text = await Deno.readTextFile(path);
      assert.deepEqual(outcomes.map(({ opened }) => opened?.text), Array(10).fill(text));
      assert.equal(outcomes.filter(({ opened }) => opened?.created).length, 1);
    }
    assert.deepEqual(await namesIn(directory), Array.from({ length: 10 }, (_, i) => `${i}.key`));
  }),
);

testNeeding(
  ["read", "write", "run"],
  "openKeyFile() makes a key in the working directory",
  withKeyPath(async (path, directory) => {
    const stale = `${directory}/.secret.key.0123456789abcdef.tmp`;
    await Deno.writeTextFile(stale, generateKey());
    await Deno.utime(stale, 0, 0);
    await using child = await startKeyFileProcess({ cwd: directory });
    const { opened } = await openInProcess(child, "secret.key");
    assert.deepEqual(opened, { text: await Deno.readTextFile(path), created: true });
    assert.deepEqual(await namesIn(directory), ["secret.key"]);
  }),
);

testNeeding(
  ["read", "write"],
  "loadKeyFile() tolerates one LF or CRLF at the end",
  withKeyPath(async (path) => {
    for (const ending of ["", "\n", "\r\n"]) {
      await Deno.writeTextFile(path, KEY + ending, { mode: 0o600 });
      assert.equal(await loadKeyFile(path, noWarning), KEY);
      assert.deepEqual(await openKeyFile(path, noWarning), { text: KEY, created: false });
      assert.equal(await Deno.readTextFile(path), KEY + ending);
    }
  }),
);

testNeeding(
  ["read", "write"],
  "loadKeyFile() tells a missing file by Deno.errors.NotFound",
  withKeyPath(async (path, directory) => {
    for (const missing of [path, `${directory}/none/secret.key`]) {
      await assert.rejects(loadKeyFile(missing, noWarning), Deno.errors.NotFound);
    }
    assert.deepEqual(await namesIn(directory), []);
  }),
);

testNeeding(
  ["read", "write"],
  "openKeyFile() tells what to do where no key can be made",
  withKeyPath(async (path, directory) => {
    await Deno.writeTextFile(path, KEY);
    const parents: [parent: string, why: string][] = [
      [`${directory}/none`, ": there is no such directory"],
      [path, ": a part of its path is not a directory"],
    ];
    if (Deno.build.os === "windows") parents.pop();
    for (const [parent, why] of parents) {
      const unwritable = `${parent}/secret.key`;
      const error = await assertChatError(
        openKeyFile(unwritable, noWarning),
        `Cannot create key: ${unwritable} cannot be written${why}`,
        "Choose a directory that you may write to, with --key PATH.",
      );
      assert.ok(error.cause instanceof Error);
    }
    if (Deno.build.os !== "linux") return;
    // The kernel gives one reason or another.
    const message = /^Cannot create key: \/proc\/secret\.key cannot be written/;
    await assert.rejects(openKeyFile("/proc/secret.key", noWarning), {
      name: "ChatError",
      message,
    });
  }),
);

testNeeding(
  ["read", "write"],
  "openKeyFile() removes what creations left over a minute ago, and nothing else",
  withKeyPath(async (path, directory) => {
    const hex = "0123456789abcdef";
    const stale = `.secret.key.${hex}.tmp`;
    const kept = [".secret.key.tmp~", `.other.key.${hex}.tmp`, `secret.key.${hex}.tmp`, "notes"];
    kept.push(".secret.key.my-notes.tmp", ".secret.key.tmp");
    const young = `.secret.key.${hex.replace("0", "1")}.tmp`;
    const now = Date.now();
    for (const name of [stale, young, ...kept]) {
      await Deno.writeTextFile(`${directory}/${name}`, generateKey());
      const age = name === young ? STALE_TEMPORARY_MS - 5000 : STALE_TEMPORARY_MS + 5000;
      await Deno.utime(`${directory}/${name}`, new Date(now - age), new Date(now - age));
    }
    const { text } = await openKeyFile(path, noWarning);
    assert.deepEqual(await namesIn(directory), [...kept, young, "secret.key"].sort());

    // Killed between linking and removing: the leftover is the key file itself.
    await Deno.link(path, `${directory}/${stale}`);
    await Deno.utime(path, new Date(now - 61_000), new Date(now - 61_000));
    assert.deepEqual(await openKeyFile(path, noWarning), { text, created: false });
    assert.deepEqual(await namesIn(directory), [...kept, young, "secret.key"].sort());
  }),
);

testNeeding(
  ["read", "write"],
  "loadKeyFile() leaves leftovers alone",
  withKeyPath(async (path, directory) => {
    await Deno.writeTextFile(path, KEY, { mode: 0o600 });
    await Deno.writeTextFile(`${directory}/.secret.key.0123456789abcdef.tmp`, KEY);
    await Deno.utime(`${directory}/.secret.key.0123456789abcdef.tmp`, 0, 0);
    await loadKeyFile(path, noWarning);
    assert.equal((await namesIn(directory)).length, 2);
  }),
);
