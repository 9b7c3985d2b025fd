import fc from "fast-check";
import assert from "node:assert/strict";
import { formatBase64Url } from "../../lib/bytes/base64url.ts";
import { MAX_MISSING_RANGES } from "../../lib/protocol/limits.ts";
import { windowKey } from "../../lib/protocol/sequence_window.ts";
import { MAX_STATE_FILE_BYTES, MAX_WINDOWS } from "../../lib/storage/limits.ts";
import {
  boundSeen,
  formatWindow,
  mergeSeen,
  SEEN_FORMAT,
  type SeenState,
} from "../../lib/storage/seen.ts";
import { SharedFile } from "../../lib/storage/shared_file.ts";
import { testNeeding } from "../support/needs.ts";
import { pureTest } from "../support/pure.ts";
import { anyState, EPOCHS, ID, seenIn, windowOf } from "../support/seen_states.ts";
import { withDirectory } from "../support/temporary.ts";
import { noWarning } from "../support/wordings.ts";

/** What a state amounts to, whatever the order of its windows. */
function meaning(state: SeenState): unknown {
  const windows = [...state.windows].sort(([a], [b]) => a < b ? -1 : 1);
  return { ...state, windows };
}

/** An epoch for each number. */
function epochOf(number: number): string {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setUint32(0, number);
  return formatBase64Url(bytes);
}

/** Windows used at the given times, one each. */
function stateOf(times: readonly number[], firstEpoch = 0): SeenState {
  const windows = times.map((seenAt, i) =>
    windowOf(new Set([0]), { epoch: epochOf(firstEpoch + i), seenAt })
  );
  return {
    newestTime: 0,
    floor: 0,
    windows: new Map(windows.map((window) => [windowKey(window.id, window.epoch), window])),
  };
}

pureTest("mergeSeen() is commutative, associative and idempotent", () => {
  fc.assert(fc.property(anyState, anyState, anyState, (a, b, c) => {
    assert.deepEqual(meaning(mergeSeen(a, b)), meaning(mergeSeen(b, a)));
    assert.deepEqual(
      meaning(mergeSeen(mergeSeen(a, b), c)),
      meaning(mergeSeen(a, mergeSeen(b, c))),
    );
    assert.deepEqual(meaning(mergeSeen(a, a)), meaning(a));
    assert.deepEqual(meaning(mergeSeen(a, SEEN_FORMAT.empty())), meaning(a));
  }));
});

pureTest("mergeSeen() forgets nothing that either has seen, and invents nothing", () => {
  fc.assert(fc.property(anyState, anyState, (a, b) => {
    const merged = mergeSeen(a, b);
    for (const epoch of EPOCHS) {
      const key = windowKey(ID, epoch);
      const either = seenIn(a.windows.get(key)).union(seenIn(b.windows.get(key)));
      assert.deepEqual(seenIn(merged.windows.get(key)), either);
    }
    assert.equal(merged.newestTime, Math.max(a.newestTime, b.newestTime));
    assert.equal(merged.floor, Math.max(a.floor, b.floor));
  }));
});

pureTest("mergeSeen() changes neither, and shares nothing with them", () => {
  fc.assert(fc.property(anyState, anyState, (a, b) => {
    const before = [structuredClone(a), structuredClone(b)];
    const merged = mergeSeen(a, b);
    for (const window of merged.windows.values()) {
      window.next = 1000;
      for (const range of window.missing) (range as [number, number])[0] = -1;
    }
    merged.windows.clear();
    assert.deepEqual([a, b], before);
  }));
});

pureTest("boundSeen() drops the windows used longest ago, and raises the floor to them", () => {
  const full = stateOf(Array.from({ length: MAX_WINDOWS }, (_, i) => 100 + i).reverse());
  const before = structuredClone(full);
  boundSeen(full);
  assert.deepEqual(full, before);

  const over = stateOf(Array.from({ length: MAX_WINDOWS + 3 }, (_, i) => 100 + i).reverse());
  boundSeen(over);
  assert.equal(over.windows.size, MAX_WINDOWS);
  assert.equal(over.floor, 102);
  assert.equal(Math.min(...over.windows.values().map(({ seenAt }) => seenAt)), 103);
});

