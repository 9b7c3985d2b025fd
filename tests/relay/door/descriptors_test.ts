import assert from "node:assert/strict";
import {
  countDescriptors,
  neededDescriptors,
  shareDescriptors,
} from "../../../lib/relay/door/descriptors.ts";
import { ANSWER_MS } from "../../../lib/relay/limits.ts";
import { pureTest } from "../../support/pure.ts";

pureTest("countDescriptors() takes what there is, and gives it back", () => {
  for (const free of [0, 1, 7, 50]) {
    let taken = 0;
    const open = () => {
      if (taken === free) throw new Error("Too many open files (os error 24): open '/dev/null'");
      taken++;
      return { [Symbol.dispose]: () => void taken-- };
    };
    assert.equal(countDescriptors(open, 50), free);
    assert.equal(countDescriptors(open, 10), Math.min(free, 10));
    assert.equal(taken, 0);
  }
  const denied = () => {
    throw new Deno.errors.PermissionDenied("no");
  };
  assert.equal(countDescriptors(denied, 50), undefined);
});

pureTest("shareDescriptors() shares all that there are, and no more", () => {
  const enough = { maxWaiting: 512, maxShaking: 0, maxLingering: 32, maxHttp: 16, maxPipes: 16 };
  for (const maxClients of [1, 100, 100_000]) {
    const needed = neededDescriptors(maxClients, 16);
    for (const free of [needed, needed + 300]) {
      assert.deepEqual(shareDescriptors(free, maxClients, 16), { maxClients, ...enough });
    }
  }
  const needed = neededDescriptors(100, 16, true);
  const secure = { maxClients: 100, ...enough, maxShaking: 256 };
  assert.deepEqual(shareDescriptors(needed, 100, 16, true), secure);
  assert.ok(shareDescriptors(needed - 1, 100, 16, true).maxShaking < 256);
  // Enough for 400 strangers a second, each of which has its time to answer.
  const { maxClients, maxWaiting } = shareDescriptors(1024, 1000);
  assert.deepEqual([maxClients, maxWaiting], [1024 - 184, 128]);
  assert.ok(maxWaiting / ANSWER_MS * 1000 > 400);
  assert.equal(shareDescriptors(neededDescriptors(1, 1000), 1, 1000).maxPipes, 1000);
  for (let free = 8; free < 500; free++) {
    const { maxPipes, ...others } = shareDescriptors(free, 1000, 16, true);
    assert.ok(Object.values(others).every((each) => each >= 1), `${free}`);
    const all = [...Object.values(others), maxPipes, maxPipes];
    assert.ok(all.reduce((sum, each) => sum + each) < free, `${all} of ${free}`);
  }
  assert.equal(shareDescriptors(0, 5).maxClients, 1);
});
