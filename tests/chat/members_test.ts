import assert from "node:assert/strict";
import { Ignored } from "../../lib/chat/ignored.ts";
import type { Sighting } from "../../lib/client/roster.ts";
import { fakeMembers } from "../support/fake_chat.ts";
import { ALICE, BOB, EVE } from "../support/fixed_members.ts";
import { pureTest } from "../support/pure.ts";

function client(id: string, changes: Partial<Sighting> = {}): Sighting {
  return { id, epoch: "e", nickname: "bob", agreementKey: "x", cid: undefined, ...changes };
}

/** Bob is here and pinned; eve may have come under his name. */
async function setUp(options: { withEve?: boolean } = {}) {
  const known = await fakeMembers();
  known.pins.judge("bob", BOB.id);
  known.roster.see(client(BOB.id), 0);
  if (options.withEve) known.roster.see(client(EVE.id), 1);
  return known;
}

pureTest("Members.names() lists each client, and marks another key", async () => {
  const { members, roster } = await setUp({ withEve: true });
  roster.see(client(ALICE.id, { nickname: "carol" }), 2);
  assert.deepEqual(members.names(), ["bob", "bob (NOT the known one!)", "carol"]);
  assert.deepEqual((await fakeMembers()).members.names(), []);
});

pureTest("Members.list() lists each client, with what is known of it", async () => {
  const { members, roster } = await setUp({ withEve: true });
  roster.see(client(ALICE.id, { nickname: "carol", away: "lunch" }), 2);
  assert.deepEqual(members.list(), [
    { nickname: "bob", id: BOB.id, trust: "verified", away: null },
    { nickname: "bob", id: EVE.id, trust: "changed", away: null },
    { nickname: "carol", id: ALICE.id, trust: "verified", away: "lunch" },
  ]);
});

pureTest("Members.find() finds by name, whatever the letter case", async () => {
  const { members } = await setUp({ withEve: true });
  for (const name of ["bob", "BOB", "Ｂob"]) {
    const found = members.find(name);
    assert.ok(typeof found !== "string");
    assert.equal(found.id, BOB.id, "never the one with another key");
  }
  assert.equal(members.find("carol"), "there is no carol here; see /names");
});

pureTest("Members.find() refuses a name that is used with another key alone", async () => {
  const { members, roster } = await setUp({ withEve: true });
  roster.leave(BOB.id, "e");
  assert.equal(members.find("bob"), "bob has another key than before: see /verify bob");
});

pureTest("Members.findAgain() follows a key, and finds nobody else by its new name", async () => {
  const { members, roster, pins } = await setUp();
  const find = () => {
    const found = members.findAgain({ id: BOB.id, nickname: "bob" });
    return typeof found === "string" ? found : [found.id, found.nickname];
  };
  assert.deepEqual(find(), [BOB.id, "bob"]);
  pins.judge("robert", BOB.id);
  roster.see(client(BOB.id, { nickname: "robert" }), 1);
  assert.deepEqual(find(), [BOB.id, "robert"]);
  pins.judge("carol", EVE.id);
  roster.see(client(EVE.id, { nickname: "carol" }), 2);
  roster.see(client(BOB.id, { nickname: "carol" }), 3);
  assert.equal(find(), "carol has another key than before: see /verify carol");
});

pureTest("Members.find() needs a client that has introduced itself", async () => {
  const { members, roster, pins } = await fakeMembers();
  roster.see(client(BOB.id, { agreementKey: undefined }), 0);
  // Nobody is written to whose key is not pinned.
  assert.match(String(members.find("bob")), /^the key of bob is not pinned/);
  pins.judge("bob", BOB.id);
  assert.equal(members.find("bob"), "bob has not introduced itself yet; try again in a minute");
  roster.see(client(BOB.id, { epoch: "f" }), 1);
  const found = members.find("bob");
  assert.ok(typeof found !== "string");
  assert.equal(found.epoch, "f");
});

pureTest("Members.names() tells who is away", async () => {
  const { members, roster } = await setUp({ withEve: true });
  roster.see(client(BOB.id, { away: "lunch" }), 2);
  roster.see(client(EVE.id, { away: "" }), 3);
  assert.deepEqual(members.names(), [
    "bob (away: lunch)",
    "bob (NOT the known one!) (away)",
  ]);
  roster.see(client(BOB.id), 4);
  assert.ok(members.names().includes("bob (away: lunch)"), "nothing was said of it");
  roster.see(client(BOB.id, { away: null }), 5);
  assert.ok(members.names().includes("bob"));
});

pureTest("Members.names() and whois() mark a name that looks like a known one", async () => {
  const { members, roster, pins } = await setUp();
  roster.see(client(EVE.id, { nickname: "ьOb" }), 1);
  pins.judge("ьOb", EVE.id);
  assert.deepEqual(members.names(), ["bob", "ьOb (looks like bob)"]);
  const lines = await members.numbers.whois("ьOb", new Ignored());
  assert.deepEqual(lines.slice(1), [
    "  the key known for this name",
    "  looks like bob",
    "  here with 1 client",
  ]);
});

pureTest("Members.keysOf() puts the pinned key first, and knows who is not here", async () => {
  const { members, roster } = await setUp({ withEve: true });
  assert.deepEqual(members.keysOf("BOB"), [BOB.id, EVE.id]);
  roster.leave(BOB.id, "e");
  assert.deepEqual(members.keysOf("bob"), [BOB.id, EVE.id]);
  assert.deepEqual(members.keysOf("carol"), []);
});
