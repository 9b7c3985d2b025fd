import assert from "node:assert/strict";
import {
  KEPT_BLOCK_BYTES,
  KEPT_SWEEP_MS,
  MAX_UNSAVED_MESSAGES,
} from "../../../lib/storage/limits.ts";
import { DAY_MS, ID, kept, makeKey, openLog, pastOf } from "../../support/kept.ts";
import { testNeeding } from "../../support/needs.ts";
import { until } from "../../support/process_info.ts";
import { withDirectory } from "../../support/temporary.ts";
import { withWriteBudget } from "../../support/write_budget.ts";

function testLog(name: string, fn: (directory: string) => Promise<void>): void {
  testNeeding(["read", "write"], name, () => withDirectory((path) => fn(`${path}/kept`)));
}

const numbered = (from: number, to: number, chars = 0) => {
  return Array.from(
    { length: to - from },
    (_, i) => kept(`${from + i}`.padEnd(chars, " x"), from + i),
  );
};

async function filesIn(directory: string): Promise<string[]> {
  const names = await Array.fromAsync(Deno.readDir(directory), ({ name }) => name);
  return names.sort();
}

testLog("KeptLog keeps messages in order, for their owner alone", async (directory) => {
  const { log, warnings } = await openLog(directory);
  for (const message of numbered(0, 3)) log.add(message);
  await until(async () => (await pastOf(directory)).length === 3, "saved by itself");
  for (const message of numbered(3, 5)) log.add(message);
  await log.close();
  assert.deepEqual(await pastOf(directory), ["0", "1", "2", "3", "4"]);
  const { log: again } = await openLog(directory);
  assert.deepEqual((await again.past(2)).map(({ text }) => text), ["3", "4"]);
  assert.deepEqual(await again.past(0), []);
  await again.close();
  for (const name of await filesIn(directory)) {
    assert.equal((await Deno.stat(`${directory}/${name}`)).mode! & 0o777, 0o600);
  }
  assert.equal((await Deno.stat(directory)).mode! & 0o777, 0o700);
  assert.deepEqual(warnings, []);
});

testLog("KeptLog puts 64 KiB at a time into a block", async (directory) => {
  const { log } = await openLog(directory);
  const messages = numbered(0, 3000, 200);
  for (let i = 0; i < messages.length; i += 50) {
    for (const message of messages.slice(i, i + 50)) log.add(message);
    await log.close();
  }
  const files = await filesIn(directory);
  const blocks = files.filter((name) => /^\d{10}\.\d{6}$/.test(name));
  assert.deepEqual(files.filter((name) => !blocks.includes(name)), ["lock", "tail"]);
  assert.ok(blocks.length >= 6 && blocks.length <= 12, `${blocks.length}`);
  for (const name of blocks) {
    const { size } = await Deno.stat(`${directory}/${name}`);
    assert.ok(size >= KEPT_BLOCK_BYTES && size < 2 * KEPT_BLOCK_BYTES, `${size}`);
  }
  assert.deepEqual(await pastOf(directory), messages.map(({ text }) => text));
});

testLog(
  "KeptLog.search() finds what is in blocks, in the tail, and not saved yet",
  async (directory) => {
    const { log } = await openLog(directory);
    for (const message of numbered(0, 1000, 200)) log.add(message);
    await log.close();
    log.add(kept("Needle", 1000));
    const all = await log.search("NEEDLE", 5);
    assert.deepEqual([all.count, all.last], [1, [kept("Needle", 1000)]]);
    const some = await log.search("<alice> 9", 3);
    assert.equal(some.count, 111);
    assert.deepEqual(some.last.map(({ text }) => text.slice(0, 3)), ["997", "998", "999"]);
    assert.equal((await log.search("nothing of the kind", 5)).count, 0);
    await log.close();
  },
);

testLog("several clients keep each message once", async (directory) => {
  const opened = await Promise.all([1, 2, 3].map(() => openLog(directory)));
  const messages = numbered(0, 1200, 200);
  for (let i = 0; i < messages.length; i += 40) {
    await Promise.all(opened.map(async ({ log }, client) => {
      // Each has some that another one has not, and all have most of them.
      const part = messages.slice(i, i + 40).filter((_, j) => j % 7 !== client);
      for (const message of part) log.add(message);
      await log.close();
    }));
  }
  for (const { log, warnings } of opened) {
    assert.deepEqual(warnings, []);
    assert.equal((await log.search("", 1)).count, 1200);
  }
  const past = await pastOf(directory);
  assert.deepEqual(past.toSorted(), messages.map(({ text }) => text).toSorted());
});

testLog("KeptLog keeps no message again that an earlier run kept", async (directory) => {
  const plain = { id: undefined, nickname: undefined, mark: undefined };
  const messages = [...numbered(0, 600, 200), kept("<py> a", 0, plain), kept("<py> a", 1, plain)];
  for (let run = 0; run < 3; run++) {
    const { log } = await openLog(directory);
    await log.past(700);
    for (const message of messages) log.add(message);
    await log.close();
  }
  assert.equal((await pastOf(directory)).length, 602);
});

