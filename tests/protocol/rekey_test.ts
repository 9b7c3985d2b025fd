import assert from "node:assert/strict";
import { BOX_BYTES } from "../../lib/protocol/chain_box.ts";
import { sealEnvelope } from "../../lib/protocol/envelope.ts";
import { MAX_PLAINTEXT_BYTES, MAX_TEXT_BYTES } from "../../lib/protocol/limits.ts";
import {
  formatRekey,
  MAX_GENERATION,
  MAX_REKEY_BOXES,
  MAX_REKEY_MEMBERS,
  parseRekey,
  type Rekey,
} from "../../lib/protocol/rekey.ts";
import { ALICE, BOB, EVE, fieldsOf, ROOM } from "../support/fixed_members.ts";
import { fuzz, type Mutator } from "../support/fuzz.ts";
import { pureTest } from "../support/pure.ts";

const MARK = "A".repeat(43);
const REKEY: Rekey = {
  generation: 1,
  parent: MARK,
  mark: "B".repeat(42) + "A",
  day: 20_666,
  to: [ALICE.id, BOB.id],
  ephemeralKey: EVE.id,
  boxes: new Uint8Array(BOX_BYTES),
};
const { text: TEXT, body: BODY } = formatRekey(REKEY);

function idOf(n: number): string {
  const bytes = new Uint8Array(32);
  new DataView(bytes.buffer).setUint32(0, n);
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}

function boxes(count: number): Uint8Array {
  const bytes = new Uint8Array(count * BOX_BYTES);
  for (let i = 0; i < count; i++) new DataView(bytes.buffer).setUint32(i * BOX_BYTES, i);
  return bytes;
}

/** Reads the example with other fields; undefined takes one out. */
function parseWith(changes: Readonly<Record<string, unknown>>, body = BODY): Rekey | undefined {
  return parseRekey(JSON.stringify({ ...JSON.parse(TEXT), ...changes }), body);
}

pureTest("parseRekey() reads what formatRekey() wrote, and passes over other fields", () => {
  assert.deepEqual(parseRekey(TEXT, BODY), REKEY);
  assert.deepEqual(parseWith({ more: 1 }), REKEY);
  const none = { ...REKEY, boxes: new Uint8Array() };
  assert.deepEqual(parseRekey(formatRekey(none).text, new Uint8Array()), none);
});

pureTest("parseRekey() refuses any other form", () => {
  const refused: Readonly<Record<string, readonly unknown[]>> = {
    gen: [undefined, 0, -1, 1.5, "1", MAX_GENERATION + 1, null],
    day: [undefined, -1, 0.5, "20666", MAX_GENERATION + 1],
    parent: [undefined, "", MARK.slice(1), `${MARK}=`, "B".repeat(43), 7],
    fp: [undefined, "", MARK.slice(1), `${MARK}=`, "B".repeat(43), null],
    eph: [undefined, "", MARK.slice(1), `${MARK}=`, "B".repeat(43), []],
    to: [undefined, [], ALICE.id, {}, [ALICE.id, ALICE.id], [ALICE.id, 7], [[ALICE.id]], [""]],
  };
  for (const [field, values] of Object.entries(refused)) {
    for (const value of values) {
      assert.equal(parseWith({ [field]: value }), undefined, `${field}: ${JSON.stringify(value)}`);
    }
  }
  for (const text of ["", "null", "[]", "7", "{}", `${TEXT}x`, `[${TEXT}]`]) {
    assert.equal(parseRekey(text, BODY), undefined, text);
  }
  assert.equal(parseWith({ gen: MAX_GENERATION, day: MAX_GENERATION })?.day, MAX_GENERATION);
});

pureTest("parseRekey() takes as many boxes as there may be, whole and in order", () => {
  assert.ok(parseRekey(TEXT, boxes(MAX_REKEY_BOXES)));
  assert.equal(parseRekey(TEXT, boxes(MAX_REKEY_BOXES + 1)), undefined);
  for (const length of [1, BOX_BYTES - 1, BOX_BYTES + 1]) {
    assert.equal(parseRekey(TEXT, new Uint8Array(length)), undefined);
  }
  assert.equal(parseRekey(TEXT, new Uint8Array(2 * BOX_BYTES)), undefined, "one tag twice");
});

pureTest("parseRekey() takes as many members as there may be, and their token fits", async () => {
  const members = (count: number) => Array.from({ length: count }, (_, i) => idOf(i));
  const rekey = { ...REKEY, to: members(MAX_REKEY_MEMBERS), boxes: boxes(MAX_REKEY_BOXES) };
  const { text, body } = formatRekey(rekey);
  assert.ok(text.length <= MAX_TEXT_BYTES);
  assert.equal(parseRekey(text, body)?.to.length, MAX_REKEY_MEMBERS);
  assert.equal(parseWith({ to: members(MAX_REKEY_MEMBERS + 1) }), undefined);
  const signer = { privateKey: ALICE.signing.privateKey, roomId: ROOM.roomId };
  const fields = fieldsOf({ kind: "rekey", nickname: "n".repeat(32), text });
  assert.ok((await sealEnvelope(fields, signer, body)).length <= MAX_PLAINTEXT_BYTES);
});

const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

fuzz({
  name: "parseRekey() takes any text",
  make: (mutator: Mutator) => decode(mutator.mutate([encode(TEXT)])),
  take(text) {
    const rekey = parseRekey(text, BODY);
    if (!rekey) return false;
    assert.ok(rekey.generation >= 1 && rekey.generation <= MAX_GENERATION);
    assert.ok(rekey.to.length >= 1 && rekey.to.length <= MAX_REKEY_MEMBERS);
    for (const id of [...rekey.to, rekey.parent, rekey.mark, rekey.ephemeralKey]) {
      assert.match(id, /^[\w-]{43}$/);
    }
    // What was read is written the same.
    assert.deepEqual(parseRekey(formatRekey(rekey).text, BODY), rekey);
    return true;
  },
});

fuzz({
  name: "parseRekey() takes any body",
  cases: 10_000,
  make: (mutator: Mutator) => mutator.mutate([boxes(3), boxes(1)]),
  take: (body) => parseRekey(TEXT, body) !== undefined,
});
