import assert from "node:assert/strict";
import { Ignored } from "../../lib/chat/ignored.ts";
import { Member } from "../support/member.ts";
import { until } from "../support/process_info.ts";
import { roomTest } from "../support/room.ts";

/** Waits until a member lists these others. */
async function untilListed({ members }: Member, ...names: string[]): Promise<void> {
  const state = () => members.names().join(", ");
  await until(() => state() === names.join(", "), () => `${names.join(", ")}, but ${state()}`);
}

roomTest("who is away is seen by those here and by those who come later", async (common) => {
  await using alice = await Member.enter({ ...common, nickname: "alice" });
  await using bob = await Member.enter({ ...common, nickname: "bob" });
  await alice.waitFor(({ kind }) => kind === "joined");
  assert.equal(await bob.entered.room.setAway("lunch"), true);
  await untilListed(alice, "bob (away: lunch)");
  const whois = await alice.members.numbers.whois("bob", new Ignored());
  assert.equal(whois.at(-1), "  here with 1 client; away: lunch");

  await using carol = await Member.enter({ ...common, nickname: "carol", speed: 10 });
  await untilListed(carol, "alice", "bob (away: lunch)");
  await bob.entered.room.rename("rob");
  await untilListed(alice, "carol", "rob (away: lunch)");

  assert.equal(await bob.entered.room.setAway(undefined), true);
  await untilListed(alice, "carol", "rob");
  await untilListed(carol, "alice", "rob");
});

roomTest("events name the key of who comes and goes, whatever its name", async (common) => {
  await using alice = await Member.enter({ ...common, nickname: "alice" });
  await using mallory = await Member.enter({ ...common, nickname: "mallory" });
  await alice.waitFor(({ kind }) => kind === "joined");
  await mallory.entered.room.rename("trudy");
  await mallory.say("hello");
  await alice.waitForText("hello");
  const { id } = mallory.entered.room.self;
  const told = alice.events.flatMap((event) => "id" in event ? [[event.kind, event.id]] : []);
  assert.deepEqual(told, [["joined", id], ["renamed", id], ["message", id]]);
});
