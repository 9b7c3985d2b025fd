import assert from "node:assert/strict";
import { FileLock } from "../../lib/storage/file_lock.ts";
import { SharedFile } from "../../lib/storage/shared_file.ts";
import { modeOf, namesIn, testUnix } from "../support/key_files.ts";
import { testNeeding } from "../support/needs.ts";
import { giveAway } from "../support/other_user.ts";
import { until } from "../support/process_info.ts";
import { doInProcess, startStateProcess, withStateProcesses } from "../support/state_processes.ts";
import { withDirectory } from "../support/temporary.ts";
import { collectWarnings, noWarning } from "../support/wordings.ts";
import { openWords, WORDS } from "../support/words.ts";

/** A function for a test, given a path for a state file in a directory that is not there yet. */
function withStatePath(
  fn: (path: string, directory: string) => Promise<void>,
): () => Promise<void> {
  return () => withDirectory((parent) => fn(`${parent}/state/words`, `${parent}/state`));
}

async function wordsIn(path: string): Promise<string[]> {
  return [...WORDS.parse(await Deno.readTextFile(path))].sort();
}

testUnix(
  ["read", "write"],
  "SharedFile saves into a private file in a private directory, and loads it again",
  withStatePath(async (path, directory) => {
    {
      await using file = await openWords(path, noWarning);
      assert.deepEqual(file.value, new Set());
      file.value.add("one");
      await file.save();
      assert.deepEqual(await wordsIn(path), ["one"]);
      file.value = new Set(["two"]);
      file.touch();
    }
    assert.deepEqual(await wordsIn(path), ["one", "two"]);
    assert.deepEqual(await namesIn(directory), ["words", "words.lock"]);
    for (const name of ["words", "words.lock"]) {
      assert.equal(await modeOf(`${directory}/${name}`), 0o600);
    }
    assert.equal(await modeOf(directory), 0o700);
    await using file = await openWords(path, noWarning);
    assert.deepEqual(file.value, new Set(["one", "two"]));
  }),
);

testNeeding(
  ["read", "write"],
  "SharedFile.open() writes nothing, nor does the disposal of what was not touched",
  withStatePath(async (path, directory) => {
    {
      await using _file = await openWords(path, noWarning);
    }
    await assert.rejects(namesIn(directory), Deno.errors.NotFound);
  }),
);

testNeeding(
  ["read", "write"],
  "SharedFile.touch() saves after a while, what was added meanwhile included",
  withStatePath(async (path) => {
    let saved = Promise.withResolvers<void>();
    const format = {
      ...WORDS,
      format: (words: Set<string>) => {
        saved.resolve();
        return WORDS.format(words);
      },
    };
    await using file = await openWords(path, noWarning, format);
    file.value.add("one");
    file.touch();
    file.value.add("two");
    file.touch();
    // Its timer alone would let the process end.
    const awake = setInterval(() => {}, 1000);
    await saved.promise;
    saved = Promise.withResolvers();
    file.value.add("three");
    file.touch();
    await saved.promise;
    clearInterval(awake);
    await file.save();
    assert.deepEqual(await wordsIn(path), ["one", "three", "two"]);
  }),
);

testNeeding(
  ["read", "write", "run"],
  "SharedFile.touch() does not keep a process from ending",
  withStatePath(async (path) => {
    await using child = await startStateProcess();
    assert.deepEqual(await doInProcess(child, { do: "touch", path }), { warnings: [] });
    await child.child.stdin.close();
    assert.equal((await child.finished()).code, 0);
    await assert.rejects(Deno.stat(path), Deno.errors.NotFound);
  }),
);

testNeeding(
  ["read", "write"],
  "SharedFile.save() never overlaps, and takes along what was added before the call",
  withStatePath(async (path) => {
    let merges = 0;
    const format = {
      ...WORDS,
      merge: (disk: Set<string>, mine: Set<string>) => {
        merges++;
        return WORDS.merge(disk, mine);
      },
    };
    await using file = await openWords(path, noWarning, format);
    const first = file.save();
    const rest = Array.from({ length: 100 }, (_, i) => {
      file.value.add(`${i}`);
      return file.save();
    });
    await first;
    await Promise.all(rest);
    assert.ok(merges <= 2, `${merges} saves`);
    assert.equal((await wordsIn(path)).length, 100);
  }),
);

testNeeding(
  ["read", "write"],
  "SharedFile.save() joins what two have, and does not write what is there already",
  withStatePath(async (path) => {
    await using one = await openWords(path, noWarning);
    await using two = await openWords(path, noWarning);
    one.value.add("one");
    two.value.add("two");
    await Promise.all([one.save(), two.save()]);
    await one.save();
    for (const file of [one, two]) {
      await file.save();
      assert.deepEqual([...file.value].sort(), ["one", "two"]);
    }
    const { ino } = await Deno.stat(path);
    await one.save();
    assert.equal((await Deno.stat(path)).ino, ino);
  }),
);

