import assert from "node:assert/strict";
import {
  describeKey,
  describeNumber,
  describeNumbers,
  type KeyFacts,
} from "../../lib/chat/key_facts.ts";
import { formatSafetyNumber } from "../../lib/crypto/fingerprint.ts";
import { SAY } from "../support/fake_chat.ts";
import { ALICE, BOB, EVE } from "../support/fixed_members.ts";
import { pureTest } from "../support/pure.ts";

const FACTS: KeyFacts = {
  ...{ id: BOB.id, nickname: "bob", pinned: BOB.id, isAccepted: false, isOwn: false },
  ...{ isIgnored: false, clients: [], doubt: undefined },
};

pureTest("describeKey() says the number, what is known of the key, and who is here", async () => {
  const number = await formatSafetyNumber(BOB.signing.publicKey);
  assert.deepEqual(await describeKey(FACTS, SAY), [
    `bob: safety number ${number}`,
    "  the key known for this name",
    "  not here now",
  ]);
  assert.deepEqual(
    await describeKey({ ...FACTS, isOwn: true, isIgnored: true, doubt: "odd letters" }, SAY),
    [
      `bob: safety number ${number}`,
      "  the key known for this name",
      "  odd letters",
      "  you",
      "  ignored by you",
    ],
  );
});

pureTest(
  "describeKey() tells the pinned key from others, and the confirmed from the known",
  async () => {
    const verdict = async (changes: Partial<KeyFacts>) => {
      return (await describeKey({ ...FACTS, ...changes }, SAY))[1]!.trim();
    };
    assert.equal(await verdict({ pinned: undefined }), "no key is known for this name");
    assert.equal(await verdict({ isAccepted: true }), "the key that you have confirmed");
    // What was accepted is another key.
    const other = "NOT the key known for this name: see /verify bob";
    assert.equal(await verdict({ pinned: EVE.id }), other);
    assert.equal(await verdict({ pinned: EVE.id, isAccepted: true }), other);
  },
);

pureTest("describeNumbers() writes a line for each key, in order", async () => {
  const [alice, bob] = await Promise.all([describeNumber(ALICE.id), describeNumber(BOB.id)]);
  assert.notEqual(alice, bob);
  assert.deepEqual(await describeNumbers([["you", ALICE.id], ["bob", BOB.id]], SAY), [
    `you: ${alice}`,
    `bob: ${bob}`,
  ]);
});
