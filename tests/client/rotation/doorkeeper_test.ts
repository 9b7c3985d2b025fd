import assert from "node:assert/strict";
import { Doorkeeper, type Knock } from "../../../lib/client/rotation/doorkeeper.ts";
import {
  ANSWER_KNOCK_MS,
  ANSWER_KNOCK_PER_CLIENT_MS,
  ANSWER_RATE,
  ANSWERS_TO_ONE_BURST,
  MAX_ANSWER_KNOCK_MS,
  MAX_KNOCKERS,
  MIN_ANSWER_KNOCK_MS,
  REFUSE_KNOCK_MS,
} from "../../../lib/client/rotation/limits.ts";
import { pureTest } from "../../support/pure.ts";

function knockOf(id: string, key = "k", isWelcome = true): Knock {
  return { id, key, isWelcome };
}

/** When a knock at 0 is answered in a room, at the latest and by the greatest random number. */
function answeredAt(members: number, knock = knockOf("bob")): number {
  const keeper = new Doorkeeper({ random: () => 1, members: () => members });
  keeper.take(knock, 0);
  let at = 0;
  while (keeper.due(at).length === 0) at += 10;
  return at;
}

pureTest("Doorkeeper answers later where more may answer, and refuses later still", () => {
  assert.equal(answeredAt(2), MIN_ANSWER_KNOCK_MS + ANSWER_KNOCK_MS);
  assert.equal(answeredAt(200), MIN_ANSWER_KNOCK_MS + 200 * ANSWER_KNOCK_PER_CLIENT_MS);
  assert.equal(answeredAt(5000), MIN_ANSWER_KNOCK_MS + MAX_ANSWER_KNOCK_MS);
  assert.equal(answeredAt(2, knockOf("bob", "k", false)) - answeredAt(2), REFUSE_KNOCK_MS);
  const keeper = new Doorkeeper({ random: () => 0, members: () => 2 });
  keeper.take(knockOf("bob"), 0);
  assert.deepEqual(keeper.due(MIN_ANSWER_KNOCK_MS - 1), []);
  assert.equal(keeper.due(MIN_ANSWER_KNOCK_MS).length, 1);
});

pureTest("Doorkeeper leaves to others what others have answered", () => {
  const keeper = new Doorkeeper({ random: () => 0, members: () => 2 });
  keeper.take(knockOf("bob", "one"), 0);
  keeper.take(knockOf("carol", "two"), 0);
  keeper.noteAnswered("bob", "two");
  keeper.noteAnswered("carol", "two");
  assert.deepEqual(keeper.due(1000), [knockOf("bob", "one")]);
  keeper.take(knockOf("dave"), 1000);
  keeper.clear();
  assert.deepEqual(keeper.due(9000), []);
});

pureTest("Doorkeeper answers one knock once, and one member now and then", () => {
  const keeper = new Doorkeeper({ random: () => 0, members: () => 2 });
  for (let i = 0; i < 3; i++) keeper.take(knockOf("bob"), 0);
  assert.equal(keeper.due(1000).length, 1);
  let answered = 1;
  for (let i = 0; i < 20; i++) {
    keeper.take(knockOf("bob", `${i}`), 1000);
    answered += keeper.due(2000).length;
  }
  assert.equal(answered, ANSWERS_TO_ONE_BURST);
  keeper.take(knockOf("bob", "later"), 32_000);
  assert.equal(keeper.due(33_000).length, 1);
  keeper.take(knockOf("bob", "too soon"), 33_000);
  assert.equal(keeper.due(34_000).length, 0);
});

pureTest("Doorkeeper answers who is welcome however many others knock", () => {
  const keeper = new Doorkeeper({ random: () => 0, members: () => 2 });
  for (let i = 0; i < 2 * ANSWER_RATE.burst; i++) keeper.take(knockOf(`${i}`, "k", false), 0);
  keeper.take(knockOf("carol"), 0);
  assert.deepEqual(keeper.due(MIN_ANSWER_KNOCK_MS), [knockOf("carol")]);
  assert.equal(keeper.due(60_000).length, ANSWER_RATE.burst);
});

pureTest("Doorkeeper answers a crowd at a bounded rate", () => {
  const keeper = new Doorkeeper({ random: () => 0, members: () => 2 });
  for (let i = 0; i < MAX_KNOCKERS; i++) keeper.take(knockOf(`${i}`), 0);
  assert.equal(keeper.due(1000).length, ANSWER_RATE.burst);
  for (let i = 0; i < 100; i++) keeper.take(knockOf(`later ${i}`), 3000);
  assert.equal(keeper.due(4000).length, 3 * ANSWER_RATE.perSecond);
});

pureTest("Doorkeeper forgets how often somebody knocked who knocked longest ago", () => {
  const keeper = new Doorkeeper({ random: () => 0, members: () => 2 });
  const knock = (id: string, key: string, at: number) => {
    keeper.take(knockOf(id, key), at);
    return keeper.due(at + 60).length;
  };
  for (let i = 0; i < ANSWERS_TO_ONE_BURST; i++) {
    assert.equal(knock("bob", `${i}`, i * 100), 1);
  }
  for (let i = 1; i < MAX_KNOCKERS; i++) knock(`${i}`, "k", 1000);
  assert.equal(knock("bob", "still known", 11_000), 0);
  for (let i = 1; i <= MAX_KNOCKERS; i++) knock(`again ${i}`, "k", 12_000);
  assert.equal(knock("bob", "forgotten", 22_000), 1);
});
