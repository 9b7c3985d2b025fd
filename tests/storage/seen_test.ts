import fc from "fast-check";
import assert from "node:assert/strict";
import { formatBase64Url } from "../../lib/bytes/base64url.ts";
import { MAX_MISSING_RANGES } from "../../lib/protocol/limits.ts";
import type { SequenceRange, SequenceWindow } from "../../lib/protocol/sequence_window.ts";
import {
  FORGET_AFTER_SECONDS,
  MAX_ALL_MISSING_RANGES,
  MAX_CROWD_WINDOWS,
  MAX_LOOKED_AT,
  MAX_STATE_FILE_BYTES,
  MAX_WINDOWS,
  MAX_WINDOWS_OF_ONE_KEY,
  MIN_WINDOWS_OF_ONE_KEY,
  NEW_RUN_RATE,
} from "../../lib/storage/limits.ts";
import { Seen } from "../../lib/storage/seen.ts";
import { parseSeen, type SeenRecords } from "../../lib/storage/seen_format.ts";
import { pureTest } from "../support/pure.ts";
import { anyState, EPOCHS, ID, seenIn } from "../support/seen_states.ts";

/** The time at which all begins. */
const NOW = 1_785_571_200;

/** An author's key for each number. */
function idOf(number: number): string {
  const bytes = new Uint8Array(32);
  new DataView(bytes.buffer).setUint32(0, number);
  return formatBase64Url(bytes);
}

/** An epoch for each number. */
function epochOf(number: number): string {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setUint32(0, number);
  return formatBase64Url(bytes);
}

/** The window of a run whose first message came. */
function windowOf(author: number, run = 0, seenAt = NOW): SequenceWindow {
  return { id: idOf(author), epoch: epochOf(run), next: 1, missing: [], seenAt };
}

/** So many authors, each with one run. */
function crowd(count: number, seenAt = NOW): Seen {
  const seen = new Seen();
  for (let i = 0; i < count; i++) {
    assert.equal(seen.keep(windowOf(i, 0, seenAt), seenAt), "kept");
  }
  return seen;
}

function has(seen: Seen, author: number, run = 0): boolean {
  return seen.find(idOf(author), epochOf(run)) !== undefined;
}

/** So many ranges of one number each, from a number on. */
function holes(count: number, from = 0): SequenceRange[] {
  return Array.from({ length: count }, (_, i) => [from + 2 * i, from + 2 * i]);
}

/** What is kept, as a file tells it. */
function kept(seen: Seen): Omit<SeenRecords, "isClosed"> {
  const { isClosed: _, ...records } = parseSeen(seen.format());
  return records;
}

function joined(...states: readonly SeenRecords[]): Seen {
  const seen = new Seen();
  for (const state of structuredClone(states)) seen.add(state, NOW);
  return seen;
}

pureTest("Seen.add() joins in any order, and the same twice changes nothing", () => {
  fc.assert(fc.property(anyState, anyState, anyState, (a, b, c) => {
    assert.deepEqual(kept(joined(a, b, c)), kept(joined(c, a, b, a)));
  }));
});

pureTest("Seen.add() forgets nothing that either has seen, and invents nothing", () => {
  fc.assert(fc.property(anyState, anyState, (a, b) => {
    const seen = joined(a, b);
    for (const epoch of EPOCHS) {
      const key = `${ID} ${epoch}`;
      const either = seenIn(a.windows.get(key)).union(seenIn(b.windows.get(key)));
      assert.deepEqual(seenIn(seen.find(ID, epoch)), either);
    }
    assert.equal(seen.newestTime, Math.max(a.newestTime, b.newestTime));
    assert.equal(seen.floor, Math.max(a.floor, b.floor));
    const own = Math.max(0, ...a.floors.values(), ...b.floors.values());
    assert.equal(seen.floorOf(ID), own);
  }));
});

pureTest("Seen.takeChanges() gives what makes of an older file the newer one", () => {
  const step = fc.record({ author: fc.nat(2), run: fc.nat(3), next: fc.nat(9), time: fc.nat(9) });
  fc.assert(fc.property(fc.array(fc.array(step)), (saves) => {
    const seen = new Seen();
    let file = seen.format();
    for (const steps of saves) {
      for (const { author, run, next, time } of steps) {
        const window = seen.find(idOf(author), epochOf(run)) ?? windowOf(author, run, 0);
        window.next = Math.max(window.next, next);
        window.seenAt = Math.max(window.seenAt, time);
        seen.newestTime = Math.max(seen.newestTime, time);
        seen.keep(window, NOW);
      }
      file += seen.takeChanges();
      assert.equal(seen.takeChanges(), "");
    }
    assert.deepEqual(parseSeen(file), parseSeen(seen.format()));
  }));
});

