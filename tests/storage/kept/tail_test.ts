import assert from "node:assert/strict";
import { Tail } from "../../../lib/storage/kept/tail.ts";
import { MAX_TAIL_RECORDS } from "../../../lib/storage/limits.ts";
import { kept, makeKey } from "../../support/kept.ts";
import { testNeeding } from "../../support/needs.ts";
import { withDirectory } from "../../support/temporary.ts";
import { withWriteBudget } from "../../support/write_budget.ts";

const HEAD_BYTES = 41;

function testTail(
  name: string,
  fn: (open: () => Promise<Tail>, path: string) => Promise<void>,
): void {
  testNeeding(["read", "write"], name, () =>
    withDirectory(async (directory) => {
      const path = `${directory}/tail`;
      const key = await makeKey();
      await fn(async () => {
        const tail = new Tail(path, key);
        await tail.read();
        return tail;
      }, path);
    }));
}

const textsOf = ({ messages }: Tail) => messages.map(({ text }) => text).join("");

testTail(
  "a tail is read by another process, which reads no more than what is new",
  async (open) => {
    const tail = await open();
    assert.equal(tail.isMissing, true);
    await tail.begin(3, 20_000, [kept("a", 0)]);
    const other = await open();
    assert.deepEqual([textsOf(other), other.number, other.day], ["a", 3, 20_000]);
    for (const [i, text] of ["b", "c"].entries()) {
      await tail.append([kept(text, i + 1)]);
      assert.equal(await other.read(), false);
    }
    assert.equal(textsOf(other), "abc");
    await other.append([kept("d", 3), kept("e", 4)]);
    await tail.read();
    assert.equal(textsOf(tail), "abcde");
    assert.equal(tail.bytes, other.bytes);
    await tail.begin(4, 20_001, []);
    assert.equal(await other.read(), true);
    assert.deepEqual([textsOf(other), other.number], ["", 4]);
  },
);

testTail("a tail is cut where it was torn, at any byte of the last record", async (open, path) => {
  const tail = await open();
  await tail.begin(1, 1, [kept("a", 0)]);
  const before = (await Deno.stat(path)).size;
  await tail.append([kept("b", 1)]);
  const whole = await Deno.readFile(path);
  for (let length = 0; length <= whole.length; length++) {
    await Deno.writeFile(path, whole.subarray(0, length));
    const read = await open();
    const expected = length < before ? "" : length < whole.length ? "a" : "ab";
    assert.equal(textsOf(read), expected, `${length}`);
    assert.equal(read.isMissing, length < HEAD_BYTES);
    if (read.isMissing) continue;
    await read.append([kept("c", 2)]);
    assert.equal(textsOf(await open()), `${expected}c`, `${length}`);
  }
});

testTail("a full disk, or a kill, leaves what was there", async (open) => {
  const tail = await open();
  await tail.begin(1, 1, [kept("a", 0)]);
  for (let budget = 0, left = 0; left === 0; budget += 3) {
    left = await withWriteBudget(budget, () => tail.append([kept("b", 1)]).catch(() => {}));
    if (left === 0) assert.match(textsOf(await open()), /^ab*$/);
    await tail.begin(1, 1, [kept("a", 0)]);
  }
  for (let budget = 0, left = 0; left === 0; budget += 3) {
    await tail.read();
    left = await withWriteBudget(budget, () => tail.begin(2, 2, [kept("z", 1)]).catch(() => {}));
    if (left === 0) assert.match(textsOf(await open()), /^[az]$/);
  }
});

testTail("many records become one", async (open, path) => {
  const tail = await open();
  await tail.begin(1, 1, []);
  const head = () => Deno.readTextFile(path).then((text) => text.slice(0, HEAD_BYTES));
  const first = await head();
  for (let i = 0; i < MAX_TAIL_RECORDS; i++) await tail.append([kept(`${i % 10}`, i)]);
  assert.equal(await head(), first);
  await tail.append([kept("x", 99)]);
  assert.notEqual(await head(), first);
  assert.equal(textsOf(await open()), "0123456789".repeat(7).slice(0, MAX_TAIL_RECORDS) + "x");
});
