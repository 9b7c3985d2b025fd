import assert from "node:assert/strict";
import { parseBlock } from "../../../lib/storage/kept/block.ts";
import { Blocks, eraseKept, isGapless } from "../../../lib/storage/kept/blocks.ts";
import { kept, makeKey } from "../../support/kept.ts";
import { testNeeding } from "../../support/needs.ts";
import { pureTest } from "../../support/pure.ts";
import { withDirectory } from "../../support/temporary.ts";

const NEEDS = ["read", "write"] as const;

testNeeding(
  NEEDS,
  "Blocks reads what it wrote, the last one first, and says what is damaged",
  async () => {
    await withDirectory(async (directory) => {
      const blocks = new Blocks(directory, await makeKey());
      const names = Array.from({ length: 40 }, (_, i) => ({ number: i + 1, day: 20_000 + i }));
      for (const name of names) await blocks.write(name, [kept(`${name.number}`, name.number)]);
      assert.deepEqual(await blocks.list(), names);
      const path = (i: number) =>
        `${directory}/${`${i}`.padStart(10, "0")}.${20_000 + i - 1}`.replace(/\.(\d{5})$/, ".0$1");
      assert.equal((await Deno.stat(path(1))).mode! & 0o777, 0o600);
      // A block in the place of another one, and one with a bit that is wrong.
      await Deno.copyFile(path(3), path(4));
      const bytes = await Deno.readFile(path(7));
      bytes[50]! ^= 1;
      await Deno.writeFile(path(7), bytes);
      await blocks.remove(names[9]!);
      await blocks.remove(names[9]!);
      const read = await Array.fromAsync(blocks.read(names), (block) => {
        return block === undefined ? undefined : Number(parseBlock(block)[0]!.text);
      });
      const expected = names.map(({ number }) => [4, 7].includes(number) ? undefined : number);
      assert.deepEqual(read, expected.filter((number) => number !== 10).reverse());
      await eraseKept(directory);
      assert.deepEqual(await blocks.list(), []);
      await eraseKept(directory);
      await Deno.mkdir(directory);
    });
  },
);

pureTest("isGapless() notices a block that is missing, before the tail too", () => {
  const names = (...numbers: number[]) => numbers.map((number) => ({ number, day: 1 }));
  assert.deepEqual([
    isGapless(names(), 9),
    isGapless(names(5, 6), 7),
    isGapless(names(5, 7), 8),
    isGapless(names(5, 6), 8),
  ], [true, true, false, false]);
});
