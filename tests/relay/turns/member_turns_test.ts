import assert from "node:assert/strict";
import { MEMBER_RESERVE, MEMBERS_RATE } from "../../../lib/relay/turns/limits.ts";
import { MemberTurns } from "../../../lib/relay/turns/member_turns.ts";
import { pureTest } from "../../support/pure.ts";

/** A member whose last read had that many bytes. */
const member = (readBytes: number) => ({ pace: { readBytes } });
const run = (lines: number, bytes: number) => ({ lines, bytes, receivers: 9 });

pureTest("isClosed() lets all members together send 2,500 lines at once, then 500 a second", () => {
  const turns = new MemberTurns(0);
  const { linesBurst, linesPerSecond } = MEMBERS_RATE;
  for (let i = 0; i < 10; i++) turns.note(member(1), run(linesBurst / 10, 1), 0);
  assert.equal(turns.isClosed(0), false);
  turns.note(member(1), run(linesPerSecond, 1), 0);
  assert.deepEqual([turns.isClosed(999), turns.isClosed(1000)], [true, false]);
});

pureTest("isClosed() lets all members together send 3 MiB at once, then 640 KiB a second", () => {
  const turns = new MemberTurns(0);
  const { bytesBurst, bytesPerSecond } = MEMBERS_RATE;
  turns.note(member(1), run(1, bytesBurst), 0);
  assert.equal(turns.isClosed(0), false);
  turns.note(member(1), run(1, bytesPerSecond / 2), 0);
  assert.deepEqual([turns.isClosed(499), turns.isClosed(500)], [true, false]);
});

pureTest("isClosedTo() has a reserve for each connection that has sent little", () => {
  const turns = new MemberTurns(0);
  turns.note(member(1), run(2 * MEMBERS_RATE.linesBurst, 1), 0);
  const [flooder, talker, other] = [member(MEMBER_RESERVE.burst + 1), member(1024), member(1024)];
  assert.equal(turns.isClosedTo(flooder, 0), true);
  const messages = MEMBER_RESERVE.burst / 1024;
  for (let i = 0; i < messages; i++) assert.equal(turns.isClosedTo(talker, 0), false);
  assert.equal(turns.isClosedTo(talker, 0), true);
  assert.equal(turns.isClosedTo(other, 0), false);
  const msOfOne = 1000 * 1024 / MEMBER_RESERVE.perSecond;
  assert.equal(turns.isClosedTo(talker, msOfOne - 1), true);
  assert.equal(turns.isClosedTo(talker, msOfOne), false);
});

pureTest("isClosedTo() takes nothing of the reserve while all may send", () => {
  const turns = new MemberTurns(0);
  const talker = member(MEMBER_RESERVE.burst);
  for (let i = 0; i < 10; i++) assert.equal(turns.isClosedTo(talker, 0), false);
  turns.note(member(1), run(2 * MEMBERS_RATE.linesBurst, 1), 0);
  assert.equal(turns.isClosedTo(talker, 0), false);
  assert.equal(turns.isClosedTo(talker, 0), true);
});
