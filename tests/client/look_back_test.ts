import assert from "node:assert/strict";
import { LookBack } from "../../lib/client/look_back.ts";
import type { Phase } from "../../lib/client/phase.ts";
import { plain, signed } from "../support/inbox.ts";
import { pureTest } from "../support/pure.ts";

/** A client that looks back, and what its parts were given. */
function setUp() {
  const given: string[] = [];
  const past = new LookBack({
    inbox: {
      take: (_opened, phase) => {
        given.push(`inbox ${phase}`);
        return [{ kind: "live", isAgain: false }];
      },
    },
    hearing: { hear: ({ text }, phase) => void given.push(`hearing ${text} ${phase}`) },
  });
  return { past, given };
}

pureTest("LookBack shows what was asked for, and the present", () => {
  const { past, given } = setUp();
  for (const phase of ["history", "catch-up", "live"] as const) {
    assert.equal(past.take(plain("text"), phase).length, 1);
    assert.equal(past.hides(phase), false);
  }
  past.isQuiet = true;
  assert.equal(past.take(signed({}), "live").length, 1);
  assert.equal(past.hides("live"), false);
  assert.deepEqual(given, ["history", "catch-up", "live", "live"].map((phase) => `inbox ${phase}`));
});

pureTest("LookBack hears members in what nobody asked for, and shows none of it", () => {
  const { past, given } = setUp();
  past.isQuiet = true;
  const phases: Phase[] = ["history", "catch-up"];
  for (const phase of phases) {
    assert.equal(past.hides(phase), true);
    assert.deepEqual(past.take(signed({ text: "moved" }), phase), []);
    assert.deepEqual(past.take(plain("text"), phase), []);
    assert.deepEqual(past.take({ kind: "rejected", reason: "forged" }, phase), []);
  }
  assert.deepEqual(given, phases.map((phase) => `hearing moved ${phase}`));
});
