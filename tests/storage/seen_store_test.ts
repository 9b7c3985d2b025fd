import assert from "node:assert/strict";
import { FileLock } from "../../lib/storage/file_lock.ts";
import { MAX_SEEN_LOG_BYTES } from "../../lib/storage/limits.ts";
import { parseSeen } from "../../lib/storage/seen_format.ts";
import { SeenStore } from "../../lib/storage/seen_store.ts";
import { ALICE, EPOCH } from "../support/fixed_members.ts";
import { testNeeding } from "../support/needs.ts";
import { withDirectory } from "../support/temporary.ts";
import { collectWarnings, noWarning } from "../support/wordings.ts";

const NEEDS = ["read", "write"] as const;
const NOW = 1_785_571_200;

function memoryTest(name: string, fn: (directory: string) => Promise<void>): void {
  testNeeding(NEEDS, name, async () => {
    await withDirectory((directory) => fn(`${directory}/rooms/r`));
  });
}

/** Opens a memory that must have nothing to warn of. */
function open(directory: string | undefined): Promise<SeenStore> {
  return SeenStore.open(directory, noWarning);
}

function see(memory: SeenStore, next: number): void {
  const window = memory.seen.find(ALICE.id, EPOCH) ??
    { id: ALICE.id, epoch: EPOCH, next, missing: [], seenAt: NOW };
  window.next = next;
  memory.seen.keep(window, NOW);
}

/** Sees, and waits until that is on disk. */
async function saveNow(memory: SeenStore, next: number): Promise<void> {
  see(memory, next);
  await memory.flush();
}

function nextOf(memory: SeenStore): number | undefined {
  return memory.seen.find(ALICE.id, EPOCH)?.next;
}

memoryTest(
  "SeenStore.persist() has on disk what was seen, before it settles",
  async (directory) => {
    await using memory = await open(directory);
    see(memory, 7);
    await memory.persist();
    const text = await Deno.readTextFile(`${directory}/seen-0`);
    assert.ok(text.includes(`${ALICE.id}`));
    const { mode } = await Deno.stat(`${directory}/seen-0`);
    assert.equal(mode! & 0o777, 0o600);
  },
);

memoryTest("SeenStore.open() knows what an earlier run has seen", async (directory) => {
  {
    await using memory = await open(directory);
    see(memory, 7);
  }
  await using again = await open(directory);
  assert.equal(nextOf(again), 7);
});

memoryTest(
  "SeenStore.open() leaves to a running client what that one has seen",
  async (directory) => {
    await using first = await open(directory);
    see(first, 7);
    await first.persist();
    // It has to show what the first has shown.
    await using second = await open(directory);
    assert.equal(nextOf(second), undefined);
    see(second, 3);
    await second.persist();
    assert.equal(nextOf(first), 7);
  },
);

memoryTest("SeenStore.open() joins what all know that do not run any more", async (directory) => {
  {
    await using first = await open(directory);
    await using second = await open(directory);
    see(first, 3);
    see(second, 9);
  }
  await using next = await open(directory);
  assert.equal(nextOf(next), 9);
});

Deno.test("SeenStore without a directory ends with the process", async () => {
  await using memory = await open(undefined);
  see(memory, 7);
  await memory.persist();
  await using other = await open(undefined);
  assert.equal(nextOf(other), undefined);
});

memoryTest("SeenStore.persist() adds what has changed, and nothing else", async (directory) => {
  await using memory = await open(directory);
  await saveNow(memory, 7);
  const before = await Deno.readTextFile(`${directory}/seen-0`);
  await saveNow(memory, 8);
  const after = await Deno.readTextFile(`${directory}/seen-0`);
  assert.equal(after, `${before}${ALICE.id} ${EPOCH} 8 ${NOW} -\n`);
  await memory.persist();
  assert.equal(await Deno.readTextFile(`${directory}/seen-0`), after);
});

memoryTest(
  "SeenStore writes the file anew when what was added is too long, and loses nothing",
  async (directory) => {
    await using memory = await open(directory);
    let longest = 0;
    for (let next = 1; next <= 1200; next++) {
      await saveNow(memory, next);
      longest = Math.max(longest, (await Deno.stat(`${directory}/seen-0`)).size);
    }
    assert.ok(longest <= MAX_SEEN_LOG_BYTES + 200, `${longest}`);
    assert.ok(longest >= MAX_SEEN_LOG_BYTES, `${longest}`);
    await using other = await open(`${directory}-copy`);
    await Deno.copyFile(`${directory}/seen-0`, `${directory}-copy/seen-1`);
    assert.equal(nextOf(other), undefined);
    await using copy = await open(`${directory}-copy`);
    assert.equal(nextOf(copy), 1200);
  },
);

