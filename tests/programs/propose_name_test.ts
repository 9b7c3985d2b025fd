import assert from "node:assert/strict";
import { isNameless, proposeName, proposeOther } from "../../lib/programs/propose_name.ts";
import { ALICE, BOB } from "../support/fixed_members.ts";
import { pureTest } from "../support/pure.ts";

const NAMELESS = { nickname: "guest", isNicknameChosen: false };

pureTest("proposeName() gives those who have no name different ones, always the same", () => {
  assert.equal(proposeName(NAMELESS, ALICE.id), proposeName(NAMELESS, ALICE.id));
  assert.match(proposeName(NAMELESS, ALICE.id), /^guest-[a-z0-9]{4}$/);
  assert.notEqual(proposeName(NAMELESS, ALICE.id), proposeName(NAMELESS, BOB.id));
});

pureTest("proposeName() leaves a name that somebody has", () => {
  for (
    const options of [{ ...NAMELESS, isNicknameChosen: true }, { ...NAMELESS, nickname: "zoë" }]
  ) {
    assert.equal(isNameless(options), false);
    assert.equal(proposeName(options, ALICE.id), options.nickname);
  }
  assert.equal(isNameless(NAMELESS), true);
});

pureTest("proposeOther() gives way to a name that folds to the same", () => {
  assert.equal(proposeOther("pi", "alice", "Qx-3_9f"), "pi");
  assert.equal(proposeOther("pi", "PI", "Qx-3_9f"), "pi-qx39");
  const longest = "é".repeat(16);
  assert.equal(proposeOther(longest, longest, "Qx-3_9f"), `${"é".repeat(13)}-qx39`);
});
