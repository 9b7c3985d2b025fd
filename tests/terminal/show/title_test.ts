import assert from "node:assert/strict";
import { Title, TITLE_DELAY_MS } from "../../../lib/terminal/show/title.ts";
import { pureTest } from "../../support/pure.ts";

function openTitle(write: (sequence: string) => Promise<void> = () => Promise.resolve()) {
  const written: string[] = [];
  const timers = new Map<() => void, number>();
  const state = { text: "room" };
  const title = new Title({
    text: () => state.text,
    write: (sequence) => {
      written.push(sequence);
      return write(sequence);
    },
    schedule: (run, ms) => {
      timers.set(run, ms);
      return () => timers.delete(run);
    },
  });
  const runTimers = () => {
    const runs = [...timers];
    timers.clear();
    for (const [run, ms] of runs) {
      assert.equal(ms, TITLE_DELAY_MS);
      run();
    }
    return runs.length;
  };
  return { title, state, written, runTimers };
}

pureTest("Title.update() writes the last of many titles, once", () => {
  const { title, state, written, runTimers } = openTitle();
  for (const text of ["(1) room", "(2) room"]) {
    state.text = text;
    title.update();
  }
  assert.deepEqual(written, []);
  assert.equal(runTimers(), 1);
  assert.deepEqual(written, ["\x1b]2;(2) room\x07"]);
});

pureTest("Title.update() writes again what has changed, and nothing else", () => {
  const { title, state, written, runTimers } = openTitle();
  for (const text of ["a", "a", "b"]) {
    state.text = text;
    title.update();
    runTimers();
  }
  assert.deepEqual(written, ["\x1b]2;a\x07", "\x1b]2;b\x07"]);
});

pureTest("Title.close() leaves the title as it is", () => {
  const { title, written, runTimers } = openTitle();
  title.update();
  title.close();
  title.update();
  assert.equal(runTimers(), 0);
  assert.deepEqual(written, []);
});

pureTest("Title does not mind a terminal that is gone", async () => {
  const { title, runTimers } = openTitle(() => Promise.reject(new Error("gone")));
  title.update();
  runTimers();
  await Promise.resolve();
});
