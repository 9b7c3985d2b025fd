import assert from "node:assert/strict";
import { formatBase64Url } from "../../../lib/bytes/base64url.ts";
import { DayChain } from "../../../lib/client/keys/day_chain.ts";
import { KeySet } from "../../../lib/client/keys/key_set.ts";
import { Present } from "../../../lib/client/keys/present.ts";
import { MAX_DAYS_OFF, MAX_READY_DAYS } from "../../../lib/client/limits.ts";
import { advanceChain, deriveDayKey, deriveLobbyKey } from "../../../lib/crypto/key_chain.ts";
import { firstForm } from "../../../lib/crypto/room_secret.ts";
import { decrypt, encrypt, type FernetKey, importKey } from "../../../lib/fernet.ts";
import { DAY, firstGeneration, makeGeneration, ROOT, secretOf } from "../../support/generations.ts";
import { KEY } from "../../support/key_files.ts";
import { pureTest } from "../../support/pure.ts";

const NOON = DAY * 86_400 + 43_200;

/** A set on a day whose clocks agree. */
function setOf(secret: ConstructorParameters<typeof KeySet>[0], seconds = NOON): KeySet {
  const present = new Present({ now: () => seconds * 1000, monotonic: () => 0 });
  present.noteRelay(seconds);
  return new KeySet(secret, present);
}

/** Whether two keys are one. */
async function isSame(key: FernetKey, other: FernetKey): Promise<boolean> {
  const token = await encrypt(key, new Uint8Array(1));
  return await decrypt(other, token).then(() => true, () => false);
}

async function keyOf(chain: Uint8Array, day: number): Promise<FernetKey> {
  const raw = await deriveDayKey(await advanceChain(chain, day - (DAY - 1)));
  return await importKey(`${formatBase64Url(raw)}=`);
}

pureTest("KeySet of the first form has one key, for all times", async () => {
  const set = setOf(await firstForm(ROOT.slice()));
  const key = await importKey(KEY);
  const candidates = await set.candidates(7);
  assert.equal(candidates.length, 1);
  assert.ok(await isSame(candidates[0]!.key, key));
  // No token costs more than a look into a table.
  assert.equal(set.candidates(2 ** 60), candidates);
  const writing = await set.writing();
  assert.equal(writing.now, NOON);
  assert.ok(await isSame(writing.key, key));
});

pureTest(
  "KeySet.candidates() are the day's key, its neighbours', and older generations'",
  async () => {
    const [newest, older] = [await makeGeneration(2, 2), await makeGeneration(1, 1, { until: 9 })];
    const set = setOf(secretOf(newest, older, await firstGeneration({ until: 9 })));
    const found = await set.candidates(NOON);
    assert.deepEqual(found.map(({ generation, day }) => [generation.number, day - DAY]), [
      [2, 0],
      [2, -1],
      [2, 1],
      [1, 0],
      [1, -1],
      [1, 1],
      [0, 0],
    ]);
    for (const { key, generation, day } of found) {
      const { number } = generation;
      const known = number === 0
        ? await importKey(KEY)
        : await keyOf(new Uint8Array(32).fill(number), day);
      assert.ok(await isSame(key, known), `${number} ${day}`);
    }
    // The value of the day before yesterday is erased.
    const early = await set.candidates(NOON - 86_400);
    assert.deepEqual(early.map(({ day }) => day - DAY), [-1, 0, -1, 0, -1]);
  },
);

pureTest(
  "KeySet.candidates() derives nothing for a time that is far from the present",
  async () => {
    const set = setOf(secretOf(await makeGeneration(1, 1)));
    const count = async (days: number) => (await set.candidates(NOON + days * 86_400)).length;
    assert.equal(await count(MAX_DAYS_OFF), 3);
    assert.equal(await count(MAX_DAYS_OFF + 1), 0);
    assert.equal(await count(-MAX_DAYS_OFF - 1), 0);
    assert.equal(await count(1e9), 0);
  },
);

pureTest("KeySet.candidates() keeps a bounded number ready", async () => {
  const clock = { seconds: NOON };
  const present = new Present({ now: () => clock.seconds * 1000, monotonic: () => 0 });
  const set = new KeySet(secretOf(await makeGeneration(1, 1)), present);
  const first = await set.candidates(NOON);
  for (let day = 1; day < MAX_READY_DAYS; day++) {
    clock.seconds += 86_400;
    await set.candidates(clock.seconds);
  }
  assert.equal(set.candidates(NOON), first);
  clock.seconds += 86_400;
  await set.candidates(clock.seconds);
  assert.notEqual(set.candidates(NOON), first);
});

pureTest("KeySet.writing() has the key of the day of its time", async () => {
  const chain = new Uint8Array(32).fill(1);
  const midnight = (DAY + 1) * 86_400;
  for (const seconds of [midnight - 1, midnight]) {
    const set = setOf(secretOf(await makeGeneration(1, 1)), seconds);
    const { key, now, generation } = await set.writing();
    assert.deepEqual([now, generation.number], [seconds, 1]);
    assert.ok(await isSame(key, await keyOf(chain, Math.floor(seconds / 86_400))));
  }
});

pureTest("KeySet.lobbyKey() depends on the root alone", async () => {
  const raw = await deriveLobbyKey(ROOT.slice());
  const lobby = await importKey(`${formatBase64Url(raw)}=`);
  assert.ok(await isSame(await setOf(secretOf(await makeGeneration(1, 1))).lobbyKey(), lobby));
  assert.ok(await isSame(await setOf(await firstForm(ROOT.slice())).lobbyKey(), lobby));
});

pureTest("KeySet.forNewcomer() has yesterday's value, if two clocks agree", async () => {
  const generation = await makeGeneration(1, 1, { first: DAY - 9, isUnannounced: true });
  const { chain, mark } = generation;
  const given = await setOf(secretOf(generation)).forNewcomer();
  const yesterday = await advanceChain(chain, 8);
  assert.deepEqual(given, { number: 1, day: DAY - 1, chain: yesterday, mark });
  const alone = new Present({ now: () => NOON * 1000, monotonic: () => 0 });
  const early = await new KeySet(secretOf(generation), alone).forNewcomer();
  assert.deepEqual(early, { number: 1, day: DAY - 9, chain, mark });
});

pureTest("DayChain.key() derives a key once, and keeps a bounded number", async () => {
  const chain = new DayChain(await makeGeneration(1, 1));
  const first = chain.key(DAY);
  assert.equal(chain.key(DAY), first);
  assert.equal(chain.key(DAY - 2), undefined);
  for (let day = DAY + 1; day <= DAY + MAX_READY_DAYS; day++) await chain.key(day);
  assert.notEqual(chain.key(DAY), first);
  assert.ok(await isSame((await chain.key(DAY))!, (await first)!));
});

pureTest("DayChain.value() is right in whichever order days are asked for", async () => {
  const generation = await makeGeneration(1, 1);
  const chain = new DayChain(generation);
  for (const days of [1, 300, 2, 299, 0, 300]) {
    const value = await chain.value(generation.day + days);
    assert.deepEqual(value, await advanceChain(generation.chain, days), `${days}`);
  }
});
