import assert from "node:assert/strict";
import { sayIn } from "../../../lib/messages/say.ts";
import { makeTheme } from "../../../lib/terminal/screen/theme.ts";
import { LocalTime } from "../../../lib/terminal/show/local_time.ts";
import { Presenter } from "../../../lib/terminal/show/presenter.ts";
import type { Item } from "../../../lib/terminal/screen/draw.ts";
import { pureTest } from "../../support/pure.ts";
import { messageOf } from "../../support/virtual_client.ts";

const DAY = 86_400;

function openPresenter(hasTimestamps: boolean, depth: 0 | 16 = 0) {
  return new Presenter({
    theme: makeTheme(depth),
    say: sayIn("en"),
    time: new LocalTime("en", "UTC"),
    hasTimestamps,
    now: () => 1000 * DAY + 999,
  });
}

/** Rows without the columns that the cursor is set to. */
function rowsOf(items: readonly Item[]): string[] {
  // deno-lint-ignore no-control-regex -- our own sequences
  return items.flatMap((item) => item(80)).map((row) => row.replace(/\x1b\[(?:\d+G|\?7[lh])/g, ""));
}

pureTest("Presenter puts a line between two days, of messages and remarks", () => {
  const presenter = openPresenter(true);
  const first = messageOf("a", { time: 0 });
  assert.deepEqual(rowsOf(presenter.message(first, "al")), [
    "—— Thursday, 1 January 1970 ——",
    "00:00 bob  a",
  ]);
  assert.deepEqual(rowsOf(presenter.message(first, "al")), ["00:00 bob  a"]);
  assert.deepEqual(rowsOf(presenter.remark("hello")), [
    "—— Friday, 2 January 1970 ——",
    "00:00 -- hello",
  ]);
});

pureTest("Presenter.toggleTimestamps() turns times and days on and off", () => {
  const presenter = openPresenter(false);
  assert.deepEqual(rowsOf(presenter.remark("a")), ["-- a"]);
  assert.equal(presenter.toggleTimestamps(), true);
  assert.equal(rowsOf(presenter.remark("b")).length, 2);
  assert.equal(presenter.toggleTimestamps(), false);
  assert.deepEqual(rowsOf(presenter.message(messageOf("c", { time: 0 }), "al")), ["bob  c"]);
});

pureTest("Presenter.remark() shows a warning as an alert", () => {
  const presenter = openPresenter(false, 16);
  const alert = makeTheme(16).paint("alert", "look");
  assert.ok(rowsOf(presenter.remark("look", true))[0]!.endsWith(alert));
  assert.ok(rowsOf(presenter.remark("look"))[0]!.endsWith("look"));
});
