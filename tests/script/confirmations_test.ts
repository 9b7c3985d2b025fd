import assert from "node:assert/strict";
import { Confirmations, MAX_WAITING_REFS } from "../../lib/script/confirmations.ts";
import { letOthersRun } from "../support/fake_chat.ts";
import { pureTest } from "../support/pure.ts";

pureTest("Confirmations.add() asks once for all that came meanwhile, in order", async () => {
  const told: (readonly (string | number)[])[] = [];
  const gates: PromiseWithResolvers<boolean>[] = [];
  const confirmations = new Confirmations({
    untilTaken: () => {
      gates.push(Promise.withResolvers());
      return gates.at(-1)!.promise;
    },
    tell: (refs) => Promise.resolve(void told.push(refs)),
  });
  for (const ref of [1, 2, 3]) confirmations.add(ref);
  assert.deepEqual([gates.length, told.length], [1, 0]);
  gates[0]!.resolve(true);
  await letOthersRun();
  assert.deepEqual([gates.length, told], [2, [[1]]]);
  gates[1]!.resolve(true);
  await confirmations.settled;
  assert.deepEqual(told, [[1], [2, 3]]);
});

pureTest("Confirmations.settled does not reject, and goes on after a failure", async () => {
  let count = 0;
  const tell = () => count++ === 0 ? Promise.reject(new Error("closed")) : Promise.resolve();
  const confirmations = new Confirmations({ untilTaken: () => Promise.resolve(true), tell });
  for (const ref of [1, 2]) {
    confirmations.add(ref);
    await confirmations.settled;
  }
  assert.equal(count, 2);
});

pureTest("Confirmations.add() holds a bot back that does not read its answers", async () => {
  const read = Promise.withResolvers<void>();
  const confirmations = new Confirmations({
    untilTaken: () => Promise.resolve(true),
    tell: () => read.promise,
  });
  confirmations.add("told");
  await letOthersRun();
  for (let ref = 1; ref < MAX_WAITING_REFS; ref++) {
    assert.equal(confirmations.add(ref), undefined, `${ref}`);
  }
  const held = confirmations.add("last");
  assert.ok(held instanceof Promise);
  read.resolve();
  await held;
  assert.equal(confirmations.add("next"), undefined);
});
