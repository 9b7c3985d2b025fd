import assert from "node:assert/strict";
import { Ignored } from "../../lib/chat/ignored.ts";
import { MAX_KEYS_SHOWN } from "../../lib/chat/limits.ts";
import type { Sighting } from "../../lib/client/roster.ts";
import { formatSafetyNumber } from "../../lib/crypto/fingerprint.ts";
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
    `bob: ${bob}`,
    `bob (NOT the known one!): ${eve}`,
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

pureTest("Members.whois() tells the known key from an impostor's", async () => {
  const { members, roster } = await setUp({ withEve: true });
  const [bob, eve] = await Promise.all(
    [BOB, EVE].map(({ signing }) => formatSafetyNumber(signing.publicKey)),
  );
  roster.see(client(BOB.id, { epoch: "f", away: "lunch" }), 2);
  assert.deepEqual(await members.whois("bob", new Ignored()), [
    `bob: safety number ${bob}`,
    "  the key known for this name",
    // One of the two is not away.
    "  here with 2 clients",
    `bob: safety number ${eve}`,
    "  NOT the key known for this name: see /verify bob",
    "  here with 1 client",
  ]);
  roster.see(client(BOB.id, { away: "" }), 3);
  const lines = await members.whois("bob", { has: (id) => id === EVE.id });
  assert.equal(lines[2], "  here with 2 clients; away");
  assert.deepEqual(lines.slice(-1), ["  ignored by you"]);
});

pureTest(
  "Members.whois() tells of who is not here, of oneself, and of a key not pinned",
  async () => {
    const { members, roster, pins } = await setUp();
    const own = "A".repeat(43);
    pins.judge("alice", own);
    const tail = async (name: string) => (await members.whois(name, new Ignored())).slice(1);
    assert.deepEqual(await tail("alice"), ["  the key known for this name", "  you"]);
    roster.leave(BOB.id, "e");
    assert.deepEqual(await tail("bob"), ["  the key known for this name", "  not here now"]);
    roster.see(client(EVE.id, { nickname: "eve" }), 1);
    assert.deepEqual(await tail("eve"), [
      "  no key is known for this name",
      "  here with 1 client",
    ]);
  },
);

pureTest("Members.whois() and verify() spell each name as its owner does", async () => {
  const { members, roster } = await setUp();
  roster.see(client(EVE.id, { nickname: "BOB" }), 1);
  const heads = (lines: readonly string[]) => lines.filter((line) => /: \D*\d{5} /.test(line));
  const names = (lines: readonly string[]) => {
    return heads(lines).map((line) => line.replace(/:.*/, ""));
  };
  assert.deepEqual(names(await members.whois("ＢＯＢ", new Ignored())), ["bob", "BOB"]);
  assert.deepEqual(names(await members.verify("ＢＯＢ")), [
    "you",
    "bob",
    "BOB (NOT the known one!)",
  ]);
});

pureTest("Members.names() and whois() mark a name that looks like a known one", async () => {
  const { members, roster, pins } = await setUp();
  roster.see(client(EVE.id, { nickname: "ьOb" }), 1);
  pins.judge("ьOb", EVE.id);
  assert.deepEqual(members.names(), ["bob", "ьOb (looks like bob)"]);
  const lines = await members.whois("ьOb", new Ignored());
  assert.deepEqual(lines.slice(1), [
    "  the key known for this name",
    "  looks like bob",
    "  here with 1 client",
  ]);
});

pureTest("Members.whois() and verify() show ten keys of a name, and count the others", async () => {
  const { members, roster } = await setUp();
  for (let i = 0; i < MAX_KEYS_SHOWN + 1; i++) {
    roster.see(client(String.fromCharCode(65 + i).repeat(42) + "A"), i);
  }
  const whois = await members.whois("bob", new Ignored());
  assert.equal(whois.length, 3 * MAX_KEYS_SHOWN + 1);
  assert.equal(whois.at(-1), "further keys under this name: 2");
  const verify = await members.verify("bob");
  assert.deepEqual(verify.slice(-2), ["further keys under this name: 2", LAST]);
  // One's own, and ten.
  assert.equal(verify.length, 1 + MAX_KEYS_SHOWN + 2);
});

pureTest("Members.keysOf() puts the pinned key first, and knows who is not here", async () => {
  const { members, roster } = await setUp({ withEve: true });
  assert.deepEqual(members.keysOf("BOB"), [BOB.id, EVE.id]);
  roster.leave(BOB.id, "e");
  assert.deepEqual(members.keysOf("bob"), [BOB.id, EVE.id]);
  assert.deepEqual(members.keysOf("carol"), []);
});