pureTest("Seen.keep() drops the oldest run of an author that has too many", () => {
  const seen = new Seen();
  seen.keep(windowOf(1), NOW);
  for (let run = 0; run < MAX_WINDOWS_OF_ONE_KEY; run++) {
    seen.keep(windowOf(0, run, NOW + run), NOW);
  }
  assert.deepEqual([has(seen, 0), seen.floorOf(idOf(0))], [true, 0]);
  // Its times decide, and not which run was heard of last.
  seen.keep(seen.find(idOf(0), epochOf(0))!, NOW);
  assert.equal(seen.keep(windowOf(0, 100, NOW + 100), NOW), "kept");
  assert.deepEqual([has(seen, 0), has(seen, 0, 1), has(seen, 1)], [false, true, true]);
  assert.deepEqual([seen.floorOf(idOf(0)), seen.floorOf(idOf(1)), seen.floor], [NOW, 0, 0]);
  // A recording of an old run pushes out none of the new ones.
  assert.equal(seen.keep(windowOf(0, 101, NOW - 5000), NOW), "dropped");
  assert.equal(seen.floorOf(idOf(0)), NOW);
});

pureTest(
  "Seen.keep() takes so many new runs of one author at once, and then a few a second",
  () => {
    const seen = new Seen();
    let run = 0;
    const begin = (now: number, seenAt = now) => seen.keep(windowOf(0, run++, seenAt), now);
    const many = (count: number, now: number) =>
      Array.from({ length: count }, () => begin(now)).filter((each) => each === "kept").length;
    assert.equal(many(500, NOW), 1 + NEW_RUN_RATE.burst);
    assert.equal(many(500, NOW + 1), NEW_RUN_RATE.perSecond);
    assert.equal(seen.floorOf(idOf(0)), NOW + 1);
    // Recordings of old runs, which others can send, use up nothing of it.
    for (let i = 0; i < 500; i++) begin(NOW + 100, NOW + 99 - FORGET_AFTER_SECONDS);
    assert.equal(begin(NOW + 100), "kept");
    assert.equal(seen.keep(windowOf(1), NOW), "kept");
  },
);

pureTest("Seen.keep() takes from the author with the most when all have too many", () => {
  const seen = crowd(MAX_WINDOWS - 40);
  for (let run = 1; run <= 40; run++) seen.keep(windowOf(0, run, NOW + run), NOW);
  assert.equal(seen.size, MAX_WINDOWS);
  for (let i = 0; i < 39; i++) assert.equal(seen.keep(windowOf(10_000 + i), NOW), "kept");
  assert.equal(seen.size, MAX_WINDOWS);
  const ofFirst = () =>
    Array.from({ length: 41 }, (_, run) => run).filter((run) => has(seen, 0, run));
  assert.deepEqual(ofFirst(), [39, 40]);
  assert.equal(ofFirst().length, MIN_WINDOWS_OF_ONE_KEY);
  assert.deepEqual([seen.floorOf(idOf(0)), seen.floor], [NOW + 38, 0]);
  assert.ok(Array.from({ length: MAX_WINDOWS - 41 }, (_, i) => has(seen, 1 + i)).every(Boolean));
  // Nobody has many now: a further run costs its own author one.
  assert.equal(seen.keep(windowOf(1, 7, NOW + 7), NOW), "kept");
  assert.deepEqual([has(seen, 1), has(seen, 1, 7), seen.size], [false, true, MAX_WINDOWS]);
});

pureTest("Seen.keep() forgets an author only when all of it is old by its time", () => {
  const seen = crowd(MAX_WINDOWS);
  const later = NOW + FORGET_AFTER_SECONDS;
  assert.equal(seen.keep(windowOf(9000, 0, later), later), "crowd");
  const window = seen.find(idOf(MAX_LOOKED_AT), epochOf(0))!;
  for (let i = 0; i < MAX_WINDOWS; i++) {
    if (i % 2 === 0) seen.find(idOf(i), epochOf(0))!.seenAt = later;
  }
  assert.ok(window.seenAt === later);
  assert.equal(seen.keep(windowOf(9001, 0, later), later + 1), "kept");
  assert.deepEqual([seen.size, seen.floor], [MAX_WINDOWS, NOW]);
  assert.equal(has(seen, MAX_LOOKED_AT), true);
  // The one in the crowd moves up in its turn.
  const crowded = seen.find(idOf(9000), epochOf(0))!;
  assert.equal(seen.keep(crowded, later + 1), "kept");
  assert.equal(kept(seen).windows.get(`${idOf(9000)} ${epochOf(0)}`)?.seenAt, later);
});

pureTest("Seen.keep() looks at few authors for one that can be forgotten", () => {
  const seen = crowd(MAX_WINDOWS);
  const later = NOW + FORGET_AFTER_SECONDS + 1;
  for (let i = 0; i < MAX_LOOKED_AT + 2; i++) seen.find(idOf(i), epochOf(0))!.seenAt = later;
  const keepings = [0, 1, 2].map((i) => seen.keep(windowOf(9000 + i, 0, later), later));
  assert.deepEqual(keepings, ["crowd", "kept", "kept"]);
  assert.deepEqual([has(seen, MAX_LOOKED_AT + 1), has(seen, MAX_LOOKED_AT + 2)], [true, false]);
});

