import assert from "node:assert/strict";
import { Present } from "../../../lib/client/keys/present.ts";
import { MAX_AGREED_DIFFERENCE_SECONDS } from "../../../lib/client/limits.ts";
import { DAY } from "../../support/generations.ts";
import { pureTest } from "../../support/pure.ts";

const DAY_SECONDS = 86_400;
const NOON = DAY * DAY_SECONDS + DAY_SECONDS / 2;
const YEARS = 3650 * DAY_SECONDS;

/** What is known where this client's clock and the relay's are off by some seconds. */
function presentOf(ownOff: number, relayOff?: number): Present {
  const present = new Present({ now: () => (NOON + ownOff) * 1000, monotonic: () => 0 });
  if (relayOff !== undefined) present.noteRelay(NOON + relayOff);
  return present;
}

pureTest("Present.agreed is the clock behind of two that agree within an hour", () => {
  const most = MAX_AGREED_DIFFERENCE_SECONDS;
  assert.equal(presentOf(0, 10).agreed, NOON);
  assert.equal(presentOf(0, -10).agreed, NOON - 10);
  assert.equal(presentOf(0, most).agreed, NOON);
  assert.equal(presentOf(0, most + 1).agreed, undefined);
  assert.equal(presentOf(0, -most).agreed, NOON - most);
  assert.equal(presentOf(0, -most - 1).agreed, undefined);
});

pureTest("Present.agreed is never this client's clock alone", () => {
  assert.equal(presentOf(0).agreed, undefined);
  assert.equal(presentOf(YEARS, 0).agreed, undefined);
  assert.equal(presentOf(0, YEARS).agreed, undefined);
});

pureTest("Present.agreed is the day that a member has written under, once it has come here", () => {
  const present = presentOf(0, YEARS);
  present.noteMember(DAY - 1);
  present.noteMember(DAY - 3);
  assert.equal(present.agreed, (DAY - 1) * DAY_SECONDS);
  present.noteMember(DAY + 1);
  assert.equal(present.agreed, undefined);
});

pureTest("Present takes no member's word for a day that no clock is near", () => {
  const present = presentOf(0, 0);
  for (const day of [DAY + 2, DAY + 1000]) present.noteMember(day);
  assert.deepEqual([...present.days(DAY - 1)], [DAY]);
  present.noteMember(DAY + 1);
  assert.deepEqual([...present.days(DAY - 1)], [DAY, DAY + 1]);
});

pureTest("Present.likely() is this client's clock, as long as nothing speaks against it", () => {
  assert.equal(presentOf(7).likely(undefined), NOON + 7);
  assert.equal(presentOf(YEARS, 0).likely(undefined), NOON + YEARS);
  assert.equal(presentOf(7, 1000).likely(DAY - 1), NOON + 7);
  // A relay whose clock is wrong changes nothing.
  assert.equal(presentOf(0, YEARS).likely(DAY - 1), NOON);
  assert.equal(presentOf(0, -YEARS).likely(DAY - 1), NOON);
});

pureTest("Present.likely() is the relay's clock if that fits better to what is known", () => {
  assert.equal(presentOf(YEARS, 0).likely(DAY - 1), NOON);
  assert.equal(presentOf(-3 * DAY_SECONDS, 0).likely(DAY - 1), NOON);
  // After a month away nothing but what a member writes can tell.
  const present = presentOf(-3 * DAY_SECONDS, 0);
  assert.equal(present.likely(DAY - 30), NOON - 3 * DAY_SECONDS);
  present.noteMember(DAY);
  assert.equal(present.likely(DAY - 30), NOON);
});

pureTest("Present.likely() is never before a day that was over", () => {
  assert.equal(presentOf(-3 * DAY_SECONDS).likely(DAY - 1), (DAY - 1) * DAY_SECONDS);
});

pureTest("Present.days() has every day that may be the present one", () => {
  const days = (present: Present) => [...present.days(DAY - 9)].sort((a, b) => a - b);
  assert.deepEqual(days(presentOf(0)), [DAY - 8, DAY]);
  const present = presentOf(0, YEARS);
  present.noteMember(DAY + 1);
  assert.deepEqual(days(present), [DAY - 8, DAY, DAY + 1, DAY + 3650]);
});

pureTest("Present counts the relay's clock on, whatever becomes of this client's", () => {
  const clock = { seconds: NOON, ms: 5000 };
  const present = new Present({ now: () => clock.seconds * 1000, monotonic: () => clock.ms });
  present.noteRelay(NOON);
  clock.ms += 60_900;
  clock.seconds += 3 * DAY_SECONDS;
  assert.equal(present.agreed, undefined);
  assert.equal(present.likely(DAY - 1), NOON + 60);
});
