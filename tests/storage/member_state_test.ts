import assert from "node:assert/strict";
import { openMemberState } from "../../lib/storage/member_state.ts";
import { ALICE, BOB } from "../support/fixed_members.ts";
import { testNeeding } from "../support/needs.ts";
import { pureTest } from "../support/pure.ts";
import { withDirectory } from "../support/temporary.ts";
import { noWarning } from "../support/wordings.ts";

testNeeding(["read", "write"], "openMemberState() keeps what is changed", async () => {
  await withDirectory(async (directory) => {
    const open = () => openMemberState(`${directory}/room`, ALICE.id, noWarning);
    {
      await using state = await open();
      state.pins.trust("bob", BOB.id);
    }
    await using again = await open();
    assert.equal(again.pins.judge("bob", BOB.id), "known");
    assert.equal(again.rotations.isKept, true);
  });
});

pureTest("openMemberState() keeps nothing without a directory", async () => {
  await using state = await openMemberState(undefined, ALICE.id, noWarning);
  state.pins.trust("bob", BOB.id);
  assert.equal(state.rotations.isKept, false);
});
