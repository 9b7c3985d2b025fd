import assert from "node:assert/strict";
import { Reader } from "../../lib/client/reader.ts";
import { KeySet } from "../../lib/client/keys/key_set.ts";
import { Present } from "../../lib/client/keys/present.ts";
import { advanceChain } from "../../lib/crypto/key_chain.ts";
import { firstForm, type RoomSecret } from "../../lib/crypto/room_secret.ts";
import { encrypt } from "../../lib/fernet.ts";
import { ALICE, BOB, fieldsOf, ROOM } from "../support/fixed_members.ts";
import { sealEnvelope } from "../../lib/protocol/envelope.ts";
import { DAY, firstGeneration, makeGeneration, ROOT, secretOf } from "../support/generations.ts";
import { testNeeding } from "../support/needs.ts";

const NOON = DAY * 86_400 + 43_200;
const TOKENS = 400;
const ROUNDS = 31;

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** What a client reads with, and messages for it. */
async function setUp(secret: RoomSecret) {
  const present = new Present({ now: () => NOON * 1000, monotonic: () => 0 });
  present.noteRelay(NOON);
  const keys = new KeySet(secret, present);
  const { key, now } = await keys.writing();
  const { privateKey } = ALICE.signing;
  const tokens: string[] = [];
  for (let sequence = 0; sequence < TOKENS; sequence++) {
    const signer = { privateKey, roomId: ROOM.roomId };
    const plaintext = await sealEnvelope(fieldsOf({ sequence, time: now }), signer);
    tokens.push(await encrypt(key, plaintext, { now }));
  }
  const agreement = { privateKeys: [], refresh: () => Promise.resolve(false) };
  /** Opens all, sixteen at a time as a client does. Returns ms. */
  const measure = async () => {
    const ring = {
      isFirstForm: secret.generations[0].number === 0,
      candidates: (seconds: number) => keys.candidates(seconds),
    };
    const { roomId } = ROOM;
    const reader = new Reader({ keys: ring, roomId, id: BOB.id, agreement, monotonic: () => 0 });
    const begunAt = performance.now();
    for (let i = 0; i < TOKENS; i += 16) {
      const opened = await reader.openAll(tokens.slice(i, i + 16));
      assert.ok(opened.every(({ kind }) => kind === "signed"));
    }
    return performance.now() - begunAt;
  };
  return measure;
}

testNeeding(["env"], "opening tokens with a chain takes a tenth more at most", async () => {
  const one = await setUp(await firstForm(ROOT.slice()));
  const chain = await setUp(
    secretOf(
      await makeGeneration(2, 2),
      await makeGeneration(1, 1, { until: NOON * 2 }),
      await firstGeneration({ until: NOON * 2 }),
    ),
  );
  const ratios: number[] = [];
  for (let round = -2; round < ROUNDS; round++) {
    const [a, b] = round % 2 === 0 ? [await one(), await chain()] : [0, 0];
    const [d, c] = round % 2 === 0 ? [0, 0] : [await chain(), await one()];
    // The first rounds warm up.
    if (round >= 0) ratios.push((b + d) / (a + c));
  }
  console.log(`with a chain: ${median(ratios).toFixed(3)} of the time with one key`);
  assert.ok(median(ratios) <= 1.1, `${median(ratios)}`);
});

testNeeding(["env"], "a year away is caught up with in a moment", async () => {
  const times: number[] = [];
  for (let round = 0; round < 5; round++) {
    const begunAt = performance.now();
    await advanceChain(new Uint8Array(32), 365);
    times.push(performance.now() - begunAt);
  }
  console.log(`a year: ${median(times).toFixed(1)} ms`);
  assert.ok(median(times) < 100, `${median(times)}`);
});
