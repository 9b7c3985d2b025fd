import assert from "node:assert/strict";
import { HistoryFile } from "../../lib/storage/history_file.ts";
import { MAX_HISTORY_ENTRIES, MAX_HISTORY_FILE_BYTES } from "../../lib/storage/limits.ts";
import type { Warn } from "../../lib/storage/private_file.ts";
import { testUnix } from "../support/key_files.ts";
import { testNeeding } from "../support/needs.ts";
import { withDirectory } from "../support/temporary.ts";
import { collectWarnings, noWarning } from "../support/wordings.ts";

const NEEDS = ["read", "write"] as const;

async function read(path: string, warn: Warn = noWarning): Promise<readonly string[]> {
  return (await HistoryFile.open(path, warn)).entries;
}

/** Adds texts in one run of a client. */
async function add(path: string, ...texts: string[]): Promise<void> {
  const { file } = await HistoryFile.open(path, noWarning);
  for (const text of texts) file.add(text);
  await file.close();
}

testNeeding(NEEDS, "HistoryFile gives the last lines, to their owner alone", async () => {
  await withDirectory(async (directory) => {
    const path = `${directory}/state/history`;
    assert.deepEqual(await read(path), []);
    const entries = Array.from(
      { length: MAX_HISTORY_ENTRIES + 5 },
      (_, i) => `line ${i}\n\u2028"é`,
    );
    await add(path, ...entries.slice(0, 10));
    await add(path, ...entries.slice(10, 11));
    await add(path, ...entries.slice(11, 900));
    await add(path, ...entries.slice(900));
    assert.deepEqual(await read(path), entries.slice(5));
    assert.equal((await Deno.stat(path)).mode! & 0o777, 0o600);
  });
});

testNeeding(NEEDS, "HistoryFile.add() keeps what several clients add at once", async () => {
  await withDirectory(async (directory) => {
    const path = `${directory}/history`;
    await add(path, "before");
    const clients = await Promise.all([1, 2, 3].map(() => HistoryFile.open(path, noWarning)));
    for (let i = 0; i < 50; i++) {
      for (const [name, { file }] of clients.entries()) file.add(`${name}: ${i}`);
      if (i % 10 === 0) await clients[i % 3]!.file.close();
    }
    // The last ones are closed in another order than they were opened.
    for (const { file } of clients.reverse()) await file.close();
    const entries = await read(path);
    assert.equal(entries[0], "before");
    for (const name of [0, 1, 2]) {
      const own = entries.filter((entry) => entry.startsWith(`${name}: `));
      assert.deepEqual(own, Array.from({ length: 50 }, (_, i) => `${name}: ${i}`));
    }
    assert.equal(entries.length, 151);
  });
});

testNeeding(
  NEEDS,
  "HistoryFile.add() writes at once: no end of a program loses a line",
  async () => {
    await withDirectory(async (directory) => {
      const path = `${directory}/history`;
      const { file } = await HistoryFile.open(path, noWarning);
      file.add("one");
      while ((await read(path)).length === 0) {
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      assert.deepEqual(await read(path), ["one"]);
      await file.close();
    });
  },
);

testNeeding(
  NEEDS,
  "HistoryFile.add() drops the older half of a full file, and no more",
  async () => {
    await withDirectory(async (directory) => {
      const path = `${directory}/history`;
      const long = "x".repeat(MAX_HISTORY_FILE_BYTES / 8 - 3);
      await add(path, ...Array.from({ length: 7 }, (_, i) => i + long.slice(1)));
      await add(path, "y".repeat(MAX_HISTORY_FILE_BYTES / 8 - 3));
      assert.equal((await Deno.stat(path)).size, MAX_HISTORY_FILE_BYTES);
      assert.equal((await read(path)).length, 8);
      await Deno.symlink(path, `${directory}/link`);
      await add(`${directory}/link`, "z");
      const entries = await read(path);
      assert.deepEqual(entries.map((entry) => entry[0]), ["5", "6", "y", "z"]);
      assert.ok((await Deno.lstat(`${directory}/link`)).isSymlink);
      assert.equal((await Deno.stat(path)).mode! & 0o777, 0o600);
    });
  },
);

testUnix(
  NEEDS,
  "HistoryFile warns of a link to a file that others may read",
  () =>
    withDirectory(async (directory) => {
      const path = `${directory}/history`;
      await Deno.writeTextFile(`${directory}/target`, '"one"\n');
      await Deno.chmod(`${directory}/target`, 0o644);
      await Deno.symlink("target", path);
      const { warnings, warn } = collectWarnings();
      assert.deepEqual(await read(path, warn), ["one"]);
      assert.deepEqual(warnings, [`others may read ${path}`]);
      assert.equal((await Deno.stat(path)).mode! & 0o777, 0o644);
    }),
);

testNeeding(NEEDS, "HistoryFile leaves alone what it cannot read, and says so", async () => {
  await withDirectory(async (directory) => {
    const path = `${directory}/history`;
    await Deno.writeTextFile(path, '"one"\n\nnull\n"tw', { mode: 0o600 });
    assert.deepEqual(await read(path), ["one"]);
    await add(path, "three");
    assert.equal(await Deno.readTextFile(path), '"one"\n\nnull\n"tw\n"three"\n');
    const { warnings, warn } = collectWarnings();
    await Deno.chmod(path, 0o644);
    assert.deepEqual(await read(path, warn), ["one", "three"]);
    await Deno.truncate(path, MAX_HISTORY_FILE_BYTES + 1);
    const { file, entries } = await HistoryFile.open(path, warn);
    assert.deepEqual(entries, []);
    file.add("lost");
    await file.close();
    assert.equal((await Deno.stat(path)).size, MAX_HISTORY_FILE_BYTES + 1);
    await Deno.remove(path);
    await Deno.mkdir(path);
    await read(path, warn);
    assert.deepEqual(warnings, [
      `others could read ${path}: its mode is now 0600`,
      `Cannot read ${path}: longer than ${MAX_HISTORY_FILE_BYTES} bytes`,
      `Cannot read ${path}: it is not a file`,
    ]);
  });
});

testNeeding(
  NEEDS,
  "HistoryFile.add() tells once why it cannot write, and tries again",
  async () => {
    await withDirectory(async (directory) => {
      const path = `${directory}/state/history`;
      const { warnings, warn } = collectWarnings();
      const { file } = await HistoryFile.open(path, warn);
      await Deno.writeTextFile(`${directory}/state`, "in the way");
      for (let i = 0; i < MAX_HISTORY_ENTRIES + 2; i++) file.add(`${i}`);
      await file.close();
      // Once for the lines, and once more for the end.
      assert.equal(warnings.length, 2);
      assert.match(warnings[0]!, /^cannot save .*\/state\/history: .*\(os error \d+\)/);
      await Deno.remove(`${directory}/state`);
      file.add("last");
      await file.close();
      const entries = await read(path);
      assert.deepEqual([entries.length, entries[0], entries.at(-1)], [1000, "3", "last"]);
      assert.equal(warnings.length, 2);
    });
  },
);
