import assert from "node:assert/strict";
import { lazy } from "../../lib/text/cluster.ts";
import { pureTest } from "../support/pure.ts";

pureTest("lazy() makes a value once, and again only if that failed", () => {
  let calls = 0;
  const value = lazy(() => {
    if (++calls === 1) throw new Error("not yet");
    return undefined;
  });
  assert.equal(calls, 0);
  assert.throws(value, /not yet/);
  assert.deepEqual([value(), value()], [undefined, undefined]);
  assert.equal(calls, 2);
});
