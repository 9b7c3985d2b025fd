import assert from "node:assert/strict";
import { MAX_FOLLOWED, MAX_NEWCOMERS } from "../../../lib/client/rotation/limits.ts";
import {
  type GenerationId,
  MAX_REKEY_DAYS,
  precedes,
  Succession,
  type Told,
} from "../../../lib/client/rotation/succession.ts";
import { pureTest } from "../../support/pure.ts";
import { RotatingRoom, ZERO } from "../../support/rotating_room.ts";

const TODAY = 20_666;
const [LOW, HIGH] = ["B".repeat(42) + "A", "C".repeat(42) + "A"] as [string, string];

function factsOf(mark: string, to: readonly string[], parent: GenerationId = ZERO) {
  const { generation, mark: parentMark } = parent;
  return { generation: generation + 1, parent: parentMark, mark, day: TODAY - 1, to };
}

function toldOf(changes: Partial<Told> = {}): Told {
  const facts = factsOf(HIGH, ["alice", "bob"]);
  return { facts, author: "bob", isTrusted: true, under: ZERO, days: [TODAY], ...changes };
}

pureTest("Succession follows a trusted author that has it among its members", () => {
  const succession = new Succession("alice", [ZERO]);
  assert.equal(succession.judge(toldOf()), "follow");
  assert.equal(succession.judge(toldOf({ isTrusted: false })), "untrusted");
  const without = factsOf(HIGH, ["bob", "carol"]);
  assert.equal(succession.judge(toldOf({ facts: without })), "left out");
  assert.equal(succession.judge(toldOf({ facts: without, isTrusted: false })), "untrusted");
  succession.follow(toldOf().facts, "bob");
  assert.equal(succession.judge(toldOf()), "known");
});

pureTest("Succession refuses what is no rotation of the generation that it came under", () => {
  const succession = new Succession("alice", [ZERO]);
  const facts = toldOf().facts;
  const wrong: Partial<Told>[] = [
    { facts: { ...facts, generation: 2 } },
    { facts: { ...facts, parent: LOW } },
    { under: { generation: 0, mark: LOW } },
    { author: "carol" },
    { facts: { ...facts, day: TODAY + 1 } },
    { facts: { ...facts, day: TODAY - MAX_REKEY_DAYS - 1 } },
  ];
  for (const changes of wrong) {
    assert.equal(succession.judge(toldOf(changes)), "wrong", JSON.stringify(changes));
  }
  for (const day of [TODAY, TODAY - MAX_REKEY_DAYS]) {
    assert.equal(succession.judge(toldOf({ facts: { ...facts, day } })), "follow");
  }
});

pureTest("Succession writes under the higher number, and then the higher mark", () => {
  for (const order of [[LOW, HIGH], [HIGH, LOW]]) {
    const succession = new Succession("alice", [ZERO]);
    for (const mark of order) succession.follow(factsOf(mark, ["alice"]), "bob");
    assert.equal(succession.current.mark, HIGH);
  }
  assert.ok(precedes({ generation: 2, mark: LOW }, { generation: 1, mark: HIGH }));
  assert.ok(!precedes(ZERO, ZERO));
});

pureTest("Succession hears under an older key only those who belong, and no plain text", () => {
  const succession = new Succession("alice", [ZERO]);
  assert.ok(succession.mayBeHeard(undefined, ZERO));
  assert.ok(succession.mayBeHeard("bob", ZERO));
  const facts = factsOf(HIGH, ["alice", "carol"]);
  succession.follow(facts, "carol");
  assert.deepEqual(
    ["alice", "carol", "bob", undefined].map((id) => succession.mayBeHeard(id, ZERO)),
    [true, true, false, false],
  );
  // Under the key of now everybody has it.
  const now = { generation: 1, mark: HIGH };
  assert.deepEqual(["bob", undefined].map((id) => succession.mayBeHeard(id, now)), [true, true]);
  // The loser of two is an older one, too.
  succession.follow(factsOf(LOW, ["alice", "bob"]), "bob");
  assert.equal(succession.mayBeHeard("bob", { generation: 1, mark: LOW }), false);
});

pureTest("Succession counts who came by an invitation as a member, up to a bound", () => {
  const succession = new Succession("alice", [ZERO]);
  succession.follow(factsOf(HIGH, ["alice"]), "alice");
  const now = { generation: 1, mark: HIGH };
  assert.equal(succession.noteNewcomer("dave", ZERO), false);
  assert.equal(succession.belongs("dave"), false);
  assert.equal(succession.noteNewcomer("dave", now), true);
  assert.equal(succession.noteNewcomer("dave", now), false);
  assert.equal(succession.noteNewcomer("alice", now), false);
  assert.ok(succession.belongs("dave"));
  for (let i = 1; i < MAX_NEWCOMERS; i++) succession.noteNewcomer(`${i}`, now);
  assert.equal(succession.noteNewcomer("one more", now), false);
});

pureTest("Succession tells who was left out by the one that counts alone", () => {
  const succession = new Succession("alice", [ZERO]);
  assert.equal(succession.exclude({ generation: 1, mark: LOW }, "bob"), true);
  assert.equal(succession.exclude({ generation: 1, mark: LOW }, "bob"), false);
  assert.equal(succession.exclusion?.author, "bob");
  succession.follow(factsOf(HIGH, ["alice"]), "carol");
  assert.equal(succession.exclusion, undefined);
  assert.equal(succession.exclude({ generation: 1, mark: LOW }, "bob"), false);
});

