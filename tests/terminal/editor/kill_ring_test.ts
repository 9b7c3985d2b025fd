import assert from "node:assert/strict";
import { KillRing, MAX_KILLS } from "../../../lib/terminal/editor/kill_ring.ts";
import { pureTest } from "../../support/pure.ts";

pureTest("KillRing.rotate() goes through all texts, from the newest to the oldest", () => {
  const ring = new KillRing();
  ring.rotate();
  assert.equal(ring.current, undefined);
  for (const text of ["a", "b", "c"]) ring.add(text);
  const seen = Array.from({ length: 4 }, () => {
    const { current } = ring;
    ring.rotate();
    return current;
  });
  assert.deepEqual(seen, ["c", "b", "a", "c"]);
});

pureTest("KillRing.add() forgets the oldest beyond MAX_KILLS", () => {
  const ring = new KillRing();
  for (let i = 0; i <= MAX_KILLS; i++) ring.add(String(i));
  for (let i = 1; i < MAX_KILLS; i++) ring.rotate();
  assert.equal(ring.current, "1");
  ring.rotate();
  assert.equal(ring.current, String(MAX_KILLS));
});

pureTest("KillRing.extend() makes the current text longer on either side", () => {
  const ring = new KillRing();
  ring.extend("b", "after");
  ring.extend("c", "after");
  ring.extend("a", "before");
  assert.equal(ring.current, "abc");
  ring.rotate();
  assert.equal(ring.current, "abc", "it is one text");
});
