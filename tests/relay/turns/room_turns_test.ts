import assert from "node:assert/strict";
import { GUESTS_BYTES_PER_SECOND, MEMBERS_RATE } from "../../../lib/relay/turns/limits.ts";
import { openTurns } from "../../../lib/relay/turns/room_turns.ts";
import { pureTest } from "../../support/pure.ts";

pureTest("openTurns() has members and guests wait for their own alone", () => {
  const sender = { pace: { readBytes: 1024 * 1024 } };
  const { guest, member } = openTurns(0);
  guest.note(sender, { lines: 1, bytes: GUESTS_BYTES_PER_SECOND, receivers: 2 }, 0);
  assert.deepEqual([guest.isClosedTo(sender, 0), member.isClosedTo(sender, 0)], [true, false]);
  const other = openTurns(0);
  const lines = 2 * MEMBERS_RATE.linesBurst;
  other.member.note(sender, { lines, bytes: 1, receivers: 2 }, 0);
  assert.deepEqual([other.guest, other.member].map((each) => each.isClosed(0)), [false, true]);
});
