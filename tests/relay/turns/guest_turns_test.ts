import assert from "node:assert/strict";
import { GuestTurns } from "../../../lib/relay/turns/guest_turns.ts";
import { GUESTS_BYTES_PER_SECOND, GUESTS_WRITE_BYTES } from "../../../lib/relay/turns/limits.ts";
import { pureTest } from "../../support/pure.ts";

/** A guest whose last read had that many bytes. */
const guest = (readBytes: number) => ({ pace: { readBytes } });
const ANYBODY = guest(0);

pureTest("isClosed() lets guests cost a second's bytes at once, and as many in a second", () => {
  const turns = new GuestTurns(0);
  turns.note(ANYBODY, {
    lines: 1,
    bytes: GUESTS_BYTES_PER_SECOND - GUESTS_WRITE_BYTES,
    receivers: 1,
  }, 0);
  assert.equal(turns.isClosed(0), false);
  turns.note(ANYBODY, { lines: 1, bytes: GUESTS_BYTES_PER_SECOND / 2, receivers: 1 }, 0);
  assert.deepEqual([turns.isClosed(499), turns.isClosed(500)], [true, false]);
});

pureTest("note() counts lines for each receiver", () => {
  const turns = new GuestTurns(0);
  turns.note(ANYBODY, { lines: 1, bytes: GUESTS_BYTES_PER_SECOND / 100, receivers: 101 }, 0);
  assert.equal(turns.isClosed(0), true);
});

pureTest("note() counts a write for each receiver once until it has begun", () => {
  const turns = new GuestTurns(0);
  const receivers = GUESTS_BYTES_PER_SECOND / GUESTS_WRITE_BYTES;
  for (let i = 0; i < 100; i++) {
    turns.note(ANYBODY, { lines: 1, bytes: 0, receivers: receivers }, 0);
  }
  assert.equal(turns.isClosed(0), false);
  turns.noteWrite();
  turns.note(ANYBODY, { lines: 1, bytes: 0, receivers: receivers }, 0);
  assert.equal(turns.isClosed(999), true);
});
