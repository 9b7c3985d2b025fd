import assert from "node:assert/strict";
import { describeHappening } from "../../lib/chat/describe.ts";
import type { RotationEvent } from "../../lib/client/events.ts";
import { SAY } from "../support/fake_chat.ts";
import { pureTest } from "../support/pure.ts";

const ALICE = { id: "a", nickname: "alice", trust: "verified" } as const;

function lineOf(state: RotationEvent["state"], more: Partial<RotationEvent> = {}) {
  const event = { kind: "rotation", state, ...ALICE, generation: 2, names: [], count: 0 } as const;
  return describeHappening({ ...event, ...more }, SAY);
}

pureTest("describeHappening() tells of rotations", () => {
  const bob = { names: ["bob"], count: 1 };
  assert.equal(lineOf("moved"), "alice moved the room on to a new key");
  assert.equal(lineOf("moved", bob), "alice moved the room on to a new key, without bob");
  assert.equal(
    lineOf("moved", { names: ["bob", "eve"], count: 5 }),
    "alice moved the room on to a new key, without bob, eve and 3 more",
  );
  assert.match(lineOf("left out")!, /^alice moved the room on to a new key that is not for you: /);
  assert.match(lineOf("refused")!, /not for you, says alice: ask a member for an invitation$/);
  assert.match(lineOf("overruled")!, /^alice moved the room on at the same moment, and that key/);
  assert.match(lineOf("overruled", bob)!, /: bob, whom you put out, may read on\./);
  assert.equal(lineOf("caught up"), "the room had moved on: alice gave you its new key");
});

pureTest("describeHappening() marks the author who is not followed, and says how to follow", () => {
  assert.equal(
    lineOf("not followed", { trust: "changed" }),
    "alice (NOT the known one!) announces a new key for the room, and is not the known one: " +
      "this client stays with the old key. To follow: /verify alice, then /trust alice",
  );
});

pureTest("describeHappening() tells once of messages under an old key", () => {
  const lines = [1, 2, 10, 100].map((count) => {
    return describeHappening({ kind: "rejected", reason: "outdated", count }, SAY);
  });
  assert.deepEqual(lines.map((line) => line !== undefined), [true, false, false, false]);
  assert.match(
    describeHappening({ kind: "rejected", reason: "outdated", count: 7 }, SAY, true)!,
    /^7 messages under the room's old key are not shown/,
  );
});