for (const by of ["save", "touch"] as const) {
  testNeeding(
    ["read", "write", "run"],
    `SharedFile loses nothing of five processes that add 200 words each, by ${by}()`,
    withStatePath(async (path, directory) => {
      await withStateProcesses(5, async (children) => {
        const outcomes = await Promise.all(children.map((child, i) => {
          const words = Array.from({ length: 200 }, (_, j) => `${i}-${j}`);
          return doInProcess(child, { do: "add", path, words, by });
        }));
        assert.deepEqual(outcomes, Array(5).fill({ warnings: [] }));
      });
      assert.equal((await wordsIn(path)).length, 1000);
      assert.deepEqual(await namesIn(directory), ["words", "words.lock"]);
    }),
  );
}

/** Each save makes a new file. */
async function inodeOf(path: string): Promise<number | null> {
  return await Deno.stat(path).then(({ ino }) => ino, () => null);
}

testUnix(
  ["read", "write", "run"],
  "SharedFile leaves a whole file when killed while saving, and the lock free",
  withStatePath(async (path) => {
    let known = new Set<string>();
    for (let round = 0; round < 10; round++) {
      await using child = await startStateProcess();
      const words = Array.from({ length: 2000 }, (_, j) => `${round}-${j}`);
      const command = JSON.stringify({ do: "add", path, words, by: "save" });
      const inode = await inodeOf(path);
      await child.write(`${command}\n`);
      // From its first save on.
      await until(async () => await inodeOf(path) !== inode, "a first save");
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 60));
      child.child.kill("SIGKILL");
      await child.finished();
      await using file = await openWords(path, noWarning);
      assert.ok(known.isSubsetOf(file.value));
      file.value.add(`after ${round}`);
      const begun = performance.now();
      await file.save();
      assert.ok(performance.now() - begun < 2000, "the dead process kept the lock");
      known = new Set(await wordsIn(path));
    }
    assert.ok(known.size > 10, "every process was killed before its first save");
  }),
);

testNeeding(
  ["read", "write"],
  "SharedFile sets a damaged file aside, says so once and keeps one",
  withStatePath(async (path, directory) => {
    const { warnings, warn } = collectWarnings();
    await Deno.mkdir(directory);
    const damaged = ["2\none\n", "", `1\n${"x".repeat(99_998)}\n`, "1\none", "\0"];
    for (const text of damaged) {
      await Deno.writeTextFile(path, text, { mode: 0o600 });
      await using file = await openWords(path, warn);
      assert.deepEqual(file.value, new Set());
      assert.equal(await Deno.readTextFile(`${path}.damaged`), text);
      assert.deepEqual(await wordsIn(path), []);
    }
    const message = `${path} was damaged: starting anew, it is now ${path}.damaged`;
    assert.deepEqual(warnings, Array(damaged.length).fill(message));
    assert.deepEqual(await namesIn(directory), ["words", "words.damaged", "words.lock"]);

    await using file = await openWords(path, warn);
    file.value.add("mine");
    for (let i = 0; i < 3; i++) {
      await Deno.writeFile(path, new Uint8Array([0xff]));
      await file.save();
      assert.deepEqual(await wordsIn(path), ["mine"]);
    }
    assert.equal(warnings.length, damaged.length + 1);
  }),
);

testNeeding(
  ["read", "write"],
  "SharedFile goes on after damage, and without a file it can read, as the format says",
  withStatePath(async (path, directory) => {
    await Deno.mkdir(directory);
    await Deno.writeTextFile(path, "damaged", { mode: 0o600 });
    const format = { ...WORDS, lost: () => new Set(["careful"]) };
    await using file = await openWords(path, () => {}, format);
    assert.deepEqual(file.value, new Set(["careful"]));
    assert.deepEqual(await wordsIn(path), ["careful"]);

    await Deno.remove(path);
    await Deno.mkdir(path);
    await using unreadable = await openWords(path, () => {}, format);
    assert.deepEqual(unreadable.value, new Set(["careful"]));
  }),
);

testNeeding(
  ["read", "write"],
  "SharedFile keeps in memory what it cannot save, says so once, and saves when it can",
  withStatePath(async (path, directory) => {
    const { warnings, warn } = collectWarnings();
    // A file in the place of the directory stops root, too.
    await Deno.writeTextFile(directory, "");
    await using file = await openWords(path, warn);
    file.value.add("one");
    await file.save();
    file.value.add("two");
    await file.save();
    const saveWarnings = warnings.filter((each) => each.startsWith(`cannot save ${path}, only`));
    assert.equal(saveWarnings.length, 1, warnings.join("\n"));
    assert.deepEqual(file.value, new Set(["one", "two"]));
    await Deno.remove(directory);
    await file[Symbol.asyncDispose]();
    assert.deepEqual(await wordsIn(path), ["one", "two"]);
  }),
);

