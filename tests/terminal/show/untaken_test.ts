import assert from "node:assert/strict";
import type { ShownMessage } from "../../../lib/client/events.ts";
import { sayIn } from "../../../lib/messages/say.ts";
import { MAX_UNTAKEN_SHOWN, Untaken } from "../../../lib/terminal/show/untaken.ts";
import { pureTest } from "../../support/pure.ts";

const SAY = sayIn("en");
const VIEW = {
  rows: [[{ text: "› draft", style: "prompt" as const }]],
  cursor: { row: 0, column: 7 },
};

function own(text: string, changes: Partial<ShownMessage> = {}): ShownMessage {
  return {
    ...{ kind: "message", form: "chat", id: "i", nickname: "alice", text, time: 0 },
    ...{ trust: "verified", age: "live", isLate: false, isOwn: true, isMention: false },
    ...changes,
  };
}

function rowsAbove(untaken: Untaken, columns = 40): string[] {
  const { rows, cursor } = untaken.above(VIEW, columns);
  assert.deepEqual(rows.at(-1), VIEW.rows[0]);
  assert.deepEqual(cursor, { row: rows.length - 1, column: 7 });
  return rows.slice(0, -1).map((row) => row.map(({ text }) => text).join(""));
}

pureTest("Untaken.above() leaves the prompt as it is where nothing waits", () => {
  assert.equal(new Untaken(SAY).above(VIEW, 80), VIEW);
});

pureTest("Untaken.above() has a dimmed row for each message, until it is taken", () => {
  const untaken = new Untaken(SAY);
  const messages = [
    own("hello"),
    own("waves", { form: "action" }),
    own("psst", { form: "private", recipient: "bob" }),
  ];
  untaken.add(messages);
  assert.deepEqual(rowsAbove(untaken), [
    "… alice› hello",
    "… * alice waves",
    "… you → bob  psst",
  ]);
  assert.equal(untaken.above(VIEW, 80).rows[0]![0]!.style, "hint");
  untaken.remove(messages.slice(0, 2));
  assert.deepEqual(rowsAbove(untaken), ["… you → bob  psst"]);
  untaken.remove(messages);
  assert.deepEqual(rowsAbove(untaken), []);
});

pureTest("Untaken.above() cuts what is wide, and shows five and a count", () => {
  const untaken = new Untaken(SAY);
  untaken.add(Array.from({ length: MAX_UNTAKEN_SHOWN }, (_, i) => own(`${i}\x1b[2J\nline two`)));
  assert.deepEqual(rowsAbove(untaken, 16)[0], "… alice› 0␛[2J…");
  untaken.add([own("one more"), own("two more")]);
  const rows = rowsAbove(untaken, 40);
  assert.equal(rows[0], "… 2 more wait for the server");
  assert.equal(rows.length, MAX_UNTAKEN_SHOWN + 1);
  assert.equal(rows.at(-1), "… alice› two more");
});

pureTest("Untaken.describe() names what was never taken", () => {
  const untaken = new Untaken(SAY);
  assert.deepEqual(untaken.describe(), []);
  untaken.add([own("hello"), own("again")]);
  assert.deepEqual(untaken.describe(), [
    "not taken by the server: alice› hello",
    "not taken by the server: alice› again",
  ]);
});