testLog("KeptLog erases messages by their age, a day at a time", async (directory) => {
  let now = 20_000 * DAY_MS;
  const at = { now: () => now, days: 7 };
  const { log, warnings } = await openLog(directory, at);
  for (let day = 0; day < 20; day++) {
    log.add(kept(`day ${day}`, day));
    await log.close();
    now += DAY_MS;
  }
  now -= DAY_MS;
  const expected = Array.from({ length: 8 }, (_, i) => `day ${12 + i}`);
  assert.deepEqual(await pastOf(directory, at), expected);
  assert.equal((await filesIn(directory)).length, 7 + 2);
  now += 5 * DAY_MS;
  assert.deepEqual(await pastOf(directory, at), expected.slice(5));
  // The tail is as old as its day.
  now += 3 * DAY_MS;
  assert.deepEqual(await pastOf(directory, at), []);
  assert.deepEqual(await filesIn(directory), ["lock", "tail"]);
  const tail = await Deno.readFile(`${directory}/tail`);
  assert.equal(tail.length, 41);
  assert.deepEqual(warnings, []);
});

testLog("KeptLog erases while it runs, too", async (directory) => {
  let now = 20_000 * DAY_MS;
  const { log } = await openLog(directory, { now: () => now, days: 1 });
  for (let hour = 0; hour < 100; hour++) {
    log.add(kept(`${hour}`, hour));
    await log.close();
    now += KEPT_SWEEP_MS;
  }
  assert.ok((await filesIn(directory)).length <= 5, `${await filesIn(directory)}`);
});

testLog("KeptLog shows nothing to another identity, and says so", async (directory) => {
  const { log } = await openLog(directory);
  for (const message of numbered(0, 900, 200)) log.add(message);
  await log.close();
  const { log: other, warnings } = await openLog(directory, { key: await makeKey(2) });
  assert.deepEqual(await other.past(100), []);
  assert.equal((await other.search("", 9)).count, 0);
  assert.deepEqual(warnings, [`some of the messages kept in ${directory} are damaged or missing`]);
  for (const name of await filesIn(directory)) {
    const text = new TextDecoder().decode(await Deno.readFile(`${directory}/${name}`));
    assert.doesNotMatch(text, /alice|x x x|AZ-8|F8t5/, name);
  }
});

testLog("KeptLog notices blocks that are exchanged, missing or cut", async (directory) => {
  const { log } = await openLog(directory);
  for (let i = 0; i < 3000; i += 100) {
    for (const message of numbered(i, i + 100, 200)) log.add(message);
    await log.close();
  }
  const blocks = (await filesIn(directory)).filter((name) => /^\d/.test(name));
  const [second, third] = [`${directory}/${blocks[1]}`, `${directory}/${blocks[2]}`];
  const damages: (() => Promise<void>)[] = [
    () => Deno.copyFile(second, third),
    () => Deno.truncate(second, 1000),
    () => Deno.remove(third),
  ];
  for (const damage of damages) {
    const before = await Promise.all([second, third].map((path) => Deno.readFile(path)));
    await damage();
    const { log: again, warnings } = await openLog(directory);
    const past = await again.past(10_000);
    assert.ok(past.length > 1500 && past.length < 3000, `${past.length}`);
    assert.equal((await again.search("", 1)).count, past.length);
    await again.close();
    assert.deepEqual(warnings, [
      `some of the messages kept in ${directory} are damaged or missing`,
    ]);
    await Deno.writeFile(second, before[0]!);
    await Deno.writeFile(third, before[1]!);
  }
  assert.equal((await pastOf(directory)).length, 3000);
});

testLog("a kill, or a full disk, loses no message that was kept before", async (directory) => {
  const { log, warnings } = await openLog(directory);
  for (const message of numbered(0, 400, 200)) log.add(message);
  await log.close();
  // The next message makes a block of the tail, and begins another one.
  for (let budget = 0, left = 0; left === 0; budget += 20_011) {
    const { log: again } = await openLog(directory);
    left = await withWriteBudget(budget, async () => {
      again.add(kept("next", 400));
      await again.close();
    });
    const past = await pastOf(directory);
    assert.deepEqual(past.slice(0, 400), numbered(0, 400, 200).map(({ text }) => text));
    assert.equal(new Set(past).size, past.length);
    // What could not be saved is saved later.
    await again.close();
    assert.equal((await pastOf(directory)).at(-1), "next");
  }
  assert.deepEqual(warnings, []);
});

testLog("what cannot be saved waits, is told once, and has a bound", async (directory) => {
  const { log, warnings } = await openLog(directory);
  await withWriteBudget(0, async () => {
    for (let i = 0; i < 3; i++) {
      for (const message of numbered(i * 4000, (i + 1) * 4000)) log.add(message);
      await log.close();
    }
    assert.equal((await log.search("", 1)).count, MAX_UNSAVED_MESSAGES);
  });
  const reason = "No space left on device (os error 28)";
  assert.deepEqual(warnings, [`cannot save ${directory}: ${reason}`]);
  await log.close();
  const past = await pastOf(directory);
  assert.deepEqual([past.length, past[0], past.at(-1)], [MAX_UNSAVED_MESSAGES, "2000", "11999"]);
});

testLog("a log that is erased under a client is begun anew", async (directory) => {
  const { log } = await openLog(directory);
  for (const message of numbered(0, 900, 200)) log.add(message);
  await log.close();
  await Deno.remove(directory, { recursive: true });
  log.add(kept("new", 900, { id: ID }));
  await log.close();
  assert.deepEqual(await pastOf(directory), ["new"]);
});
