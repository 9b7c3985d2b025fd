import assert from "node:assert/strict";
import { Entries, MAX_WAITING_INPUTS } from "../../lib/terminal/entries.ts";
import { letOthersRun } from "../support/fake_chat.ts";
import { pureTest } from "../support/pure.ts";

pureTest("Entries.batches() gives each line alone, in order, until the end", async () => {
  const entries = new Entries();
  for (const line of ["a", "", "b"]) await entries.push(line);
  entries.end();
  await entries.ended;
  assert.deepEqual(await Array.fromAsync(entries.batches()), [["a"], [""], ["b"]]);
});

pureTest("Entries.batches() waits for lines, and for the end", async () => {
  const entries = new Entries();
  const batches = entries.batches();
  const first = batches.next();
  await entries.push("late");
  assert.deepEqual((await first).value, ["late"]);
  const last = batches.next();
  entries.end();
  assert.equal((await last).done, true);
});

pureTest("Entries.push() waits while the most lines wait, but not after the end", async () => {
  for (const isEnded of [false, true]) {
    const entries = new Entries();
    for (let i = 0; i < MAX_WAITING_INPUTS; i++) await entries.push("x");
    let isPushed = false;
    const pushing = entries.push("y").then(() => isPushed = true);
    await letOthersRun();
    assert.equal(isPushed, false);
    if (isEnded) entries.end();
    else await entries.batches().next();
    await pushing;
    assert.equal(isPushed, true);
  }
});
