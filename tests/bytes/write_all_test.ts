import fc from "fast-check";
import assert from "node:assert/strict";
import { writeAll } from "../../lib/bytes/write_all.ts";
import { pureTest } from "../support/pure.ts";

pureTest("writeAll() writes every byte once and in order, however short the writes", async () => {
  const limits = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 });
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 200, size: "max" }),
      limits,
      async (bytes, limits) => {
        const received: number[] = [];
        let calls = 0;
        await writeAll({
          write(rest) {
            assert.ok(rest.length > 0, "there was nothing left to write");
            const taken = rest.subarray(0, limits[calls++ % limits.length]);
            received.push(...taken);
            return Promise.resolve(taken.length);
          },
        }, bytes);
        assert.deepEqual(received, [...bytes]);
      },
    ),
  );
});

pureTest("writeAll() waits for each write before the next", async () => {
  const log: string[] = [];
  await writeAll({
    async write(bytes) {
      log.push(`begin ${bytes.length}`);
      await Promise.resolve();
      log.push(`end ${bytes.length}`);
      return 1;
    },
  }, new Uint8Array(3));
  assert.deepEqual(log, ["begin 3", "end 3", "begin 2", "end 2", "begin 1", "end 1"]);
});

pureTest("writeAll() does not write when there are no bytes", async () => {
  await writeAll({ write: () => assert.fail("written") }, new Uint8Array());
});

pureTest("writeAll() throws what the writer throws, and stops", async () => {
  let calls = 0;
  const writer = {
    write() {
      if (++calls === 2) return Promise.reject(new Deno.errors.BrokenPipe("gone"));
      return Promise.resolve(1);
    },
  };
  await assert.rejects(() => writeAll(writer, new Uint8Array(5)), {
    name: "BrokenPipe",
    message: "gone",
  });
  assert.equal(calls, 2);
});
