import assert from "node:assert/strict";
import { pressed } from "../../../lib/terminal/input/input_events.ts";
import { pureTest } from "../../support/pure.ts";

pureTest("pressed() holds no other key down unless it is said", () => {
  const key = { kind: "keypress", name: "a", ctrl: false, alt: false, shift: false };
  assert.deepEqual(pressed("a"), key);
  for (const modifier of ["ctrl", "alt", "shift"]) {
    assert.deepEqual(pressed("a", { [modifier]: true }), { ...key, [modifier]: true });
  }
});
