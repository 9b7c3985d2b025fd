import assert from "node:assert/strict";
import { Entrance } from "../../../lib/relay/door/entrance.ts";
import {
  MAX_ENTRANCE_PAUSE_MS,
  STRANGERS_BURST,
  STRANGERS_PER_SECOND,
} from "../../../lib/relay/limits.ts";
import { pureTest } from "../../support/pure.ts";

/** Has so many strangers leave at one moment. */
function leave(entrance: Entrance, count: number, now: number): void {
  for (let i = 0; i < count; i++) entrance.noteStranger(now);
}

pureTest("isOpen() lets a burst of strangers come and go, and then some in a second", () => {
  const entrance = new Entrance(() => true);
  leave(entrance, STRANGERS_BURST, 0);
  assert.equal(entrance.isOpen(0), true);
  leave(entrance, 50, 0);
  const ms = 50 * 1000 / STRANGERS_PER_SECOND;
  assert.deepEqual([entrance.isOpen(ms - 1), entrance.isOpen(ms)], [false, true]);
});

pureTest("a crowd that comes back at once comes as often as it may", () => {
  const entrance = new Entrance(() => true);
  let came = 0;
  for (let now = 0; now < 10_000; now++) {
    for (let i = 0; i < 30 && entrance.isOpen(now); i++, came++) entrance.noteStranger(now);
  }
  const allowed = STRANGERS_BURST + 10 * STRANGERS_PER_SECOND;
  assert.ok(Math.abs(came - allowed) < 0.01 * allowed, `${came} came`);
});

pureTest("isOpen() is false for a moment at most after a full house has left", () => {
  const entrance = new Entrance(() => true);
  leave(entrance, 10_000, 0);
  assert.equal(entrance.isOpen(MAX_ENTRANCE_PAUSE_MS - 1), false);
  assert.equal(entrance.isOpen(MAX_ENTRANCE_PAUSE_MS), true);
});

pureTest("members do not count", () => {
  const entrance = new Entrance(() => true);
  for (let i = 0; i < 10 * STRANGERS_BURST; i++) {
    entrance.noteStranger(0);
    entrance.noteMember();
  }
  assert.equal(entrance.isOpen(0), true);
});

pureTest("isOpen() is false where there is no room", () => {
  const entrance = new Entrance((now) => now > 5);
  assert.deepEqual([entrance.isOpen(5), entrance.isOpen(6)], [false, true]);
});

pureTest("untilOpen() waits for room, or for the relay's end", async () => {
  let looks = 0;
  await new Entrance(() => ++looks === 3).untilOpen(new AbortController().signal);
  assert.equal(looks, 3);
  await new Entrance(() => false).untilOpen(AbortSignal.abort());
});
