import fc from "fast-check";
import assert from "node:assert/strict";
import { concat } from "../../lib/bytes/concat.ts";
import {
  EMPTY,
  formatHead,
  formatRecords,
  formatSlot,
  HEAD_BYTES,
  parseBacklog,
  placeOfSlot,
} from "../../lib/storage/backlog_format.ts";
import { labelsOf, makeRecord, ROOM_ID } from "../support/backlog_records.ts";
import { pureTest } from "../support/pure.ts";

const RECORDS = ["a", "b", "c"].map((label) => makeRecord(label, { lines: 2 }));
const WHOLE = concat(formatHead(ROOM_ID), formatRecords(RECORDS, EMPTY.slot, HEAD_BYTES));

pureTest("parseBacklog() reads what was written", () => {
  const records = [
    ...RECORDS,
    makeRecord("guest", { peerClass: "guest", time: 0 }),
    makeRecord("long", { chars: 65_484, time: 999_999_999_999_999 }),
  ];
  const bytes = concat(formatHead(ROOM_ID), formatRecords(records, EMPTY.slot, HEAD_BYTES));
  const end = bytes.length;
  assert.deepEqual(parseBacklog(bytes), { ...EMPTY, roomId: ROOM_ID, records, end });
  assert.deepEqual(parseBacklog(formatHead(ROOM_ID)), { ...EMPTY, roomId: ROOM_ID });
});

pureTest("parseBacklog() reads the records that are whole, wherever the file ends", () => {
  const ends = [1, 2, 3].map((count) => {
    return HEAD_BYTES + formatRecords(RECORDS.slice(0, count), EMPTY.slot, HEAD_BYTES).length;
  });
  for (let length = 0; length <= WHOLE.length; length++) {
    const content = parseBacklog(WHOLE.slice(0, length))!;
    const count = ends.filter((end) => end <= length).length;
    assert.deepEqual(labelsOf(content.records).length, 2 * count, `${length}`);
    assert.equal(content.end, ends[count - 1] ?? HEAD_BYTES);
    assert.equal(content.roomId, length < HEAD_BYTES ? undefined : ROOM_ID);
  }
});

pureTest("parseBacklog() takes no record with a bit that is wrong", () => {
  for (let place = HEAD_BYTES; place < WHOLE.length; place++) {
    const altered = WHOLE.slice();
    altered[place]! ^= 1 << place % 8;
    const { records } = parseBacklog(altered)!;
    assert.ok(records.length < 3, `${place}`);
    assert.deepEqual(records, RECORDS.slice(0, records.length));
  }
});

pureTest("parseBacklog() takes nothing that another slot or another place left", () => {
  for (
    const [slot, offset] of [[{ generation: 2, start: HEAD_BYTES }, HEAD_BYTES], [
      EMPTY.slot,
      0,
    ]] as const
  ) {
    const bytes = concat(formatHead(ROOM_ID), formatRecords(RECORDS, slot, offset));
    assert.deepEqual(parseBacklog(bytes)!.records, []);
  }
});

pureTest("parseBacklog() goes by the newest slot that is whole and lies in the file", () => {
  const second = { generation: 2, start: WHOLE.length };
  const bytes = concat(WHOLE, formatRecords(RECORDS.slice(1), second, second.start));
  const slot = formatSlot(second);
  const place = placeOfSlot(second);
  for (let length = 0; length <= slot.length; length++) {
    const cut = bytes.slice();
    cut.set(slot.subarray(0, length), place);
    const isWhole = length === slot.length;
    const labels = isWhole ? ["b", "b", "c", "c"] : ["a", "a", "b", "b", "c", "c"];
    assert.deepEqual(labelsOf(parseBacklog(cut)!.records), labels, `${length}`);
  }
  const beyond = bytes.slice();
  beyond.set(formatSlot({ generation: 2, start: bytes.length + 1 }), place);
  assert.equal(parseBacklog(beyond)!.records.length, 3);
});

pureTest("parseBacklog() knows files of others, and passes tokens alone", () => {
  const others = ["x", "chat-backlog2 ", "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=\n"];
  for (const text of [...others, others[1]!.padEnd(500, "0"), `chat-backlog1 ${"x".repeat(200)}`]) {
    assert.equal(parseBacklog(new TextEncoder().encode(text)), undefined, text);
  }
  for (const text of ["!LIVE\n", "noise\n", "\n"]) {
    const bad = { ...makeRecord("a"), bytes: new TextEncoder().encode(text) };
    const bytes = concat(formatHead(ROOM_ID), formatRecords([bad], EMPTY.slot, HEAD_BYTES));
    assert.deepEqual(parseBacklog(bytes)!.records, []);
  }
});

pureTest("parseBacklog() fails for no bytes at all", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), fc.boolean(), (bytes, isOurs) => {
    parseBacklog(isOurs ? concat(WHOLE.subarray(0, 47), bytes) : bytes);
  }));
});
