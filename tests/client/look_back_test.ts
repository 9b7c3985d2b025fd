import assert from "node:assert/strict";
import { LookBack } from "../../lib/client/look_back.ts";
import type { PastWish } from "../../lib/client/past_lines.ts";
import type { Phase } from "../../lib/client/phase.ts";
import { plain, signed } from "../support/inbox.ts";
import { pureTest } from "../support/pure.ts";

const PHASES: Phase[] = ["history", "catch-up", "live"];

/** A client that looks back, and what its parts were given. */
function setUp(wish: PastWish) {
  const given: string[] = [];
  const past = new LookBack({
    ...wish,
    inbox: {
      take: (opened, phase) => {
        const what = opened.kind === "rejected" ? opened.reason : "inbox";
        given.push(`${what} ${phase}`);
        return [{ kind: "live", isAgain: false }];
      },
      passOver: ({ text }) => void given.push(`passed ${text}`),
    },
    hearing: { hear: ({ text }, phase) => void given.push(`heard ${text} ${phase}`) },
  });
  return { past, given };
}

pureTest("LookBack.hides() tells what the user has not asked for", () => {
  const wishes: [PastWish, Phase[]][] = [
    [{ backlog: 1, missedBacklog: 200 }, []],
    [{ backlog: 0, missedBacklog: 200 }, ["history"]],
    [{ backlog: 0, lookBack: 20 }, ["history", "catch-up"]],
  ];
  for (const [wish, hidden] of wishes) {
    const { past } = setUp(wish);
    assert.deepEqual(PHASES.filter((phase) => past.hides(phase)), hidden);
  }
});

pureTest("LookBack.begin() says how much to ask for", () => {
  assert.equal(setUp({ backlog: 0, missedBacklog: 200 }).past.begin(), 200);
  assert.equal(setUp({ backlog: 0, lookBack: 20 }).past.begin(), 20);
});

pureTest("LookBack.take() shows what was asked for, what was missed, and the present", () => {
  const { past, given } = setUp({ backlog: 1, missedBacklog: 200 });
  for (const phase of PHASES) assert.equal(past.take(plain("text"), phase).length, 1);
  assert.deepEqual(given.splice(0), PHASES.map((phase) => `inbox ${phase}`));
  const without = setUp({ backlog: 0, missedBacklog: 200 });
  for (const phase of PHASES) without.past.take(plain("text"), phase);
  assert.deepEqual(without.given, ["inbox catch-up", "inbox live"]);
});

pureTest("LookBack.take() hears members in what nobody asked for, and shows none of it", () => {
  const { past, given } = setUp({ backlog: 0, lookBack: 20 });
  for (const phase of PHASES.slice(0, 2)) {
    assert.deepEqual(past.take(signed({ text: "moved" }), phase), []);
    assert.deepEqual(past.take(plain("text"), phase), []);
    assert.deepEqual(past.take({ kind: "rejected", reason: "forged" }, phase), []);
  }
  assert.deepEqual(given, [
    ...["passed moved", "heard moved history"],
    ...["passed moved", "heard moved catch-up"],
  ]);
});

pureTest("LookBack.takeAgain() shows nothing of what was passed over, and counts a replay", () => {
  const { past, given } = setUp({ backlog: 0, missedBacklog: 200 });
  assert.deepEqual(past.takeAgain(signed({ text: "old" }), "catch-up"), []);
  assert.deepEqual(past.takeAgain(plain("old"), "catch-up"), []);
  assert.equal(past.takeAgain(signed({ text: "old" }), "live").length, 1);
  assert.deepEqual(given, ["passed old", "heard old catch-up", "replayed live"]);
});
