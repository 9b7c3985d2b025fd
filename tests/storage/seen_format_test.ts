import fc from "fast-check";
import assert from "node:assert/strict";
import { MAX_MISSING_RANGES } from "../../lib/protocol/limits.ts";
import {
  formatFloor,
  formatHead,
  formatWindow,
  parseSeen,
  type SeenRecords,
} from "../../lib/storage/seen_format.ts";
import { pureTest } from "../support/pure.ts";
import { anyState, anyWindow, EPOCHS, ID } from "../support/seen_states.ts";

function format({ newestTime, floor, windows, floors }: SeenRecords): string {
  const lines = [formatHead(newestTime, floor), ...windows.values().map(formatWindow)];
  for (const [id, own] of floors) lines.push(formatFloor(id, own));
  return lines.join("");
}

/** A window of {@linkcode ID}, with its LF. */
function line(rest: string, epoch = EPOCHS[0]): string {
  return `${ID} ${epoch} ${rest}\n`;
}

pureTest("parseSeen() reads what the others write", () => {
  fc.assert(fc.property(anyState, (state) => {
    assert.deepEqual(parseSeen(format(state)), state);
  }));
  const { windows } = parseSeen(`seen2 5 6\n${line("10 1785571200 3-3,5-9")}`);
  assert.deepEqual([...windows.values()], [{
    ...{ id: ID, epoch: EPOCHS[0], next: 10, seenAt: 1785571200 },
    missing: [[3, 3], [5, 9]],
  }]);
});

pureTest("parseSeen() takes the last of what a log tells of the same", () => {
  const log = [
    ...["seen2 5 6\n", line("1 1 -"), formatFloor(ID, 7), line("9 9 -", EPOCHS[1])],
    ...["seen2 8 6\n", line("4 2 0-0"), formatFloor(ID, 8)],
  ];
  const { newestTime, floor, windows, floors } = parseSeen(log.join(""));
  assert.deepEqual([newestTime, floor, ...floors.values()], [8, 6, 8]);
  const [first, second, ...more] = windows.values();
  assert.deepEqual([first!.next, first!.missing, second!.next, more.length], [4, [[0, 0]], 9, 0]);
});

pureTest("parseSeen() leaves out a last line that was cut off, wherever", () => {
  const whole = `seen2 5 6\n${line("10 1785571200 3-3,5-9")}`;
  const text = `${whole}${line("17 1785571201 -", EPOCHS[1])}`;
  for (let cut = whole.length; cut < text.length; cut++) {
    const { windows, isClosed } = parseSeen(text.slice(0, cut));
    assert.deepEqual([windows.size, isClosed], [1, cut > whole.length]);
  }
  assert.deepEqual(parseSeen(text).isClosed, false);
  for (let cut = 1; cut < text.length; cut++) {
    assert.throws(() => parseSeen(text.slice(cut)), RangeError);
  }
});

pureTest("parseSeen() reads a file of version 0.1.0, and notices if it was cut anywhere", () => {
  const text = `seen1 1785571200 17 2\n${line("1 1 -")}${line("9 9 2-3", EPOCHS[1])}`;
  const { newestTime, floor, windows, isClosed } = parseSeen(text);
  assert.deepEqual([newestTime, floor, windows.size, isClosed], [1785571200, 17, 2, true]);
  for (let cut = 0; cut < text.length; cut++) {
    assert.throws(() => parseSeen(text.slice(0, cut)), RangeError);
    assert.throws(() => parseSeen(text.slice(cut + 1)), RangeError);
  }
  const texts = ["seen1 0 0 0", "seen1 0 0 0 0\n", "seen1 0 0 1\n", "seen1 0 0 0\n\n"];
  texts.push(`seen1 0 0 2\n${line("1 1 -")}${line("1 1 -")}`, `seen1 0 0 0\n${line("1 1 -")}`);
  texts.push(`seen1 x 0 1\n${line("1 1 -")}`, `seen1 0 0 1\r\n${line("1 1 -")}`);
  for (const text of texts) assert.throws(() => parseSeen(text), RangeError, text);
});

pureTest("parseSeen() refuses every other line", () => {
  const names = `${ID} ${EPOCHS[0]}`;
  const lines = ["", names, `${names} 10 5`, `${names} 10 5 `, `${names} 10 5 - -`];
  lines.push(`${names} 10 5 3`, `${names} 10 5 3-`, `${names} 10 5 -3`, `${names} 10 5 3-3-3`);
  lines.push(`${names} 10 5 3-3,`, `${names} 10 5 4-3`, `${names} 10 5 3-5,5-6`);
  lines.push(`${names} 10 5 5-6,3-3`, `${names} 10 5 3-10`, `${names} 0 5 0-0`, `${names}  10 5 -`);
  lines.push(`${names} 01 5 -`, `${names} +1 5 -`, `${names} 1e3 5 -`, `${names} 1.5 5 -`);
  lines.push(`${names} -1 5 -`, `${names} 9007199254740992 5 -`, `${names} 10 5 -\r`);
  lines.push(`${names} 10 9007199254740992 -`, `${names} 10 5 03-3`, `${names} 10 5 x`);
  lines.push(`${ID.slice(1)} ${EPOCHS[0]} 1 5 -`, `${ID.slice(0, -1)}N ${EPOCHS[0]} 1 5 -`);
  lines.push(`${ID} ${EPOCHS[0]!.slice(1)} 1 5 -`, `${ID} AAAAAAAAAAB 1 5 -`, `${ID}  1 5 -`);
  lines.push(
    ID,
    `${ID} `,
    `${ID} 05`,
    `${ID} -1`,
    `${ID} 9007199254740992`,
    "seen2 1",
    "seen3 1 1",
  );
  lines.push("seen2 1 1 1", "seen2 01 1", "seen2 9007199254740992 1", "seen1 1 1 0", "\0\0\0");
  const ranges = Array.from({ length: MAX_MISSING_RANGES + 1 }, (_, i) => `${2 * i}-${2 * i}`);
  lines.push(`${names} 1000 5 ${ranges.join(",")}`);
  for (const line of lines) {
    assert.throws(() => parseSeen(`seen2 1 1\n${line}\n`), RangeError, line);
    if (!line.startsWith("seen1")) assert.throws(() => parseSeen(`${line}\n`), RangeError, line);
  }
  parseSeen(`seen2 1 1\n${names} 1000 5 ${ranges.slice(1).join(",")}\n`);
  assert.throws(() => parseSeen(""), RangeError);
});

pureTest("what is written has whole numbers from 0 to 2^53 - 1 alone", () => {
  fc.assert(fc.property(anyWindow, (window) => {
    for (const number of [-1, 1.5, NaN, Infinity, 2 ** 53]) {
      assert.throws(() => formatWindow({ ...window, seenAt: number }), RangeError);
      assert.throws(() => formatHead(number, 0), RangeError);
      assert.throws(() => formatFloor(ID, number), RangeError);
    }
  }));
  assert.equal(formatHead(0, Number.MAX_SAFE_INTEGER), "seen2 0 9007199254740991\n");
});
