import assert from "node:assert/strict";
import { BacklogFile } from "../../lib/storage/backlog_file.ts";
import { formatSlot, placeOfSlot } from "../../lib/storage/backlog_format.ts";
import { BACKLOG_LOCK_WAIT_MS, MAX_BACKLOG_FILE_BYTES } from "../../lib/storage/limits.ts";
import { ChatError } from "../../lib/errors.ts";
import { labelsOf, makeRecord, ROOM_ID } from "../support/backlog_records.ts";
import { testNeeding } from "../support/needs.ts";
import { withDirectory } from "../support/temporary.ts";
import { collectWarnings } from "../support/wordings.ts";
import { withWriteBudget } from "../support/write_budget.ts";

const NEEDS = ["read", "write"] as const;

/** Opens the file of a room. */
async function openFile(path: string): Promise<BacklogFile> {
  const { warnings, warn } = collectWarnings();
  const file = await BacklogFile.open(path, warn);
  await file.claim(ROOM_ID);
  assert.deepEqual(warnings, []);
  return file;
}

/** The labels that a file holds. */
async function readLabels(path: string): Promise<string[]> {
  await using file = await openFile(path);
  return labelsOf(file.records);
}

function testFile(name: string, fn: (path: string) => Promise<void>): void {
  testNeeding(NEEDS, name, () => withDirectory((directory) => fn(`${directory}/backlog`)));
}

const records = (labels: string, chars = 140) => {
  return [...labels].map((label) => makeRecord(label, { chars }));
};

testFile("BacklogFile keeps what was appended, for its owner alone", async (path) => {
  {
    await using file = await openFile(path);
    assert.equal(file.bytes, 0);
    await file.append(records("ab"));
    await file.append(records("c"));
  }
  assert.equal((await Deno.stat(path)).mode! & 0o777, 0o600);
  {
    await using file = await openFile(path);
    assert.deepEqual(file.records, records("abc"));
    await file.append(records("d"));
  }
  assert.deepEqual(await readLabels(path), ["a", "b", "c", "d"]);
});

testFile("rewrite() leaves nothing of what was there, whatever the sizes", async (path) => {
  await using file = await openFile(path);
  for (
    const [labels, chars] of [["abcdef", 140], ["gh", 1100], ["i", 8140], ["", 140], [
      "jk",
      140,
    ]] as const
  ) {
    await file.append(records("xyz"));
    await file.rewrite(records(labels, chars));
    await file.append(records("l"));
    const bytes = await Deno.readFile(path);
    const text = new TextDecoder().decode(bytes);
    assert.deepEqual([...text.matchAll(/gAAAAA-(.)-/g)].map(([, label]) => label), [
      ...labels,
      "l",
    ]);
  }
});

testFile(
  "a process that is killed at any byte leaves the old records or the new ones",
  async (path) => {
    // Larger and smaller than what is there: the records go behind it first, or before it at once.
    for (const [before, after] of [["ab", "cde"], ["abcdef", "g"], ["", "a"]] as const) {
      for (let budget = 0, left = 0; left === 0; budget += budget % 7 === 0 ? 1 : 3) {
        await Deno.remove(path).catch(() => {});
        const file = await openFile(path);
        await file.append(records(before));
        let isDone = false;
        left = await withWriteBudget(budget, async () => {
          await file.rewrite(records(after)).then(() => isDone = true, () => {});
        });
        await file[Symbol.asyncDispose]();
        const labels = (await readLabels(path)).join("");
        assert.ok(labels === after || !isDone && labels === before, `${budget}: ${labels}`);
      }
    }
  },
);

testFile("what comes after a torn append is whole, wherever it was cut", async (path) => {
  for (let budget = 0, left = 0; left === 0; budget += 5) {
    await Deno.remove(path).catch(() => {});
    {
      await using file = await openFile(path);
      await file.append(records("a"));
      left = await withWriteBudget(budget, () => file.append(records("bcd")).catch(() => {}));
    }
    let labels = "";
    {
      await using file = await openFile(path);
      labels = labelsOf(file.records).join("");
      assert.ok("abcd".startsWith(labels) && labels.startsWith("a"), labels);
      await file.append(records("e"));
    }
    assert.equal((await readLabels(path)).join(""), `${labels}e`);
  }
});

testFile("open() refuses a file that another has open, after half a second", async (path) => {
  {
    await using _file = await openFile(path);
    const begunAt = performance.now();
    await assert.rejects(BacklogFile.open(path, console.error), {
      name: "ChatError",
      message: `Cannot load backlog: another server uses ${path}`,
      hint: "Choose another file with --backlog-file PATH.",
    });
    const waited = performance.now() - begunAt;
    assert.ok(waited > BACKLOG_LOCK_WAIT_MS - 50 && waited < 10_000, `${waited}`);
  }
  assert.deepEqual(await readLabels(path), []);
});

testFile("open() refuses what is no backlog, and leaves it as it is", async (path) => {
  for (const text of ["cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=\n", "x".repeat(200)]) {
    await Deno.writeTextFile(path, text, { mode: 0o600 });
    const message = `Cannot load backlog: ${path} holds something else`;
    await assert.rejects(BacklogFile.open(path, console.error), { name: "ChatError", message });
    assert.equal(await Deno.readTextFile(path), text);
  }
  await Deno.remove(path);
  await Deno.mkdir(path);
  const message = `Cannot load backlog: ${path} is not a file`;
  await assert.rejects(BacklogFile.open(path, console.error), { name: "ChatError", message });
  const missing = `${path}/none/backlog`;
  await assert.rejects(BacklogFile.open(missing, console.error), {
    message: `Cannot load backlog: ${missing} cannot be written: there is no such directory`,
  });
});

testFile("claim() refuses the file of another room", async (path) => {
  await openFile(path).then((file) => file[Symbol.asyncDispose]());
  await using file = await BacklogFile.open(path, console.error);
  await assert.rejects(file.claim("00".repeat(16)), (error) => {
    assert.ok(error instanceof ChatError);
    assert.equal(error.message, `Cannot load backlog: ${path} is of a room with another key`);
    assert.match(error.hint!, /^Move it away/);
    return true;
  });
  await file.claim(ROOM_ID);
});

testFile("open() makes a file private that others could read, and says so", async (path) => {
  await openFile(path).then((file) => file[Symbol.asyncDispose]());
  await Deno.chmod(path, 0o644);
  const { warnings, warn } = collectWarnings();
  await (await BacklogFile.open(path, warn))[Symbol.asyncDispose]();
  assert.deepEqual(warnings, [`others could read ${path}: its mode is now 0600`]);
  assert.equal((await Deno.stat(path)).mode! & 0o777, 0o600);
});

testFile("open() reads 32 MiB of a file, and no more", async (path) => {
  {
    await using file = await openFile(path);
    await file.append(records("a"));
  }
  {
    using file = await Deno.open(path, { write: true });
    const slot = { generation: 2, start: MAX_BACKLOG_FILE_BYTES + 1 };
    await file.truncate(slot.start + 1);
    await file.seek(placeOfSlot(slot), Deno.SeekMode.Start);
    await file.write(formatSlot(slot));
  }
  assert.deepEqual(await readLabels(path), ["a"]);
});
