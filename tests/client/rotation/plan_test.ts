import assert from "node:assert/strict";
import { type PlanParts, planRotation } from "../../../lib/client/rotation/plan.ts";
import { MAX_REKEY_BOXES, MAX_REKEY_MEMBERS } from "../../../lib/protocol/rekey.ts";
import { pureTest } from "../../support/pure.ts";

const PINNED = ["alice", "bob", "carol", "dave"].map((nickname) => ({
  id: nickname[0]!,
  nickname,
}));

function clientOf(nickname: string, id = nickname[0]!, agreementKey = `day ${id}`) {
  return { id, nickname, agreementKey, keyDay: 20_666, isIntroduced: true };
}

function plan(changes: Partial<PlanParts> = {}) {
  return planRotation({
    ownId: "a",
    pinned: PINNED,
    here: [],
    without: new Set(),
    belongs: () => true,
    members: [],
    ...changes,
  });
}

const idsOf = (members: readonly { readonly id: string }[]) => members.map(({ id }) => id);

pureTest("planRotation() takes all who are pinned, here first, and nobody who is put out", () => {
  assert.deepEqual(idsOf(plan().to), ["a", "d", "c", "b"]);
  const { to, leftOut } = plan({ here: [clientOf("bob")], without: new Set("d") });
  assert.deepEqual(idsOf(to), ["a", "b", "c"]);
  assert.deepEqual(leftOut, [{ id: "d", nickname: "dave" }]);
});

pureTest("planRotation() has a key of the day for each client that is here and belongs", () => {
  const here = [
    clientOf("bob"),
    clientOf("bob", "b", "another client's"),
    clientOf("bob", "b", "another client's"),
    clientOf("carol"),
    clientOf("alice", "a", "my other client's"),
    clientOf("eve", "e"),
  ];
  const { dayKeys } = plan({ here, without: new Set("c") });
  assert.deepEqual(dayKeys, ["day b", "another client's", "my other client's"]);
});

pureTest("planRotation() lists strangers to the pins, who are left out", () => {
  const { to, strangers } = plan({ here: [clientOf("eve", "e")], members: ["a", "b", "x", "e"] });
  assert.ok(!idsOf(to).includes("e"));
  assert.deepEqual(strangers, [{ id: "e", nickname: "eve" }, { id: "x", nickname: "" }]);
});

pureTest("planRotation() leaves out who was put out before", () => {
  const { to, stayOut } = plan({ belongs: (id) => id !== "b" });
  assert.deepEqual(idsOf(to), ["a", "d", "c"]);
  assert.deepEqual(stayOut, [{ id: "b", nickname: "bob" }]);
});

pureTest("planRotation() tells of clients that are too old to follow", () => {
  const old = { ...clientOf("bob"), keyDay: undefined };
  const silent = { ...clientOf("carol"), keyDay: undefined, isIntroduced: false };
  assert.deepEqual(idsOf(plan({ here: [old, old, silent] }).outdated), ["b"]);
});

pureTest("planRotation() names a member as it is called now", () => {
  const pinned = [...PINNED, { id: "b", nickname: "robert" }];
  assert.equal(plan({ pinned }).to.at(-1)?.nickname, "robert");
  assert.deepEqual(plan({ pinned, here: [clientOf("Bob", "b")] }).to[1], {
    id: "b",
    nickname: "Bob",
  });
});

pureTest("planRotation() takes no more members than a message holds", () => {
  const pinned = Array.from({ length: MAX_REKEY_MEMBERS }, (_, i) => {
    return { id: `${i}`, nickname: `n${i}` };
  });
  const all = plan({ ownId: "0", pinned });
  assert.deepEqual([all.to.length, all.tooMany], [MAX_REKEY_MEMBERS, []]);
  const { to, tooMany } = plan({ ownId: "me", pinned, here: [clientOf("n0", "0")] });
  assert.equal(to.length, MAX_REKEY_MEMBERS);
  // Who is here belongs; who was pinned first and is away does not.
  assert.ok(idsOf(to).includes("0"));
  assert.deepEqual(idsOf(tooMany), ["1"]);
  const here = pinned.map(({ id, nickname }) => clientOf(nickname, id));
  assert.equal(plan({ ownId: "0", pinned, here }).dayKeys.length, MAX_REKEY_BOXES);
});