memoryTest("SeenStore goes on after a last line that was cut off", async (directory) => {
  {
    await using memory = await open(directory);
    await saveNow(memory, 7);
    await saveNow(memory, 8);
  }
  const path = `${directory}/seen-0`;
  const text = await Deno.readTextFile(path);
  await Deno.writeTextFile(path, text.slice(0, -5));
  {
    await using memory = await open(directory);
    assert.equal(nextOf(memory), 7);
    await saveNow(memory, 9);
  }
  await using memory = await open(directory);
  assert.equal(nextOf(memory), 9);
});

memoryTest("SeenStore writes a file anew that is not as it left it", async (directory) => {
  await using memory = await open(directory);
  const path = `${directory}/seen-0`;
  const changes = [
    () => Deno.writeTextFile(path, "half a line", { append: true }),
    () => Deno.remove(path),
  ];
  for (const [i, change] of changes.entries()) {
    await saveNow(memory, 7 + i);
    await change();
    await saveNow(memory, 17 + i);
    const { windows } = parseSeen(await Deno.readTextFile(path));
    assert.deepEqual(windows.values().map(({ next }) => next).toArray(), [17 + i]);
  }
});

memoryTest(
  "SeenStore reads a file of version 0.1.0, and writes one of its own",
  async (directory) => {
    const path = `${directory}/seen-0`;
    await Deno.mkdir(directory, { recursive: true });
    const line = `${ALICE.id} ${EPOCH} 7 ${NOW} -\n`;
    await Deno.writeTextFile(path, `seen1 ${NOW} 5 1\n${line}`, { mode: 0o600 });
    await using memory = await open(directory);
    assert.deepEqual([nextOf(memory), memory.seen.newestTime, memory.seen.floor], [7, NOW, 5]);
    assert.equal(await Deno.readTextFile(path), `seen2 ${NOW} 5\n${line}`);
  },
);

memoryTest(
  "SeenStore moves a damaged file away, and trusts nothing up to now",
  async (directory) => {
    await Deno.mkdir(directory, { recursive: true });
    const path = `${directory}/seen-0`;
    const damaged = ["", "seen3 1 1\n", "seen2 1 1\nno line\n", "\0".repeat(100)];
    for (const text of damaged) {
      await Deno.writeTextFile(path, text, { mode: 0o600 });
      const { warnings, warn } = collectWarnings();
      const before = Math.floor(Date.now() / 1000);
      {
        await using memory = await SeenStore.open(directory, warn);
        assert.ok(memory.seen.floor >= before && memory.seen.newestTime >= before);
      }
      assert.deepEqual(warnings, [`${path} was damaged: starting anew, it is now ${path}.damaged`]);
      assert.equal(await Deno.readTextFile(`${path}.damaged`), text);
      // The next run knows it, too.
      assert.ok(parseSeen(await Deno.readTextFile(path)).floor >= before);
    }
  },
);

memoryTest(
  "SeenStore warns once of what cannot be saved, and goes on trying",
  async (directory) => {
    const { warnings, warn } = collectWarnings();
    await using memory = await SeenStore.open(directory, warn);
    const path = `${directory}/seen-0`;
    await Deno.mkdir(`${path}/in the way`, { recursive: true });
    await saveNow(memory, 7);
    await saveNow(memory, 8);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0]!, /^cannot save .*seen-0, only kept until the end: /);
    await Deno.remove(path, { recursive: true });
    await saveNow(memory, 8);
    assert.equal(parseSeen(await Deno.readTextFile(path)).windows.size, 1);
  },
);

memoryTest("SeenStore.open() warns where nothing can be kept, and goes on", async (directory) => {
  await Deno.mkdir(directory.replace(/\/r$/, ""), { recursive: true });
  await Deno.writeTextFile(directory, "a file in place of the directory");
  const { warnings, warn } = collectWarnings();
  await using memory = await SeenStore.open(directory, warn);
  assert.equal(warnings.length, 1);
  see(memory, 7);
  await memory.persist();
});

memoryTest(
  "SeenStore.open() looks for a free file among 16, and waits 50 ms for each",
  async (directory) => {
    const waits: number[] = [];
    const { warnings, warn } = collectWarnings();
    const { acquire } = FileLock.prototype;
    FileLock.prototype.acquire = (maxMs) => {
      waits.push(maxMs);
      return Promise.reject(new Error("another client has it"));
    };
    try {
      await using _memory = await SeenStore.open(directory, warn);
    } finally {
      FileLock.prototype.acquire = acquire;
    }
    assert.deepEqual(waits, Array(16).fill(50));
    assert.deepEqual(warnings, [
      `no file in ${directory} is free: what is seen is forgotten at the end`,
    ]);
  },
);
