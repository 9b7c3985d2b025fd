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

pureTest("SafetyNumbers.verify() shows one's own number, the pinned one, and others", async () => {
  const { members } = await setUp({ withEve: true });
  const [own, bob, eve] = await Promise.all([
    formatSafetyNumber(new Uint8Array(32)),
    formatSafetyNumber(BOB.signing.publicKey),
    formatSafetyNumber(EVE.signing.publicKey),
  ]);
  assert.deepEqual(await members.numbers.verify("Bob"), [
    `you: ${own}`,
    `bob: ${bob}`,
    `bob (NOT the known one!): ${eve}`,
    LAST,
  ]);
});

pureTest("SafetyNumbers.verify() shows who is pinned and not here", async () => {
  const { members, roster } = await setUp();
  roster.leave(BOB.id, "e");
  const lines = await members.numbers.verify("bob");
  assert.equal(lines[1], `bob: ${await formatSafetyNumber(BOB.signing.publicKey)}`);
  assert.equal(lines.length, 3);
  assert.deepEqual(await members.numbers.verify("carol"), ["nobody is known as carol"]);
});

pureTest("SafetyNumbers.trust() accepts the key that was shown, and says its number", async () => {
  for (const show of ["verify", "whois"] as const) {
    const { members, pins } = await setUp({ withEve: true });
    const eve = await formatSafetyNumber(EVE.signing.publicKey);
    if (show === "verify") await members.numbers.verify("Bob");
    else await members.numbers.whois("Bob", new Ignored());
    assert.deepEqual(await members.numbers.trust("bob"), [
      `the new key of bob is accepted: ${eve}`,
    ]);
    assert.equal(pins.peek("bob"), EVE.id);
    const found = members.find("bob");
    assert.ok(typeof found !== "string");
    assert.equal(found.id, EVE.id);
  }
});

pureTest("SafetyNumbers.trust() accepts no key whose number was not shown", async () => {
  const { members, roster, pins } = await setUp({ withEve: true });
  const numbers = await members.numbers.verify("bob");
  // Eve goes, and somebody else comes under the name.
  roster.leave(EVE.id, "e");
  roster.see(client(ALICE.id), 2);
  await members.numbers.trust("bob");
  assert.equal(pins.peek("bob"), EVE.id);
  roster.leave(BOB.id, "e");
  // One /trust too many accepts nobody.
  const [own, eve, alice, last, ...more] = await members.numbers.trust("bob");
  assert.equal(own, numbers[0]);
  assert.equal(eve, `bob: ${await formatSafetyNumber(EVE.signing.publicKey)}`);
  assert.equal(
    alice,
    `bob (NOT the known one!): ${await formatSafetyNumber(ALICE.signing.publicKey)}`,
  );
  assert.deepEqual([last, ...more], [
    LAST,
    "compare them first; /trust bob again accepts the new key",
  ]);
  assert.equal(pins.peek("bob"), EVE.id);
  await members.numbers.trust("bob");
  assert.equal(pins.peek("bob"), ALICE.id);
});

pureTest("SafetyNumbers.trust() goes by what was shown last, and under this name", async () => {
  const { members, roster, pins } = await setUp();
  await members.numbers.verify("bob");
  // What came after the numbers were shown is shown first.
  roster.see(client(EVE.id), 1);
  assert.equal((await members.numbers.trust("bob")).length, 5);
  // A number that was shown for another name is no number of bob's.
  roster.see(client(ALICE.id, { nickname: "carol" }), 2);
  await members.numbers.verify("carol");
  await members.numbers.trust("bob");
  assert.equal(pins.peek("bob"), BOB.id);
  await members.numbers.trust("bob");
  assert.equal(pins.peek("bob"), EVE.id);
});

pureTest("SafetyNumbers.trust() changes nothing where no key is new, or several are", async () => {
  const { members, roster, pins } = await setUp();
  const { numbers } = members;
  assert.deepEqual(await numbers.trust("bob"), ["there is no new key of bob to accept"]);
  assert.deepEqual(await numbers.trust("carol"), ["there is no new key of carol to accept"]);
  roster.see(client(EVE.id), 1);
  roster.see(client(ALICE.id), 2);
  const several = ["several keys are used as bob: see /verify bob"];
  assert.deepEqual(await numbers.trust("bob"), several);
  await numbers.verify("bob");
  assert.deepEqual(await numbers.trust("bob"), several);
  assert.equal(pins.peek("bob"), BOB.id);
});

pureTest("SafetyNumbers.whois() tells the known key from an impostor's", async () => {
  const { members, roster } = await setUp({ withEve: true });
  const [bob, eve] = await Promise.all(
    [BOB, EVE].map(({ signing }) => formatSafetyNumber(signing.publicKey)),
  );
  roster.see(client(BOB.id, { epoch: "f", away: "lunch" }), 2);
  assert.deepEqual(await members.numbers.whois("bob", new Ignored()), [
    `bob: safety number ${bob}`,
    "  the key known for this name",
    // One of the two is not away.
    "  here with 2 clients",
    `bob: safety number ${eve}`,
    "  NOT the key known for this name: see /verify bob",
    "  here with 1 client",
  ]);
  roster.see(client(BOB.id, { away: "" }), 3);
  const lines = await members.numbers.whois("bob", { has: (id) => id === EVE.id });
  assert.equal(lines[2], "  here with 2 clients; away");
  assert.deepEqual(lines.slice(-1), ["  ignored by you"]);
});

pureTest(
  "SafetyNumbers.whois() tells of who is not here, of oneself, and of a key not pinned",
  async () => {
    const { members, roster, pins } = await setUp();
    const own = "A".repeat(43);
    pins.judge("alice", own);
    const tail = async (name: string) =>
      (await members.numbers.whois(name, new Ignored())).slice(1);
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

pureTest("SafetyNumbers.whois() and verify() spell each name as its owner does", async () => {
  const { members, roster } = await setUp();
  roster.see(client(EVE.id, { nickname: "BOB" }), 1);
  const heads = (lines: readonly string[]) => lines.filter((line) => /: \D*\d{5} /.test(line));
  const names = (lines: readonly string[]) => {
    return heads(lines).map((line) => line.replace(/:.*/, ""));
  };
  assert.deepEqual(names(await members.numbers.whois("ＢＯＢ", new Ignored())), ["bob", "BOB"]);
  assert.deepEqual(names(await members.numbers.verify("ＢＯＢ")), [
    "you",
    "bob",
    "BOB (NOT the known one!)",
  ]);
});

pureTest(
  "SafetyNumbers.whois() and verify() show ten keys of a name, and count the others",
  async () => {
    const { members, roster } = await setUp();
    for (let i = 0; i < MAX_KEYS_SHOWN + 1; i++) {
      roster.see(client(String.fromCharCode(65 + i).repeat(42) + "A"), i);
    }
    const whois = await members.numbers.whois("bob", new Ignored());
    assert.equal(whois.length, 3 * MAX_KEYS_SHOWN + 1);
    assert.equal(whois.at(-1), "further keys under this name: 2");
    const verify = await members.numbers.verify("bob");
    assert.deepEqual(verify.slice(-2), ["further keys under this name: 2", LAST]);
    // One's own, and ten.
    assert.equal(verify.length, 1 + MAX_KEYS_SHOWN + 2);
  },
);
