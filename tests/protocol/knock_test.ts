import assert from "node:assert/strict";
import { createDecipheriv, hkdfSync } from "node:crypto";
import { agree, importAgreementKey } from "../../lib/crypto/x25519.ts";
import { makeEphemeral } from "../../lib/protocol/chain_box.ts";
import {
  formatKnock,
  type Handed,
  openAnswer,
  parseKnock,
  sealAnswer,
} from "../../lib/protocol/knock.ts";
import { MAX_PLAINTEXT_BYTES } from "../../lib/protocol/limits.ts";
import { MAX_GENERATION, MAX_REKEY_MEMBERS } from "../../lib/protocol/rekey.ts";
import { ALICE, BOB, encode, EVE } from "../support/fixed_members.ts";
import { fuzz, type Mutator } from "../support/fuzz.ts";
import { pureTest } from "../support/pure.ts";

const MARK = "A".repeat(43);
const HANDED: Handed = {
  generation: 2,
  parent: MARK,
  mark: "B".repeat(42) + "A",
  day: 20_666,
  to: [ALICE.id, BOB.id],
  chain: new Uint8Array(32).fill(7),
  chainDay: 20_700,
};
const KNOCK = await makeEphemeral();
const ANSWER = await makeEphemeral();
const KEYS = {
  holder: ALICE.signing.publicKey,
  knocker: BOB.signing.publicKey,
  ephemeralKey: ANSWER.publicKey,
  knockKey: KNOCK.publicKey,
};
const BODY = await sealAnswer(HANDED, ANSWER, KEYS);

pureTest("parseKnock() reads what formatKnock() wrote, and no other form", () => {
  const known = { generation: 7, mark: MARK };
  assert.equal(formatKnock(known), `{"gen":7,"fp":"${MARK}"}`);
  assert.deepEqual(parseKnock(formatKnock(known)), known);
  assert.equal(parseKnock(formatKnock({ ...known, generation: MAX_GENERATION }))?.mark, MARK);
  const refused = [
    ...["", "null", "[]", "{}", '{"gen":7}', `{"fp":"${MARK}"}`, `{"gen":"7","fp":"${MARK}"}`],
    ...[`{"gen":-1,"fp":"${MARK}"}`, `{"gen":7,"fp":"${MARK}A"}`, `{"gen":1.5,"fp":"${MARK}"}`],
    formatKnock({ ...known, generation: MAX_GENERATION + 1 }),
  ];
  for (const text of refused) assert.equal(parseKnock(text), undefined, text);
});

pureTest("openAnswer() gives who knocked what sealAnswer() was given", async () => {
  assert.deepEqual(await openAnswer(BODY, KNOCK, KEYS), HANDED);
});

pureTest("openAnswer() opens nothing for anybody else, nor what was altered", async () => {
  const other = await makeEphemeral();
  assert.equal(await openAnswer(BODY, other, KEYS), undefined);
  for (
    const changes of [
      { holder: EVE.signing.publicKey },
      { knocker: EVE.signing.publicKey },
      { knockKey: other.publicKey },
      { ephemeralKey: other.publicKey },
      { ephemeralKey: new Uint8Array(32) },
    ]
  ) assert.equal(await openAnswer(BODY, KNOCK, { ...KEYS, ...changes }), undefined);
  for (const length of [0, 15, 16, BODY.length - 1]) {
    assert.equal(await openAnswer(BODY.subarray(0, length), KNOCK, KEYS), undefined);
  }
  assert.equal(await openAnswer(BODY.with(3, BODY[3]! ^ 1), KNOCK, KEYS), undefined);
});

pureTest("openAnswer() refuses a sealed text of another form", async () => {
  const wrong: readonly Partial<Handed>[] = [
    { generation: 0 },
    { chain: new Uint8Array(31) },
    { chainDay: 20_665 },
    { chainDay: MAX_GENERATION + 1 },
    { to: [] },
    { mark: "x" },
  ];
  for (const changes of wrong) {
    const body = await sealAnswer({ ...HANDED, ...changes }, ANSWER, KEYS);
    assert.equal(await openAnswer(body, KNOCK, KEYS), undefined, JSON.stringify(changes));
  }
});

pureTest("sealAnswer() fits a message with as many members as there may be", async () => {
  const id = (_: unknown, i: number) => `${i}`.padStart(42, "A") + "A";
  const to = Array.from({ length: MAX_REKEY_MEMBERS }, id);
  assert.ok((await sealAnswer({ ...HANDED, to }, ANSWER, KEYS)).length < MAX_PLAINTEXT_BYTES - 800);
});

pureTest("sealAnswer() keeps the derivation of the protocol", async () => {
  const shared = await agree(KNOCK.privateKey, await importAgreementKey(ANSWER.publicKey));
  const info = new Uint8Array([
    ...encode("encrypted-chatroom/v2 knock\0"),
    ...[...KEYS.holder, ...KEYS.knocker, ...KEYS.ephemeralKey, ...KEYS.knockKey],
  ]);
  const raw = new Uint8Array(hkdfSync("sha256", shared, new Uint8Array(), info, 32));
  const cipher = createDecipheriv("aes-256-gcm", raw, new Uint8Array(12));
  cipher.setAuthTag(BODY.slice(-16));
  const json = new TextDecoder().decode(cipher.update(BODY.slice(0, -16)));
  cipher.final();
  assert.deepEqual(JSON.parse(json), {
    gen: 2,
    parent: MARK,
    fp: HANDED.mark,
    day: 20_666,
    to: [ALICE.id, BOB.id],
    at: 20_700,
    chain: "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc",
  });
});

fuzz({
  name: "parseKnock() takes any text",
  make: (mutator: Mutator) => {
    const valid = encode(formatKnock({ generation: 12, mark: MARK }));
    return new TextDecoder().decode(mutator.mutate([valid]));
  },
  take(text) {
    const known = parseKnock(text);
    if (known) assert.match(known.mark, /^[\w-]{43}$/);
    return known !== undefined;
  },
});
