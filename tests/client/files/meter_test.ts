import assert from "node:assert/strict";
import { Meter } from "../../../lib/client/files/meter.ts";
import { pureTest } from "../../support/pure.ts";

pureTest("look() tells the speed of the last 3 s, and of those alone", () => {
  const meter = new Meter();
  assert.equal(meter.look(0, 0), 0);
  assert.equal(meter.look(1000, 1000), 1000);
  assert.equal(meter.look(1000, 3000), 1000 / 3);
  assert.equal(meter.look(5000, 4000), 4000 / 3);
  assert.equal(meter.look(5000, 10_000), 0);
  meter.reset();
  assert.equal(meter.look(9000, 10_100), 0);
});
