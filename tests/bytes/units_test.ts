import assert from "node:assert/strict";
import { KIB, MIB } from "../../lib/bytes/units.ts";
import { pureTest } from "../support/pure.ts";

pureTest("the units of memory are powers of two", () => {
  assert.equal(KIB, 2 ** 10);
  assert.equal(MIB, 2 ** 20);
});