pureTest("Succession tells the author of the loser", () => {
  const succession = new Succession("alice", [ZERO]);
  succession.follow(factsOf(LOW, ["alice"]), "alice");
  assert.equal(succession.follow(factsOf(HIGH, ["alice", "bob"]), "bob")?.mark, LOW);
  const other = new Succession("alice", [ZERO]);
  other.follow(factsOf(HIGH, ["alice"]), "alice");
  assert.equal(other.follow(factsOf(LOW, ["alice", "bob"]), "bob"), undefined);
  // What comes after one's own rotation overrules nothing.
  const child = factsOf(LOW, ["alice", "bob"], other.current);
  assert.equal(other.follow(child, "bob"), undefined);
  assert.equal(other.current.mark, LOW);
});

pureTest("Succession follows no more generations than a key file holds", () => {
  const succession = new Succession("alice", [ZERO]);
  for (let i = 0; i < MAX_FOLLOWED + 3; i++) {
    const mark = `${String.fromCharCode(66 + i).repeat(42)}A`;
    succession.follow(factsOf(mark, ["alice"], succession.current), "bob");
  }
  assert.equal(succession.followed.length, MAX_FOLLOWED);
  assert.equal(succession.current.generation, MAX_FOLLOWED + 3);
});

pureTest("two rotations at once: all who are in both end under one, in 20 seeds", () => {
  let conflicts = 0;
  for (let seed = 1; seed <= 20; seed++) {
    const ids = ["alice", "bob", "carol", "dave", "erin", "frank"];
    const room = new RotatingRoom(ids, seed);
    const chat = (id: string, text: string) => room.say(id, { kind: "chat", text });
    for (const id of ids) chat(id, `${id} before`);
    room.run(room.random() * 1000);
    // Frank is away. Alice puts erin out, and bob puts dave out.
    room.members.get("frank")!.isHere = false;
    const here = ["alice", "bob", "carol", "dave", "erin"];
    const byAlice = room.rotate(
      "alice",
      ids.filter((id) => id !== "erin"),
      here,
    );
    room.run(room.random() * 400);
    const byBob = room.rotate("bob", ids.filter((id) => id !== "dave"), here);
    for (let i = 0; i < 5; i++) {
      for (const id of ["alice", "bob", "carol"]) chat(id, `${id} ${i}`);
      room.run(room.random() * 300);
    }
    room.members.get("frank")!.isHere = true;
    chat("alice", "frank, are you back?");
    room.run(20_000);
    const [winner, loser] = precedes(byAlice, byBob) ? [byAlice, byBob] : [byBob, byAlice];
    for (const id of ["alice", "bob", "carol", "frank"]) {
      const member = room.members.get(id)!;
      assert.equal(member.succession.current.mark, winner.mark, `${id} of seed ${seed}`);
      assert.equal(member.writing.mark, winner.mark, `${id} of seed ${seed}`);
      assert.equal(member.succession.exclusion, undefined);
    }
    // Who was left out by the winner knows, whatever the loser said.
    const [author, other] = winner === byAlice ? ["alice", "bob"] : ["bob", "alice"];
    const [out, isIn] = winner === byAlice ? ["erin", "dave"] : ["dave", "erin"];
    assert.ok(room.members.get(out)!.told.includes(`left out by ${author}`), `seed ${seed}`);
    assert.equal(room.members.get(out)!.succession.exclusion?.mark, winner.mark);
    assert.equal(room.members.get(isIn)!.succession.exclusion, undefined);
    const isOverruled = room.members.get(other)!.told.includes(`overruled by ${author}`);
    // Whoever had the other's rotation already, rotated after it.
    assert.equal(isOverruled, winner.parent === loser.parent, `seed ${seed}`);
    if (isOverruled) conflicts++;
    assert.ok(loser.to.includes(out));
    // Nobody in the room misses a message of the others.
    for (const id of ["alice", "bob", "carol"]) {
      const { shown } = room.members.get(id)!;
      for (const from of ["alice", "bob", "carol"].filter((each) => each !== id)) {
        for (let i = 0; i < 5; i++) {
          assert.ok(shown.includes(`${from} ${i}`), `${id}: ${from} ${i}`);
        }
      }
    }
    assert.ok(!room.members.get(out)!.keys.has(winner.mark));
    // One answer for a knock, but for those that crossed on their way.
    assert.ok(room.answers <= 3 * room.knocks, `${room.answers} answers to ${room.knocks} knocks`);
  }
  assert.ok(conflicts >= 10, `${conflicts} conflicts`);
});

pureTest("a rotation of somebody who is not trusted is followed by nobody", () => {
  for (let seed = 1; seed <= 20; seed++) {
    const room = new RotatingRoom(["alice", "bob", "carol", "mallory"], seed);
    for (const id of ["alice", "bob", "carol"]) {
      room.members.get(id)!.trusts = (other) => other !== "mallory";
    }
    room.rotate("mallory", ["alice", "bob", "carol", "mallory"]);
    room.say("mallory", { kind: "chat", text: "come" });
    room.run(10_000);
    for (const id of ["alice", "bob", "carol"]) {
      assert.equal(room.members.get(id)!.writing.mark, ZERO.mark);
      assert.deepEqual(room.members.get(id)!.shown, []);
    }
  }
});
