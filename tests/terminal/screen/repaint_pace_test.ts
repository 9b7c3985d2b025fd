import assert from "node:assert/strict";
import {
  MAX_REPAINTS_PER_SECOND,
  RepaintPace,
  RESIZE_SETTLE_MS,
} from "../../../lib/terminal/screen/repaint_pace.ts";
import { pureTest } from "../../support/pure.ts";

pureTest("RepaintPace.wait() spaces repaints, and lets the first one through", () => {
  let now = 5;
  const pace = new RepaintPace(() => now);
  assert.ok(pace.wait(false) <= 0);
  pace.noteRepaint();
  assert.equal(pace.wait(false), 1000 / MAX_REPAINTS_PER_SECOND);
  now += 1000 / MAX_REPAINTS_PER_SECOND;
  assert.equal(pace.wait(false), 0);
});

pureTest("RepaintPace.wait() lets only a further new size follow a new one soon", () => {
  let now = 0;
  const pace = new RepaintPace(() => now);
  assert.ok(pace.wait(true) <= 0);
  pace.noteRepaint();
  now += 100;
  assert.equal(pace.wait(false), 200);
  assert.ok(pace.wait(true) <= 0);
  pace.noteRepaint();
  assert.equal(pace.wait(false), 300);
  now += RESIZE_SETTLE_MS;
  assert.ok(pace.wait(false) <= 0);
});
