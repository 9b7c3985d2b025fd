import fc from "fast-check";
import assert from "node:assert/strict";
import { History } from "../../lib/client/history.ts";
import type { Phase } from "../../lib/client/phase.ts";
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

/** A message that is in a token of a minute later: it was sent again. */
function of(id: string, seconds: number, text: string): Opened {
  return signed({ id, time: TIME + seconds, text, issuedAt: TIME + seconds + 60 });
}

/** A message that was sent when it was written. */
function prompt(id: string, seconds: number, text: string): Opened {
  return signed({ id, time: TIME + seconds, text, issuedAt: TIME + seconds + 2 });
}

/** What is shown of a past, as texts. */
function shownOf(...past: Opened[]): string[] {
  const { history, shown } = setUp();
  for (const opened of past) history.take(opened, "history");
  assert.equal(shown.length, 0);
  history.show("history");
  return shown.map((each) => each.split(" ")[0]!);
}

pureTest("History shows by its times what was sent again, and the present at once", () => {
  const { history, shown } = setUp();
  const past = [of("a", 18, "1"), of("a", 24, "3"), of("b", 15, "0"), of("b", 21, "2")];
  for (const opened of past) history.take(opened, "history");
  assert.deepEqual(shown, []);
  history.show("history");
  history.take(of("a", 0, "4"), "live");
  assert.deepEqual(shown, [..."0123"].map((text) => `${text} history`).concat("4 live"));
  history.take(of("a", 0, "5"), "catch-up");
  history.show("catch-up");
  assert.equal(shown.at(-1), "5 catch-up");
});

pureTest(
  "History leaves what was sent at once in the relay's order, whatever the clocks say",
  () => {
    const talk = [prompt("slow", -3600, "0"), prompt("fast", 3600, "1"), prompt("right", 0, "2")];
    assert.deepEqual(shownOf(...talk), ["0", "1", "2"]);
    // What was sent again stays on its side of what was not.
    const mixed = [
      of("a", 9, "1"),
      of("b", 1, "0"),
      prompt("c", 0, "2"),
      of("b", 8, "4"),
      of("a", 7, "3"),
    ];
    assert.deepEqual(shownOf(...mixed), ["0", "1", "2", "3", "4"]);
  },
);

pureTest("History keeps each author's order, whatever the author's clock says", () => {
  const past = [of("a", 50, "a0"), of("a", 10, "a1"), of("b", 20, "b0"), of("b", 60, "b1")];
  assert.deepEqual(shownOf(...past), ["b0", "a0", "a1", "b1"]);
});

pureTest("History moves neither plain text nor what cannot be read", () => {
  const rejected: Opened = { kind: "rejected", reason: "unreadable" };
  const past = [rejected, of("a", 9, "late"), plain("plain", TIME), of("b", 1, "early"), rejected];
  assert.deepEqual(shownOf(...past), ["?", "early", "plain", "late", "?"]);
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
  const token = fc.record({
    ...{ id: fc.constantFrom("a", "b", "c"), seconds: fc.nat(100), isPrompt: fc.boolean() },
  });
  fc.assert(fc.property(fc.array(token), (tokens) => {
    const inOrder = tokens.toSorted((a, b) => a.seconds - b.seconds);
    const past = inOrder.map(({ id, seconds, isPrompt }, i) => {
      return (isPrompt ? prompt : of)(id, seconds, `${i}`);
    });
    assert.deepEqual(shownOf(...past), inOrder.map((_, i) => `${i}`));
  }));
});
