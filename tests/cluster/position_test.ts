import assert from "node:assert/strict";
import { REWIND_ENTRIES } from "../../lib/cluster/limits.ts";
import { Position } from "../../lib/cluster/position.ts";
import { pureTest } from "../support/pure.ts";

const READ_BACK = 100;

function info(firstSeq: number, lastSeq: number, created = "today") {
  return { created, firstSeq, lastSeq };
}

/** A position at the end of a stream that was read. */
function readTo(lastSeq: number, readBack = READ_BACK): Position {
  const position = new Position(readBack);
  assert.equal(position.compare(info(1, lastSeq)), undefined);
  position.take(lastSeq);
  return position;
}

pureTest("Position begins 100 entries before the end, or at what is left", () => {
  const starts = [[1, 0, 1, true], [1, 99, 1, false], [1, 250, 151, false], [240, 250, 240, false]];
  for (const [first, last, next, hasBegun] of starts as [number, number, number, boolean][]) {
    const position = new Position(READ_BACK);
    position.compare(info(first, last));
    assert.deepEqual([position.next, position.hasBegun], [next, hasBegun]);
  }
  assert.equal(readTo(250).hasBegun, true);
});

pureTest("Position has begun if what it was to read is lost meanwhile", () => {
  for (const after of [info(251, 250), info(1, 0, "later"), info(1, 150)]) {
    const position = new Position(READ_BACK);
    position.compare(info(1, 250));
    position.compare(after);
    assert.equal(position.hasBegun, true, JSON.stringify(after));
  }
});

pureTest("Position goes back, and never to what is of the past", () => {
  const position = readTo(9000, 2 * REWIND_ENTRIES);
  const back = [1, 2, 3].map(() => {
    position.rewind();
    return 9000 - position.next + 1;
  });
  assert.deepEqual(back, [REWIND_ENTRIES, 2 * REWIND_ENTRIES, 2 * REWIND_ENTRIES]);
  const short = readTo(1000);
  short.rewind();
  assert.equal(short.next, 901);
});

pureTest("Position tells once what has become of the stream", () => {
  const lost = "it has lost entries that were not read";
  const position = readTo(1000);
  assert.deepEqual([position.compare(info(1, 1000)), position.next], [undefined, 1001]);
  assert.deepEqual([position.compare(info(2000, 1999)), position.next], [lost, 2000]);
  assert.deepEqual([position.compare(info(2000, 1999)), position.next], [undefined, 2000]);
  assert.equal(position.compare(info(2000, 1950)), "it has lost its last entries");
  assert.equal(position.compare(info(5, 9, "later")), "it was made anew");
  assert.deepEqual([position.compare(info(5, 9, "later")), position.next], [undefined, 5]);
});

pureTest("Position reads again what came in place of the last entries", () => {
  const position = readTo(1000);
  position.compare(info(1, 990));
  assert.equal(position.next, 901);
  const shorter = readTo(1000);
  shorter.compare(info(1, 50));
  assert.equal(shorter.next, 51);
});
