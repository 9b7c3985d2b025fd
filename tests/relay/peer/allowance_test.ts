import assert from "node:assert/strict";
import { GUEST_NETWORK_RATE, GUEST_RATE, MAX_GUEST_NETWORKS } from "../../../lib/relay/limits.ts";
import { GuestAllowances } from "../../../lib/relay/peer/allowance.ts";
import { pureTest } from "../../support/pure.ts";

const { linesBurst, linesPerSecond, bytesBurst, bytesPerSecond } = GUEST_NETWORK_RATE;

pureTest("a guest that comes back gets no new burst", () => {
  const allowances = new GuestAllowances();
  assert.equal(allowances.open("a", 0).spend(linesBurst, bytesBurst, 0), 0);
  assert.equal(allowances.open("a", 0).spend(linesPerSecond, 0, 0), 1000);
  assert.equal(allowances.open("b", 0).spend(linesBurst, bytesBurst, 0), 0);
  assert.equal(allowances.open("b", 0).spend(0, bytesPerSecond, 0), 1000);
});

pureTest("the guests of a household do not slow each other down", () => {
  const allowances = new GuestAllowances();
  const guests = Array.from({ length: 4 }, () => allowances.open("a", 0));
  const [lines, bytes] = [GUEST_RATE.linesPerSecond / 2, GUEST_RATE.bytesPerSecond / 2];
  for (let now = 1000; now < 600_000; now += 1000) {
    for (const guest of guests) assert.equal(guest.spend(lines, bytes, now), 0);
  }
});

pureTest("a guest that comes back again and again sends what a network may", () => {
  const allowances = new GuestAllowances();
  let [now, lines] = [0, 0];
  while (now < 60_000) {
    const guest = allowances.open("a", now);
    now += 1 + guest.spend(0, 0, now);
    guest.spend(7, 980, now);
    lines += 7;
  }
  assert.ok(lines <= linesBurst + now * linesPerSecond / 1000 + 7, `${lines} lines`);
});

pureTest("a network is remembered until as many others have sent something", () => {
  const allowances = new GuestAllowances();
  allowances.open("a", 0).spend(2 * linesBurst, 0, 0);
  for (let i = 1; i < MAX_GUEST_NETWORKS; i++) allowances.open(`${i}`, 0);
  assert.ok(allowances.open("a", 0).spend(0, 0, 0) > 0);
  for (let i = 1; i <= MAX_GUEST_NETWORKS; i++) allowances.open(`${i}`, 0);
  assert.equal(allowances.open("a", 0).spend(0, 0, 0), 0);
});
