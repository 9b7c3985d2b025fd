import fc from "fast-check";
import assert from "node:assert/strict";
import { History } from "../../lib/client/history.ts";
import type { Phase } from "../../lib/client/inbox.ts";
import { MAX_PAST_TOKENS } from "../../lib/client/limits.ts";
import type { Opened } from "../../lib/client/reader.ts";
import { TIME } from "../support/fixed_members.ts";
import { plain, signed } from "../support/inbox.ts";
import { pureTest } from "../support/pure.ts";

/** A history, and what it has shown. */
function setUp() {
  const shown: string[] = [];
  const history = new History({
    take(opened: Opened, phase: Phase) {
      shown.push(`${opened.kind === "rejected" ? "?" : opened.text} ${phase}`);
      return [];
    },
  });
  return { history, shown };
}

function of(id: string, seconds: number, text: string): Opened {
  return signed({ id, time: TIME + seconds, text });
}

pureTest("History shows the past by its times once all is there, and the present at once", () => {
  const { history, shown } = setUp();
  for (
    const opened of [
      of("a", 18, "1"),
      of("a", 24, "3"),
      of("b", 15, "0"),
      of("b", 21, "2"),
      plain("4", TIME + 30),
    ]
  ) history.take(opened, "history");
  assert.deepEqual(shown, []);
  history.show("history");
  history.take(of("a", 0, "5"), "live");
  assert.deepEqual(shown, [..."01234"].map((text) => `${text} history`).concat("5 live"));
  history.take(of("a", 0, "6"), "catch-up");
  history.show("catch-up");
  assert.equal(shown.at(-1), "6 catch-up");
});

pureTest("History keeps each author's order, whatever the author's clock says", () => {
  const { history, shown } = setUp();
  const all = [of("a", 50, "a0"), of("a", 10, "a1"), of("b", 20, "b0"), of("b", 60, "b1")];
  for (const opened of all) history.take(opened, "history");
  history.show("history");
  assert.deepEqual(shown.map((each) => each.split(" ")[0]), ["b0", "a0", "a1", "b1"]);
});

pureTest("History leaves what cannot be read behind what came before it", () => {
  const { history, shown } = setUp();
  const rejected: Opened = { kind: "rejected", reason: "unreadable" };
  for (const opened of [rejected, of("a", 9, "late"), rejected, of("b", 1, "early")]) {
    history.take(opened, "history");
  }
  history.show("history");
  assert.deepEqual(shown.map((each) => each.split(" ")[0]), ["?", "early", "late", "?"]);
});

pureTest("History shows what it has when a relay sends past without end", () => {
  const { history, shown } = setUp();
  for (let i = 1; i < MAX_PAST_TOKENS; i++) history.take(plain(`${i}`), "history");
  assert.deepEqual(shown, []);
  history.take(plain("last"), "history");
  assert.equal(shown.length, MAX_PAST_TOKENS);
  history.show("history");
  assert.equal(shown.length, MAX_PAST_TOKENS);
});

pureTest("History loses nothing, and keeps an order that is right already", () => {
  const token = fc.record({ id: fc.constantFrom("a", "b", "c"), seconds: fc.nat(100) });
  fc.assert(fc.property(fc.array(token), (tokens) => {
    const inOrder = tokens.toSorted((a, b) => a.seconds - b.seconds);
    const { history, shown } = setUp();
    for (const [i, { id, seconds }] of inOrder.entries()) {
      history.take(of(id, seconds, `${i}`), "history");
    }
    history.show("history");
    assert.deepEqual(shown, inOrder.map((_, i) => `${i} history`));
  }));
});