pureTest("Seen.keep() takes a time far ahead for that of a wrong clock", () => {
  const seen = crowd(MAX_WINDOWS, NOW + FORGET_AFTER_SECONDS + 1);
  assert.equal(seen.keep(windowOf(9000), NOW), "kept");
  assert.equal(seen.floor, NOW, "no floor is in the future");
});

pureTest("Seen.keep() keeps a crowd for a while, and its floor is never in the future", () => {
  const seen = crowd(MAX_WINDOWS);
  for (let i = 0; i < MAX_CROWD_WINDOWS; i++) {
    assert.equal(seen.keep(windowOf(10_000 + i, 0, NOW + 300), NOW), "crowd");
  }
  assert.deepEqual([has(seen, 10_000), seen.floorOf(idOf(10_000))], [true, 0]);
  seen.keep(windowOf(20_000), NOW);
  assert.deepEqual([has(seen, 10_000), seen.floorOf(idOf(10_000))], [false, NOW]);
  assert.deepEqual([seen.floorOf(idOf(0)), seen.floor], [0, 0], "those who are known have none");
  // The next run does not know the crowd.
  assert.equal(kept(seen).floor, NOW);
  assert.equal(kept(seen).windows.size, MAX_WINDOWS);
});

pureTest("Seen.note() lets an author's own lowest ranges count as seen", () => {
  const seen = new Seen();
  const [old, young] = [windowOf(0, 0, NOW), windowOf(0, 1, NOW + 1)];
  const other = windowOf(1);
  for (const window of [old, young, other]) {
    seen.keep(window, NOW);
    window.next = 1000;
    window.missing = holes(MAX_MISSING_RANGES / 2);
    seen.note(window);
  }
  young.missing = holes(MAX_MISSING_RANGES / 2 + 3);
  seen.note(young);
  assert.equal(young.missing.length, MAX_MISSING_RANGES / 2 + 3);
  assert.deepEqual(old.missing, holes(MAX_MISSING_RANGES / 2 - 3, 6));
  assert.equal(other.missing.length, MAX_MISSING_RANGES / 2);
});

pureTest("Seen.note() takes ranges from the author with the most when all have too many", () => {
  const authors = MAX_ALL_MISSING_RANGES / MAX_MISSING_RANGES;
  const seen = new Seen();
  const windows = Array.from({ length: authors }, (_, i) => windowOf(i));
  const set = (window: SequenceWindow, count: number) => {
    seen.keep(window, NOW);
    window.next = 1000;
    window.missing = holes(count);
    seen.note(window);
  };
  for (const window of windows) set(window, MAX_MISSING_RANGES);
  assert.ok(windows.every(({ missing }) => missing.length === MAX_MISSING_RANGES));
  const modest = windowOf(5000);
  set(modest, 3);
  assert.equal(modest.missing.length, 3);
  const all = [...windows, modest].reduce((sum, { missing }) => sum + missing.length, 0);
  assert.equal(all, MAX_ALL_MISSING_RANGES);
});

pureTest("Seen.add() holds to the bounds, and no message of what is dropped is new", () => {
  const runs = Array.from({ length: 100 }, (_, run) => windowOf(0, run, NOW + run));
  const authors = Array.from({ length: MAX_WINDOWS }, (_, i) => windowOf(100 + i, 0, NOW - 7));
  const all = [...runs, ...authors];
  const windows = new Map(all.map((window) => [`${window.id} ${window.epoch}`, window]));
  const records = { newestTime: 0, floor: 0, windows, floors: new Map(), isClosed: false };
  const seen = new Seen();
  seen.add(records, NOW + 100);
  assert.equal(seen.size, MAX_WINDOWS);
  for (const { id, epoch, seenAt } of all) {
    const isKnown = seen.find(id, epoch) !== undefined;
    assert.ok(isKnown || seenAt <= Math.max(seen.floor, seen.floorOf(id)));
  }
  assert.equal(seen.floor, NOW - 7);
});

pureTest("a full state with the most ranges and the longest numbers fits a state file", () => {
  const most = Number.MAX_SAFE_INTEGER;
  const seen = crowd(MAX_WINDOWS);
  for (let i = 0; i < MAX_ALL_MISSING_RANGES; i++) {
    const window = seen.find(idOf(i), epochOf(0))!;
    Object.assign(window, { next: most, seenAt: most, missing: [[most - 1, most - 1]] });
    seen.note(window);
  }
  const text = seen.format();
  assert.ok(text.length > MAX_WINDOWS * 120, `${text.length}`);
  assert.ok(2 * text.length < MAX_STATE_FILE_BYTES / 8, `${text.length}`);
});
