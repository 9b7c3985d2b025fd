import assert from "node:assert/strict";
import { formatBase64Url } from "../../lib/bytes/base64url.ts";
import { MAX_OTHER_KEYS } from "../../lib/client/limits.ts";
import { type Sealed, Sealing } from "../../lib/client/sealing.ts";
import { type AgreementKey, importAgreementPair } from "../../lib/crypto/x25519.ts";
import { openText } from "../../lib/protocol/direct_message.ts";
import { ALICE, BOB, EVE } from "../support/fixed_members.ts";
import { pureTest } from "../support/pure.ts";

/** A client that is here. */
function clientOf(id: string, pair: AgreementKey | undefined, epoch: string) {
  const agreementKey = pair && formatBase64Url(pair.publicKey);
  const more = { nickname: "n", cid: undefined, isIntroduced: true, expiresAt: 0 };
  return { id, epoch, agreementKey, ...more };
}

function sealingOf(clients: ReturnType<typeof clientOf>[]): Sealing {
  const agreementKey = formatBase64Url(ALICE.agreement.publicKey);
  return new Sealing({
    id: ALICE.id,
    roster: { values: () => clients },
    presence: { agreementKey },
  });
}

async function open(sealed: Sealed, by: AgreementKey, to: string): Promise<string[] | undefined> {
  const bytes = (text: string) => Uint8Array.fromBase64(text, { alphabet: "base64url" });
  const between = { sender: bytes(ALICE.id), recipient: bytes(to) };
  const ephemeralKey = bytes(sealed.agreementKey!);
  const forOthers = sealed.forOthers?.split(" ");
  const texts = sealed.tokens.map((token) =>
    openText({ ephemeralKey, token, forOthers }, by.privateKey, between)
  );
  return await Promise.all(texts).catch(() => undefined);
}

pureTest("Sealing.forMember() is as it always was for a member with one key", async () => {
  const bob = clientOf(BOB.id, BOB.agreement, "1");
  const sealing = sealingOf([bob, { ...bob, epoch: "2" }, clientOf(EVE.id, EVE.agreement, "3")]);
  const sealed = await sealing.forMember(["a", "b"], bob);
  assert.deepEqual(Object.keys(sealed).sort(), ["agreementKey", "recipient", "tokens"]);
  assert.deepEqual(await open(sealed, BOB.agreement, BOB.id), ["a", "b"]);
  assert.equal(await open(sealed, EVE.agreement, BOB.id), undefined);
});

pureTest("Sealing.forMember() reaches a member on all its machines", async () => {
  const pairs = await Promise.all(
    Array.from({ length: MAX_OTHER_KEYS + 2 }, (_, i) => {
      return importAgreementPair(new Uint8Array(32).fill(i + 1));
    }),
  );
  const clients = pairs.map((pair, i) => clientOf(BOB.id, pair, `${i}`));
  const broken = { ...clientOf(BOB.id, undefined, "x"), agreementKey: "A".repeat(43) };
  const sealing = sealingOf([...clients, clientOf(BOB.id, undefined, "y"), broken]);
  const sealed = await sealing.forMember(["psst"], clients[0]!);
  const opened = await Promise.all(pairs.map((pair) => open(sealed, pair, BOB.id)));
  // The first one as of old; those that were heard of last as far as there is room.
  const expected = pairs.map((_, i) => i === 1 || i === 2 ? undefined : ["psst"]);
  assert.deepEqual(opened, expected);
  assert.equal(await open(sealed, EVE.agreement, BOB.id), undefined);
  const one = await sealing.forKey(["psst"], clients[3]!);
  assert.equal(one.forOthers, undefined);
  assert.deepEqual(await open(one, pairs[3]!, BOB.id), ["psst"]);
  assert.equal(await open(one, pairs[4]!, BOB.id), undefined);
});

pureTest("Sealing.forOneself() reaches one's other machines", async () => {
  const sealing = sealingOf([clientOf(ALICE.id, EVE.agreement, "1")]);
  const sealed = await sealing.forOneself(["note"]);
  assert.deepEqual(await open(sealed, ALICE.agreement, ALICE.id), ["note"]);
  assert.deepEqual(await open(sealed, EVE.agreement, ALICE.id), ["note"]);
});

pureTest("Sealing refuses a key that is not usable", async () => {
  const sealing = sealingOf([]);
  for (const agreementKey of [undefined, "A".repeat(43), "x"]) {
    await assert.rejects(sealing.forMember(["a"], { id: BOB.id, agreementKey }), RangeError);
  }
});