testUnix(
  ["read", "write", "run"],
  "SharedFile keeps in memory what it may not write",
  withStatePath(async (path, directory) => {
    {
      await using file = await openWords(path, noWarning);
      file.value.add("one");
      file.touch();
    }
    await using child = await startStateProcess(["--allow-read"]);
    const words = ["two", "three"];
    const { warnings, error } = await doInProcess(child, { do: "add", path, words, by: "save" });
    assert.equal(error, undefined);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0]!, /^cannot save .*\/words, only kept until the end: /);
    assert.deepEqual(await wordsIn(path), ["one"]);
    assert.deepEqual(await namesIn(directory), ["words", "words.lock"]);
  }),
);

testNeeding(
  ["read", "write"],
  "SharedFile writes nothing longer than it would read",
  withStatePath(async (path) => {
    const { warnings, warn } = collectWarnings();
    await using file = await openWords(path, warn);
    file.value.add("x".repeat(100_000 - "1\n\n".length));
    await file.save();
    assert.equal((await Deno.stat(path)).size, 100_000);
    file.value.add("y");
    await file.save();
    assert.equal((await Deno.stat(path)).size, 100_000);
    assert.equal(warnings.length, 1);
    file.value = new Set();
    await Deno.remove(path);
    await file.save();
  }),
);

testUnix(
  ["read", "write"],
  "SharedFile does not read what is not a file, nor replace it",
  withStatePath(async (path) => {
    const { warnings, warn } = collectWarnings();
    await Deno.mkdir(path, { recursive: true });
    await using file = await openWords(path, warn);
    await file.save();
    assert.ok((await Deno.stat(path)).isDirectory);
    assert.deepEqual(warnings, [
      `cannot read ${path}, starting without it: it is not a file`,
      `cannot save ${path}, only kept until the end: it is not a file`,
    ]);
    await Deno.remove(path);
  }),
);

testUnix(
  ["read", "write"],
  "SharedFile makes a file that others may use private, with a warning",
  withStatePath(async (path, directory) => {
    const { warnings, warn } = collectWarnings();
    await Deno.mkdir(directory);
    await Deno.writeTextFile(path, WORDS.format(new Set(["one"])));
    await Deno.chmod(path, 0o644);
    await using file = await openWords(path, warn);
    assert.deepEqual(file.value, new Set(["one"]));
    assert.deepEqual(warnings, [`others could read ${path}: its mode is now 0600`]);
    assert.equal(await modeOf(path), 0o600);
  }),
);

Deno.test({
  name: "SharedFile.inMemory() touches no disk",
  permissions: "none",
  fn: async () => {
    await using file = SharedFile.inMemory(WORDS);
    file.value.add("one");
    file.touch();
    await file.save();
    assert.deepEqual(file.value, new Set(["one"]));
  },
});

testNeeding(
  ["read", "write"],
  "SharedFile.save() waits 5 s for the lock, and then keeps what it has",
  withStatePath(async (path) => {
    const waits: number[] = [];
    const { acquire } = FileLock.prototype;
    FileLock.prototype.acquire = (maxMs) => {
      waits.push(maxMs);
      return Promise.reject(new Error("another program holds it"));
    };
    const { warnings, warn } = collectWarnings();
    await using file = await openWords(path, warn);
    try {
      file.value.add("one");
      await file.save();
    } finally {
      FileLock.prototype.acquire = acquire;
    }
    assert.deepEqual(waits, [5000]);
    assert.deepEqual(warnings, [
      `cannot save ${path}, only kept until the end: another program holds it`,
    ]);
    await file.save();
    assert.deepEqual(await wordsIn(path), ["one"]);
  }),
);

testUnix(
  ["read", "write"],
  "SharedFile leaves what a link leads to as it is, and warns of it",
  withStatePath(async (path, directory) => {
    await Deno.mkdir(directory, { mode: 0o700 });
    const target = `${directory}/page.html`;
    await Deno.writeTextFile(target, "one\n");
    await Deno.chmod(target, 0o644);
    await Deno.symlink(target, path);
    const { warnings, warn } = collectWarnings();
    await using file = await openWords(path, warn);
    file.value.add("two");
    await file.save();
    assert.equal(await modeOf(target), 0o644);
    assert.equal(await Deno.readTextFile(target), "one\n");
    assert.ok(warnings.includes(`others may read ${path}`), warnings.join());
    assert.equal(await modeOf(path), 0o600, "a file of its own is in the place of the link");
  }),
);

testUnix(
  ["read", "write", "chown"],
  "SharedFile starts without another user's file, and does not replace it",
  withStatePath(async (path, directory) => {
    await Deno.mkdir(directory, { mode: 0o700 });
    await Deno.writeTextFile(path, "planted", { mode: 0o644 });
    await giveAway(path);
    const { warnings, warn } = collectWarnings();
    await using file = await openWords(path, warn);
    assert.deepEqual(file.value, new Set());
    file.value.add("mine");
    await file.save();
    assert.equal(await Deno.readTextFile(path), "planted");
    assert.deepEqual(warnings, [
      `cannot read ${path}, starting without it: it belongs to another user`,
      `cannot save ${path}, only kept until the end: it belongs to another user`,
    ]);
  }),
);
