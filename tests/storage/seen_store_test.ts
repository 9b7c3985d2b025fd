import assert from "node:assert/strict";
import { windowKey } from "../../lib/protocol/sequence_window.ts";
import { FileLock } from "../../lib/storage/file_lock.ts";
import { SeenStore } from "../../lib/storage/seen_store.ts";
import { ALICE, EPOCH } from "../support/fixed_members.ts";
import { testNeeding } from "../support/needs.ts";
import { withDirectory } from "../support/temporary.ts";
import { collectWarnings, noWarning } from "../support/wordings.ts";

const NEEDS = ["read", "write"] as const;
const KEY = windowKey(ALICE.id, EPOCH);

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
  const window = { id: ALICE.id, epoch: EPOCH, next, missing: [], seenAt: 1_785_571_200 };
  memory.seen.windows.set(KEY, window);
}

function nextOf(memory: SeenStore): number | undefined {
  return memory.seen.windows.get(KEY)?.next;
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
