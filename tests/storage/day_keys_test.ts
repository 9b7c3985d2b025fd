import assert from "node:assert/strict";
import { formatBase64Url } from "../../lib/bytes/base64url.ts";
import {
  DAY_KEY_FORMAT,
  DayKeyFile,
  dayKeysPath,
  type DayKeyTable,
  MAX_DAY_KEYS,
} from "../../lib/storage/day_keys.ts";
import { ALICE } from "../support/fixed_members.ts";
import { modeOf, testUnix } from "../support/key_files.ts";
import { testNeeding } from "../support/needs.ts";
import { pureTest } from "../support/pure.ts";
import { withDirectory } from "../support/temporary.ts";
import { noWarning } from "../support/wordings.ts";

function keyOf(byte: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(32).fill(byte);
}

function tableOf(first: number, ...days: [day: number, byte: number][]): DayKeyTable {
  return { first, keys: new Map(days.map(([day, byte]) => [day, keyOf(byte)])) };
}

function withPath(fn: (path: string) => Promise<void>): () => Promise<void> {
  return () => withDirectory((directory) => fn(`${directory}/room/days-1`));
}

pureTest("DAY_KEY_FORMAT reads what it wrote, and nothing else", () => {
  const table = tableOf(19, [20, 1], [21, 2]);
  const text = DAY_KEY_FORMAT.format(table);
  const [one, two] = [keyOf(1), keyOf(2)].map(formatBase64Url);
  assert.equal(text, `days1 19\n20 ${one}\n21 ${two}\n`);
  assert.deepEqual(DAY_KEY_FORMAT.parse(text), table);
  assert.deepEqual(DAY_KEY_FORMAT.parse("days1 0\n"), DAY_KEY_FORMAT.empty());
  const bad = [
    "",
    "days1 0",
    "days2 0\n",
    "days1 01\n",
    `${text} `,
    `${text}\n`,
    text.slice(0, -2),
  ];
  for (const each of [...bad, text.replace("20 ", "020 "), text.repeat(2)]) {
    assert.throws(() => DAY_KEY_FORMAT.parse(each), TypeError, each);
  }
  const lines = Array.from({ length: MAX_DAY_KEYS + 1 }, (_, i) => `${i} ${one}\n`);
  assert.throws(() => DAY_KEY_FORMAT.parse(`days1 0\n${lines.join("")}`), TypeError);
});

pureTest(
  "DAY_KEY_FORMAT joins: the disk's key of a day holds, and what was erased stays so",
  () => {
    const disk = tableOf(20, [20, 1], [21, 2]);
    const mine = tableOf(19, [19, 9], [21, 8], [22, 7]);
    assert.deepEqual(
      DAY_KEY_FORMAT.merge(disk, mine),
      tableOf(20, [20, 1], [21, 2], [22, 7]),
    );
    const many = tableOf(0, ...Array.from({ length: 9 }, (_, i) => [i, i] as [number, number]));
    assert.equal(DAY_KEY_FORMAT.merge(DAY_KEY_FORMAT.empty(), many).keys.size, MAX_DAY_KEYS);
  },
);

testNeeding(
  ["read", "write"],
  "DayKeyFile.add() gives all clients one key of a day",
  withPath(async (path) => {
    await using one = await DayKeyFile.open(path, noWarning);
    await using two = await DayKeyFile.open(path, noWarning);
    await Promise.all([one.add(20, keyOf(1)), two.add(20, keyOf(2))]);
    await Promise.all([one.refresh(), two.refresh()]);
    assert.deepEqual(one.table, two.table);
    assert.equal(one.table.keys.size, 1);
    await one.add(20, keyOf(3));
    assert.deepEqual(one.table, two.table);
  }),
);

testNeeding(
  ["read", "write"],
  "DayKeyFile.erase() leaves nothing of a key, in memory and on disk",
  withPath(async (path) => {
    await using one = await DayKeyFile.open(path, noWarning);
    await one.add(20, keyOf(1));
    await one.add(21, keyOf(2));
    await one.add(3650, keyOf(3));
    await using two = await DayKeyFile.open(path, noWarning);
    const held = one.table.keys.get(20)!;
    await one.erase(21, 23);
    assert.deepEqual(held, keyOf(0));
    assert.deepEqual(await Deno.readTextFile(path), DAY_KEY_FORMAT.format(tableOf(21, [21, 2])));
    // Another client that still has it does not bring it back.
    await two.add(22, keyOf(4));
    assert.deepEqual([...two.table.keys.keys()].filter((day) => day < 21), []);
  }),
);

testUnix(
  ["read", "write"],
  "DayKeyFile makes a private file in a private directory",
  withPath(async (path) => {
    await using file = await DayKeyFile.open(path, noWarning);
    await file.add(20, keyOf(1));
    assert.equal(await modeOf(path), 0o600);
    assert.equal(await modeOf(path.slice(0, path.lastIndexOf("/"))), 0o700);
  }),
);

pureTest("dayKeysPath() names the member", () => {
  assert.equal(dayKeysPath("/room", ALICE.id), "/room/days-17cb79fb2b4120f2");
});
