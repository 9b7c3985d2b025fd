import assert from "node:assert/strict";
import { openKeeping } from "../../lib/programs/keeping.ts";
import { createIdentity } from "../../lib/storage/identity.ts";
import { kept } from "../support/kept.ts";
import { namesIn } from "../support/key_files.ts";
import { testNeeding } from "../support/needs.ts";
import { withDirectory } from "../support/temporary.ts";
import { noWarning } from "../support/wordings.ts";

testNeeding(["read", "write"], "openKeeping() keeps, erases, or does neither", async () => {
  await withDirectory(async (directory) => {
    const [identity, other] = [await createIdentity(), await createIdentity()];
    const parts = { directory, roomId: new Uint8Array(16), now: Date.now, warn: noWarning };
    const open = (days: number | undefined, who = identity, count = 10) => {
      return openKeeping({ ...parts, days, count, identity: who });
    };
    assert.equal(await open(undefined), undefined);
    assert.equal(await open(0), undefined);
    assert.equal(
      await openKeeping({ ...parts, directory: undefined, days: 9, count: 9, identity }),
      undefined,
    );
    assert.deepEqual(await namesIn(directory), []);
    const keeping = (await open(30))!;
    keeping.log.add(kept("mine", 0, { id: identity.id }));
    keeping.log.add(kept("bob's", 1));
    await keeping.log.close();
    const again = (await open(30))!;
    const past = await again.past;
    assert.deepEqual(past.map(({ text, isOwn, age }) => [text, isOwn, age]), [
      ["mine", true, "old"],
      ["bob's", false, "old"],
    ]);
    assert.deepEqual(await (await open(30, identity, 0))!.past, []);
    assert.deepEqual(await (await open(30, other))!.past, []);
    await again.log.close();
    assert.equal((await namesIn(directory)).length, 2);
    assert.equal(await open(undefined), undefined);
    assert.equal((await namesIn(directory)).length, 2);
    assert.equal(await open(0), undefined);
    assert.equal((await namesIn(directory)).length, 1);
  });
});
