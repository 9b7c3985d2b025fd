import assert from "node:assert/strict";
import type { Sighting } from "../../lib/client/roster.ts";
import { formatSafetyNumber } from "../../lib/fingerprint.ts";
import { fakeMembers } from "../support/fake_chat.ts";
import { ALICE, BOB, EVE } from "../support/fixed_members.ts";
import { pureTest } from "../support/pure.ts";

const LAST = "the same numbers on both sides mean that nobody is in between";

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

pureTest("Members.verify() shows one's own number, the pinned one, and others", async () => {
  const { members } = await setUp({ withEve: true });
  const [own, bob, eve] = await Promise.all([
    formatSafetyNumber(new Uint8Array(32)),
    formatSafetyNumber(BOB.signing.publicKey),
    formatSafetyNumber(EVE.signing.publicKey),
  ]);
  assert.deepEqual(await members.verify("Bob"), [
    `you: ${own}`,
    `Bob: ${bob}`,
    `Bob (NOT the known one!): ${eve}`,
    LAST,
  ]);
});

pureTest("Members.verify() shows who is pinned and not here", async () => {
  const { members, roster } = await setUp();
  roster.leave(BOB.id, "e");
  const lines = await members.verify("bob");
  assert.equal(lines[1], `bob: ${await formatSafetyNumber(BOB.signing.publicKey)}`);
  assert.equal(lines.length, 3);
  assert.deepEqual(await members.verify("carol"), ["nobody is known as carol"]);
});

pureTest("Members.trust() accepts the one new key of a name", async () => {
  const { members, pins } = await setUp({ withEve: true });
  assert.equal(members.trust("bob"), "the new key of bob is accepted");
  assert.equal(pins.peek("bob"), EVE.id);
  const found = members.find("bob");
  assert.ok(typeof found !== "string");
  assert.equal(found.id, EVE.id);
  // The other way is open too.
  assert.equal(members.trust("bob"), "the new key of bob is accepted");
  assert.equal(pins.peek("bob"), BOB.id);
});

pureTest("Members.trust() changes nothing where no key is new, or several are", async () => {
  const { members, roster, pins } = await setUp();
  assert.equal(members.trust("bob"), "there is no new key of bob to accept");
  assert.equal(members.trust("carol"), "there is no new key of carol to accept");
  roster.see(client(EVE.id), 1);
  roster.see(client(ALICE.id), 2);
  assert.equal(members.trust("bob"), "several keys are used as bob: see /verify bob");
  assert.equal(pins.peek("bob"), BOB.id);
});
