import assert from "node:assert/strict";
import {
  confirm,
  CONFIRMATION_BYTES,
  CpaceSide,
  importConfirmationKey,
  isConfirmed,
  joinWithLengths,
  makeGenerator,
  makeGeneratorString,
} from "../../lib/crypto/cpace.ts";
import { agree, importAgreementKey, importAgreementPair } from "../../lib/crypto/x25519.ts";
import VECTORS from "../data/cpace_x25519.json" with { type: "json" };
import { pureTest } from "../support/pure.ts";

const hex = (text: string) => Uint8Array.fromHex(text);
const text = (words: string) => new TextEncoder().encode(words);

const { generator, run, low_order: lowOrder } = VECTORS;
const INPUTS = {
  password: hex(generator.PRS),
  channel: hex(generator.CI),
  session: hex(generator.sid),
};
const INITIATOR = { share: hex(run.Ya), associated: hex(run.ADa) };
const RESPONDER = { share: hex(run.Yb), associated: hex(run.ADb) };
const TRANSCRIPT = { initiator: INITIATOR, responder: RESPONDER };

pureTest("the vectors are those of the draft's revision 21", () => {
  assert.equal(VECTORS.revision, "draft-irtf-cfrg-cpace-21");
});

pureTest("joinWithLengths() joins as the draft does", () => {
  const { parts, result } = VECTORS.lv_cat;
  assert.equal(joinWithLengths(...parts.map(hex)).toHex(), result);
  const long = Uint8Array.from({ length: 128 }, (_, i) => i);
  assert.equal(joinWithLengths(long).toHex(), VECTORS.prepend_len_of_128);
  assert.equal(joinWithLengths(long.subarray(1)).toHex().slice(0, 4), "7f01");
  assert.equal(joinWithLengths(new Uint8Array(16_384)).subarray(0, 3).toHex(), "808001");
});

pureTest("makeGenerator() makes the draft's generator string and generator", async () => {
  assert.equal(makeGeneratorString(INPUTS).toHex(), generator.generator_string);
  assert.equal((await makeGenerator(INPUTS)).toHex(), generator.g);
});

pureTest("makeGeneratorString() pads no password that fills the block", () => {
  const bytesOf = (length: number) =>
    makeGeneratorString({ password: new Uint8Array(length), channel: new Uint8Array() }).length;
  // The label takes 9 bytes, and the lengths of the other four parts one each.
  assert.deepEqual([0, 117, 118, 127].map(bytesOf), [130, 130, 131, 140]);
});

pureTest("CpaceSide makes the draft's shares, and both sides its key", async () => {
  const a = await CpaceSide.begin(INPUTS, hex(run.ya));
  const b = await CpaceSide.begin(INPUTS, hex(run.yb));
  assert.equal(a.share.toHex(), run.Ya);
  assert.equal(b.share.toHex(), run.Yb);
  assert.equal((await a.finish(b.share, TRANSCRIPT)).toHex(), run.ISK_IR);
  const key = await b.finish(a.share, TRANSCRIPT);
  assert.equal(key.toHex(), run.ISK_IR);
});

pureTest(
  "the ladder of WebCrypto makes the draft's K, and multiplies as the draft does",
  async () => {
    const multiply = async (scalar: string, point: string) => {
      const { privateKey } = await importAgreementPair(hex(scalar));
      return (await agree(privateKey, await importAgreementKey(hex(point)))).toHex();
    };
    assert.equal(await multiply(run.ya, run.Yb), run.K);
    assert.equal(await multiply(run.yb, run.Ya), run.K);
    for (const { u, result } of lowOrder.points) {
      if (/^0+$/.test(result)) await assert.rejects(multiply(lowOrder.scalar, u), RangeError, u);
      else assert.equal(await multiply(lowOrder.scalar, u), result, u);
    }
  },
);

pureTest("finish() aborts for the draft's points of low order, and for other lengths", async () => {
  const side = await CpaceSide.begin(INPUTS, hex(run.ya));
  const invalid = lowOrder.points.filter(({ result }) => /^0+$/.test(result));
  assert.deepEqual(invalid.map(({ u }) => lowOrder.points.findIndex((each) => each.u === u)), [
    ...[0, 1, 2, 3, 4, 5, 7],
  ]);
  for (const { u } of invalid) {
    await assert.rejects(side.finish(hex(u), TRANSCRIPT), {
      name: "RangeError",
      message: "Cannot import key: its order is low",
    });
  }
  for (const length of [0, 31, 33]) {
    await assert.rejects(side.finish(new Uint8Array(length).fill(9), TRANSCRIPT), RangeError);
  }
});

pureTest("the keys of both sides differ if what they know differs", async () => {
  const others = [
    { ...INPUTS, password: text("Passwort") },
    { ...INPUTS, channel: text("other") },
    { ...INPUTS, session: new Uint8Array() },
  ];
  const keys = new Set([run.ISK_IR]);
  for (const inputs of others) {
    const [a, b] = [await CpaceSide.begin(inputs, hex(run.ya)), await CpaceSide.begin(INPUTS)];
    const transcript = {
      initiator: { ...INITIATOR, share: a.share },
      responder: { ...RESPONDER, share: b.share },
    };
    keys.add((await a.finish(b.share, transcript)).toHex());
    keys.add((await b.finish(a.share, transcript)).toHex());
  }
  assert.equal(keys.size, 7);
});

pureTest("the key differs if the transcript differs", async () => {
  const keys = new Set([run.ISK_IR]);
  const a = await CpaceSide.begin(INPUTS, hex(run.ya));
  const others = [
    { initiator: RESPONDER, responder: INITIATOR },
    { ...TRANSCRIPT, initiator: { ...INITIATOR, associated: text("ADc") } },
    { ...TRANSCRIPT, responder: { ...RESPONDER, share: INITIATOR.share } },
  ];
  for (const transcript of others) {
    keys.add((await a.finish(RESPONDER.share, transcript)).toHex());
  }
  assert.equal(keys.size, 4);
});

pureTest("begin() takes a new scalar each time", async () => {
  const [a, b] = [await CpaceSide.begin(INPUTS), await CpaceSide.begin(INPUTS)];
  assert.notDeepEqual(a.share, b.share);
});

pureTest("confirm() confirms one message under one key", async () => {
  const key = await importConfirmationKey(hex(run.ISK_IR), INPUTS.session);
  const tag = await confirm(key, INITIATOR);
  assert.equal(tag.length, CONFIRMATION_BYTES);
  assert.equal(await isConfirmed(key, tag, INITIATOR), true);
  assert.equal(await isConfirmed(key, tag, RESPONDER), false);
  assert.equal(await isConfirmed(key, tag.with(0, tag[0]! ^ 1), INITIATOR), false);
  assert.equal(await isConfirmed(key, tag.slice(1), INITIATOR), false);
  for (
    const other of [
      await importConfirmationKey(hex(run.ISK_IR)),
      await importConfirmationKey(tag, INPUTS.session),
    ]
  ) {
    assert.equal(await isConfirmed(other, tag, INITIATOR), false);
  }
});