pureTest("boundSeen() never lowers the floor", () => {
  const over = { ...stateOf(Array(MAX_WINDOWS + 1).fill(5)), floor: 9 };
  boundSeen(over);
  assert.equal(over.floor, 9);
});

pureTest(
  "mergeSeen() of two full states is full: each message is in a window or under the floor",
  () => {
    const a = stateOf(Array.from({ length: MAX_WINDOWS }, (_, i) => 2 * i));
    const b = stateOf(Array.from({ length: MAX_WINDOWS }, (_, i) => 2 * i + 1), MAX_WINDOWS);
    const merged = mergeSeen(a, b);
    assert.equal(merged.windows.size, MAX_WINDOWS);
    for (const [key, { seenAt }] of [...a.windows, ...b.windows]) {
      assert.ok(merged.windows.has(key) || seenAt <= merged.floor);
    }
  },
);

pureTest("SEEN_FORMAT reads what it writes", () => {
  fc.assert(fc.property(anyState, (state) => {
    assert.deepEqual(SEEN_FORMAT.parse(SEEN_FORMAT.format(state)), state);
  }));
});

pureTest("SEEN_FORMAT notices a file that was cut anywhere", () => {
  const state = mergeSeen(stateOf([5, 6]), stateOf([7], 9));
  const text = SEEN_FORMAT.format({ ...state, newestTime: 1785571200, floor: 17 });
  assert.equal(SEEN_FORMAT.parse(text).newestTime, 1785571200);
  for (let cut = 0; cut < text.length; cut++) {
    assert.throws(() => SEEN_FORMAT.parse(text.slice(0, cut)), RangeError);
    assert.throws(() => SEEN_FORMAT.parse(text.slice(cut + 1)), RangeError);
  }
});

pureTest("SEEN_FORMAT refuses what it did not write", () => {
  const line = SEEN_FORMAT.format(stateOf([5])).split("\n")[1];
  const texts = ["seen1 0 0 0", "seen2 0 0 0\n", "seen1 0 0 0 0\n", "seen1 0 0 1\n"];
  texts.push(
    "seen1 0 0 0\n\n",
    `seen1 0 0 2\n${line}\n${line}\n`,
    `seen1 0 0 1\n${line}\n${line}\n`,
  );
  texts.push(`seen1 0 0 0\n${line}\n`, `seen1 x 0 1\n${line}\n`, `seen1 0 0 1\r\n${line}\n`);
  const over = stateOf(Array(MAX_WINDOWS + 1).fill(1));
  texts.push(SEEN_FORMAT.format(over));
  for (const text of texts) assert.throws(() => SEEN_FORMAT.parse(text), RangeError);
});

pureTest("a full state with the most ranges and the longest numbers fits a state file", () => {
  const [most, longest] = [Number.MAX_SAFE_INTEGER, `${Number.MAX_SAFE_INTEGER}`.length];
  const missing = Array<[number, number]>(MAX_MISSING_RANGES).fill([most, most]);
  const line = formatWindow({ ...windowOf(new Set()), next: most, seenAt: most, missing });
  assert.ok(line.length > 2 * MAX_MISSING_RANGES * longest);
  assert.ok(MAX_WINDOWS * (line.length + 1) + 100 < MAX_STATE_FILE_BYTES);
});

pureTest("SEEN_FORMAT.lost() lets nothing up to now be live", () => {
  const before = Math.floor(Date.now() / 1000);
  const { newestTime, floor, windows } = SEEN_FORMAT.lost!();
  assert.ok(newestTime >= before && floor >= before && windows.size === 0);
});

testNeeding(
  ["read", "write"],
  "two clients that save what they have seen end with all of it",
  () =>
    withDirectory(async (directory) => {
      const options = { maxBytes: MAX_STATE_FILE_BYTES, delayMs: 1000, warn: noWarning };
      const open = () => SharedFile.open(`${directory}/seen`, SEEN_FORMAT, options);
      await using one = await open();
      await using two = await open();
      const key = windowKey(ID, EPOCHS[0]!);
      one.value.windows.set(key, windowOf(new Set([0, 1, 4])));
      two.value.windows.set(key, windowOf(new Set([2, 6])));
      await Promise.all([one.save(), two.save()]);
      await using three = await open();
      assert.deepEqual(seenIn(three.value.windows.get(key)), new Set([0, 1, 2, 4, 6]));
    }),
);
