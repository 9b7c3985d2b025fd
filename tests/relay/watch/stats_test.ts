import assert from "node:assert/strict";
import { createStats } from "../../../lib/relay/watch/stats.ts";
import { pureTest } from "../../support/pure.ts";

/** All numbers in a value, however deep. */
function numbersIn(value: unknown): number[] {
  return typeof value === "number" ? [value] : Object.values(value as object).flatMap(numbersIn);
}

pureTest("createStats() begins every number at 0", () => {
  const numbers = numbersIn(createStats());
  assert.ok(numbers.length >= 20, `${numbers.length} numbers`);
  assert.deepEqual(numbers, numbers.map(() => 0));
});

pureTest("createStats() makes numbers that no other relay counts in", () => {
  const counting = createStats();
  const other = createStats();
  counting.linesIn++;
  counting.clients.guest++;
  counting.proofs.good++;
  counting.rejected.noise++;
  counting.closed.full++;
  assert.deepEqual(other, createStats());
});
