import assert from "node:assert/strict";
import { advanceChain } from "../../lib/crypto/key_chain.ts";
import {
  addGeneration,
  announce,
  beginGeneration,
  joinSecrets,
  KEEP_PARENT_SECONDS,
  moveOn,
  wipeDropped,
} from "../../lib/crypto/moving_on.ts";
import {
  firstForm,
  formatRoomSecret,
  isBefore,
  MAX_GENERATIONS,
} from "../../lib/crypto/room_secret.ts";
import { DAY, firstGeneration, makeGeneration, ROOT, secretOf } from "../support/generations.ts";
import { pureTest } from "../support/pure.ts";

const NOW = DAY * 86_400 + 100;

pureTest("beginGeneration() makes one whose first value is of yesterday", async () => {
  const generation = await beginGeneration({ number: 4 }, DAY);
  assert.deepEqual(
    [generation.number, generation.day, generation.isUnannounced],
    [5, DAY - 1, true],
  );
  const other = await beginGeneration({ number: 4 }, DAY);
  assert.notDeepEqual(other.chain, generation.chain);
  assert.notDeepEqual(other.mark, generation.mark);
});

pureTest(
  "addGeneration() makes the second form of the first, which is read for two days",
  async () => {
    const added = addGeneration(await firstForm(ROOT.slice()), await makeGeneration(1, 1), NOW);
    const until = NOW + KEEP_PARENT_SECONDS;
    assert.deepEqual(added, secretOf(await makeGeneration(1, 1), await firstGeneration({ until })));
    assert.equal(KEEP_PARENT_SECONDS, 172_800);
  },
);

pureTest(
  "addGeneration() orders two of one number by their marks, whichever came first",
  async () => {
    const [a, b] = [await makeGeneration(1, 1), await makeGeneration(1, 2)];
    const first = await firstForm(ROOT.slice());
    const both = addGeneration(addGeneration(first, a, NOW), b, NOW);
    assert.equal(
      formatRoomSecret(addGeneration(addGeneration(first, b, NOW), a, NOW)),
      formatRoomSecret(both),
    );
    const [winner, loser] = isBefore(a, b) ? [a, b] : [b, a];
    assert.deepEqual(both.generations.map(({ mark }) => mark.toHex()).slice(0, 2), [
      winner.mark.toHex(),
      loser.mark.toHex(),
    ]);
    assert.deepEqual(both.generations.map(({ until }) => until), [
      undefined,
      NOW + KEEP_PARENT_SECONDS,
      NOW + KEEP_PARENT_SECONDS,
    ]);
  },
);

pureTest(
  "addGeneration() of one that is known changes nothing, at whatever day it is",
  async () => {
    const secret = secretOf(
      await makeGeneration(1, 1, { day: DAY }),
      await firstGeneration({ until: 9 }),
    );
    const text = formatRoomSecret(secret);
    const again = await makeGeneration(1, 1, { isUnannounced: true });
    assert.equal(formatRoomSecret(addGeneration(secret, again, NOW)), text);
  },
);

pureTest("joinSecrets() takes the later day, the earlier end, and what was announced", async () => {
  const a = secretOf(
    await makeGeneration(2, 2, { isUnannounced: true }),
    await makeGeneration(1, 1, { until: 50, day: DAY + 1 }),
  );
  const b = secretOf(
    await makeGeneration(2, 2, { day: DAY }),
    await makeGeneration(1, 1, { until: 40 }),
    await firstGeneration({ until: 30 }),
  );
  const joined = secretOf(
    await makeGeneration(2, 2, { day: DAY }),
    await makeGeneration(1, 1, { until: 40, day: DAY + 1 }),
    await firstGeneration({ until: 30 }),
  );
  for (const each of [joinSecrets(a, b, NOW), joinSecrets(b, a, NOW)]) {
    assert.equal(formatRoomSecret(each), formatRoomSecret(joined));
  }
});

pureTest("joinSecrets() keeps an announcement that is still to be made", async () => {
  const a = secretOf(await makeGeneration(2, 2, { isUnannounced: true }));
  assert.equal(joinSecrets(a, a, NOW).generations[0].isUnannounced, true);
  assert.equal(announce(a).generations[0].isUnannounced, undefined);
  // One that has lost its place is announced no more.
  const later = addGeneration(a, await makeGeneration(3, 3), NOW);
  assert.equal(later.generations[1]!.isUnannounced, undefined);
});

pureTest("joinSecrets() keeps the newest MAX_GENERATIONS generations", async () => {
  let secret = await firstForm(ROOT.slice());
  for (let number = 1; number <= MAX_GENERATIONS; number++) {
    secret = addGeneration(secret, await makeGeneration(number, number), NOW);
  }
  const numbers = secret.generations.map(({ number }) => number);
  assert.deepEqual(numbers, Array.from({ length: MAX_GENERATIONS }, (_, i) => MAX_GENERATIONS - i));
});

pureTest("moveOn() keeps the value of yesterday, and what follows from it", async () => {
  const secret = secretOf(
    await makeGeneration(1, 1, { first: DAY - 9 }),
    await makeGeneration(0, 0, { until: NOW + 9, day: 0, first: 0 }),
  );
  const moved = await moveOn(secret, DAY, NOW);
  const [newest, oldest] = moved.generations;
  assert.equal(newest.day, DAY - 1);
  assert.deepEqual(newest.chain, await advanceChain(secret.generations[0].chain, 8));
  assert.deepEqual(oldest, secret.generations[1]);
  assert.equal(await moveOn(moved, DAY, NOW), moved);
  assert.equal(await moveOn(moved, DAY - 5, NOW), moved);
});

pureTest("moveOn() drops what is over, and reads nothing for more than two days", async () => {
  const secret = secretOf(
    await makeGeneration(3, 3),
    await makeGeneration(2, 2, { until: NOW + KEEP_PARENT_SECONDS + 1 }),
    await makeGeneration(1, 1, { until: NOW }),
  );
  const { generations } = await moveOn(secret, DAY, NOW);
  assert.deepEqual(generations.map(({ number, until }) => [number, until]), [
    [3, undefined],
    [2, NOW + KEEP_PARENT_SECONDS],
  ]);
  const kept = secretOf(await makeGeneration(3, 3), await makeGeneration(2, 2, { until: NOW + 1 }));
  assert.equal(await moveOn(kept, DAY, NOW), kept);
});

pureTest("moveOn() leaves the first form as it is", async () => {
  const secret = await firstForm(ROOT.slice());
  assert.equal(await moveOn(secret, DAY + 1000, NOW * 2), secret);
});

pureTest("wipeDropped() overwrites what is not in use any more, and nothing else", async () => {
  const secret = secretOf(await makeGeneration(1, 1), await firstGeneration({ until: NOW }));
  const moved = await moveOn(secret, DAY + 1, NOW);
  wipeDropped(secret, moved);
  assert.deepEqual(secret.generations.map(({ chain }) => chain), [
    new Uint8Array(32),
    new Uint8Array(32),
  ]);
  assert.deepEqual(moved.root, ROOT);
  assert.deepEqual(moved.generations[0].chain, await advanceChain(new Uint8Array(32).fill(1), 1));
});

pureTest("joinSecrets() mends a value of a day that has not come", async () => {
  const spoiled = secretOf(await makeGeneration(1, 1, { day: DAY + 2 }));
  const handed = secretOf(await makeGeneration(1, 1, { day: DAY }));
  for (const joined of [joinSecrets(spoiled, handed, NOW), joinSecrets(handed, spoiled, NOW)]) {
    assert.equal(formatRoomSecret(joined), formatRoomSecret(handed));
  }
});
