import assert from "node:assert/strict";
import { MAX_IMPOSTORS } from "../../lib/client/limits.ts";
import { TrustJudge } from "../../lib/client/trust.ts";
import { Pins } from "../../lib/storage/pins.ts";
import { ALICE, EVE } from "../support/fixed_members.ts";
import { pureTest } from "../support/pure.ts";

/** A member, by key and nickname. */
interface Who {
  readonly id: string;
  readonly nickname: string;
}

async function setUp() {
  const pins = await Pins.open(undefined, () => {});
  return { pins, judge: new TrustJudge(pins) };
}

pureTest("TrustJudge.judge() pins the first key of a name, and tells another from it", async () => {
  const { judge, pins } = await setUp();
  assert.equal(judge.judge({ nickname: "alice", id: ALICE.id }, "live"), "verified");
  assert.equal(judge.judge({ nickname: "ALICE", id: EVE.id }, "live"), "changed");
  assert.equal(judge.judge({ nickname: "alice", id: EVE.id }, "old"), "changed");
  assert.equal(judge.judge({ nickname: "alice", id: ALICE.id }, "old"), "verified");
  assert.equal(pins.peek("alice"), ALICE.id);
  pins.trust("alice", EVE.id);
  assert.equal(judge.judge({ nickname: "alice", id: EVE.id }, "live"), "verified");
  assert.equal(judge.judge({ nickname: "alice", id: ALICE.id }, "live"), "changed");
});

pureTest("TrustJudge.judge() pins nothing for what is old", async () => {
  const { judge, pins } = await setUp();
  assert.equal(judge.judge({ nickname: "alice", id: EVE.id }, "old"), "verified");
  // Of two keys under a name that is not pinned, the second is marked.
  assert.equal(judge.judge({ nickname: "Alice", id: ALICE.id }, "old"), "changed");
  assert.equal(pins.peek("alice"), undefined);
  assert.equal(judge.judge({ nickname: "alice", id: ALICE.id }, "live"), "verified");
});

pureTest("TrustJudge.warn() warns once of each name and key, up to a bound", async () => {
  const { judge } = await setUp();
  const eve = (nickname: string) => judge.warn({ nickname, id: EVE.id }, "changed");
  assert.deepEqual(eve("alice"), [{ kind: "impostor", nickname: "alice" }]);
  assert.deepEqual(eve("alice"), []);
  assert.deepEqual(judge.warn({ nickname: "bob", id: EVE.id }, "verified"), []);
  const names = Array.from({ length: MAX_IMPOSTORS + 5 }, (_, i) => `n${i}`);
  assert.equal(names.flatMap(eve).length, MAX_IMPOSTORS - 1);
});

pureTest("TrustJudge.tellLoss() and tellCount() say whose key it is, and pin nothing", async () => {
  const { judge, pins } = await setUp();
  const [alice, eve] = [ALICE, EVE].map(({ id }) => ({ id, nickname: "alice" })) as [Who, Who];
  judge.judge(alice, "live");
  const tell = (who: Who) => [judge.tellLoss(who), judge.tellCount("mended", who, 2)];
  assert.deepEqual(tell(alice), [
    { kind: "lost", ...alice, trust: "verified" },
    { kind: "mended", ...alice, trust: "verified", count: 2 },
  ]);
  assert.deepEqual(tell(eve), [
    { kind: "lost", ...eve, trust: "changed" },
    { kind: "mended", ...eve, trust: "changed", count: 2 },
  ]);
  judge.tellLoss({ id: EVE.id, nickname: "eve" });
  assert.equal(pins.peek("eve"), undefined);
});
