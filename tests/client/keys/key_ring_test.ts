import assert from "node:assert/strict";
import { KeyRing } from "../../../lib/client/keys/key_ring.ts";
import { KEY_FILE_CHECK_MS } from "../../../lib/client/limits.ts";
import { KEEP_PARENT_SECONDS } from "../../../lib/crypto/moving_on.ts";
import { deriveRoomKey } from "../../../lib/crypto/room_key.ts";
import { parseRoomSecret } from "../../../lib/crypto/room_secret.ts";
import { readTime } from "../../../lib/crypto/token_time.ts";
import { decrypt, encrypt, InvalidTokenError } from "../../../lib/fernet.ts";
import { KeyStore } from "../../../lib/storage/key_store.ts";
import { DAY, firstGeneration, makeGeneration, textOf } from "../../support/generations.ts";
import { KEY } from "../../support/key_files.ts";
import { testNeeding } from "../../support/needs.ts";
import { pureTest } from "../../support/pure.ts";
import { withDirectory } from "../../support/temporary.ts";
import { type Clocks, presentOf } from "../../support/set_clocks.ts";
import { collectWarnings, noWarning } from "../../support/wordings.ts";

const NOON = DAY * 86_400 + 43_200;

async function openRing(
  text: string,
  clocks: Clocks,
  { store = KeyStore.inMemory(), warn = noWarning }: Partial<Parameters<typeof KeyRing.open>[1]> =
    {},
) {
  const present = presentOf(clocks);
  return await KeyRing.open(text, { store, present, warn, monotonic: () => clocks.own * 1000 });
}

/** Writes with one ring, and tells whether another reads it. */
async function isRead(from: KeyRing, to: KeyRing): Promise<boolean> {
  const { key, now } = await from.writing();
  const token = await encrypt(key, new Uint8Array(1), { now });
  const candidates = await to.candidates(readTime(token)!);
  if (candidates.length === 0) return false;
  return await decrypt(candidates.map((each) => each.key), token).then(() => true, () => false);
}

pureTest("KeyRing of the first form never changes by itself", async () => {
  const clocks = { own: NOON, relay: NOON };
  const ring = await openRing(KEY, clocks);
  clocks.own = clocks.relay = NOON + 9 * 86_400;
  await ring.tick();
  assert.equal(ring.isFirstForm, true);
  assert.equal(ring.fingerprint, (await deriveRoomKey(KEY)).fingerprint);
  assert.equal(await ring.handover(), KEY);
});

pureTest(
  "KeyRing.adopt() makes the second form, tells of it, and reads the first for two days",
  async () => {
    const clocks = { own: NOON, relay: NOON };
    const [ring, stays] = [await openRing(KEY, clocks), await openRing(KEY, clocks)];
    let changes = 0;
    const stop = ring.onChange(() => changes++);
    const generation = await ring.begin();
    await ring.adopt(generation);
    assert.deepEqual([changes, ring.isFirstForm, generation.number], [1, false, 1]);
    // Until the others are told, it writes what they can read.
    assert.deepEqual([await isRead(stays, ring), await isRead(ring, stays)], [true, true]);
    assert.deepEqual(
      ring.generations.map(({ number, until, isUnannounced }) => [number, until, isUnannounced]),
      [[1, undefined, true], [0, NOON + KEEP_PARENT_SECONDS, undefined]],
    );
    assert.deepEqual([ring.current.number, ring.unannounced?.number], [0, 1]);
    await ring.noteAnnounced(generation);
    assert.deepEqual([ring.current.number, ring.unannounced], [1, undefined]);
    assert.deepEqual([await isRead(stays, ring), await isRead(ring, stays)], [true, false]);
    const { generation: under } = await ring.writing({
      number: 0,
      mark: ring.generations[1]!.mark,
    });
    assert.equal(under.number, 0);
    const other = await openRing(await ring.handover(), clocks);
    assert.equal(other.fingerprint, ring.fingerprint);
    assert.deepEqual([await isRead(ring, other), await isRead(other, ring)], [true, true]);
    clocks.own = clocks.relay = NOON + KEEP_PARENT_SECONDS;
    await ring.tick();
    assert.equal(await isRead(stays, ring), false);
    assert.equal(changes, 2);
    stop();
    await ring.adopt(await ring.begin());
    assert.equal(changes, 2);
  },
);

pureTest("KeyRing moves on each midnight, and goes on reading what is of yesterday", async () => {
  const clocks = { own: NOON, relay: NOON };
  const text = textOf(await makeGeneration(1, 1));
  const [ring, other] = [await openRing(text, clocks), await openRing(text, clocks)];
  for (let hour = 0; hour < 100; hour++) {
    clocks.own = clocks.relay = NOON + hour * 3600;
    assert.equal(await isRead(ring, other), true, `${hour}`);
    if (hour % 2 === 0) await ring.tick();
    if (hour % 3 === 0) await other.tick();
    assert.equal(await isRead(other, ring), true, `${hour}`);
  }
  assert.equal(ring.generations[0]!.day, DAY + 3);
});

pureTest("KeyRing erases nothing by its own clock, and says so once", async () => {
  const clocks: Clocks = { own: NOON, relay: NOON };
  const { warnings, warn } = collectWarnings();
  const ring = await openRing(textOf(await makeGeneration(1, 1)), clocks, { warn });
  const right = await openRing(textOf(await makeGeneration(1, 1)), { ...clocks });
  for (let hour = 0; hour < 2; hour++) {
    clocks.own = NOON + 3650 * 86_400 + hour * 3600;
    await ring.tick();
    // The relay's clock is the one that fits to what was known.
    assert.deepEqual([await isRead(ring, right), await isRead(right, ring)], [true, true]);
  }
  assert.equal(ring.generations[0]!.day, DAY - 1);
  clocks.own = clocks.relay = NOON + 86_400;
  await ring.tick();
  assert.equal(ring.generations[0]!.day, DAY);
  assert.deepEqual(warnings, []);

  // After a month the two clocks are two hours apart.
  clocks.own = NOON + 30 * 86_400;
  clocks.relay = clocks.own - 7200;
  await ring.tick();
  await ring.tick();
  assert.equal(ring.generations[0]!.day, DAY);
  assert.deepEqual(warnings, [
    "old keys are kept until this clock and the server's agree",
  ]);
  ring.noteVerified({ day: DAY + 29 });
  await ring.tick();
  assert.equal(ring.generations[0]!.day, DAY + 28);
});

pureTest("KeyRing whose clock is three days behind reads and is read", async () => {
  const right = await openRing(textOf(await makeGeneration(1, 1)), { own: NOON, relay: NOON });
  for (const relay of [NOON, undefined]) {
    const clocks = { own: NOON - 3 * 86_400, relay };
    const behind = await openRing(textOf(await makeGeneration(1, 1)), clocks);
    await behind.tick();
    assert.deepEqual([await isRead(behind, right), await isRead(right, behind)], [true, true]);
    assert.equal(behind.generations[0]!.day, DAY - 1);
  }
});

pureTest("KeyRing tells nobody how to read what is older than two days", async () => {
  const ring = await openRing(textOf(await makeGeneration(1, 1)), { own: NOON, relay: NOON });
  const old = await openRing(textOf(await makeGeneration(1, 1, { first: DAY - 1 })), {
    own: NOON,
    relay: NOON,
  });
  const { key } = await old.writing();
  const token = await encrypt(key, new Uint8Array(1), { now: NOON });
  const later = { own: NOON + 2 * 86_400, relay: NOON + 2 * 86_400 };
  const moved = await openRing(await ring.handover(), later);
  await moved.tick();
  const candidates = await moved.candidates(readTime(token)!);
  assert.deepEqual(candidates.map(({ day }) => day - DAY), [1]);
  await assert.rejects(decrypt(candidates.map((each) => each.key), token), InvalidTokenError);
});

/** Rings of clients of one member that share a file. */
async function shareFile(path: string, text: string, clocks: Clocks, count: number) {
  await Deno.writeTextFile(path, text, { mode: 0o600 });
  return await Promise.all(Array.from({ length: count }, async () => {
    return await openRing(text, clocks, { store: await KeyStore.at(path, noWarning) });
  }));
}

testNeeding(
  ["read", "write"],
  "KeyRings of four clients on one file come to the same",
  async () => {
    await withDirectory(async (directory) => {
      const path = `${directory}/secret.key`;
      const clocks = { own: NOON, relay: NOON };
      const rings = await shareFile(path, KEY, clocks, 4);
      // Two of them adopt two generations of one number; the others look at the file.
      const [a, b] = [await rings[0]!.begin(), await rings[1]!.begin()];
      await Promise.all([rings[0]!.adopt(a), rings[1]!.adopt(b), rings[2]!.reload()]);
      await Promise.all(rings.map((ring) => ring.reload()));
      const names = rings.map(({ generations }) => {
        return generations.map(({ number, mark }) => `${number} ${mark.toHex()}`);
      });
      for (const each of names) assert.deepEqual(each, names[0]);
      assert.equal(names[0]!.length, 3);
      assert.equal(await isRead(rings[3]!, rings[2]!), true);
      // At midnight all of them write, and each has the other's work.
      clocks.own = clocks.relay = NOON + 86_400;
      await Promise.all(rings.map((ring) => ring.tick()));
      const { generations } = await parseRoomSecret(await Deno.readTextFile(path));
      assert.deepEqual(generations.map(({ number, day }) => number && day - DAY), [0, 0, 0]);
      assert.deepEqual(generations.map(({ number }) => number), [1, 1, 0]);
      const names2 = [...Deno.readDirSync(directory)].map(({ name }) => name).sort();
      assert.deepEqual(names2, ["secret.key", "secret.key.lock"]);
    });
  },
);

testNeeding(
  ["read", "write"],
  "KeyRing does not bring back what another client erased",
  async () => {
    await withDirectory(async (directory) => {
      const path = `${directory}/secret.key`;
      const clocks = { own: NOON, relay: NOON };
      const text = textOf(await makeGeneration(1, 1), await firstGeneration({ until: NOON + 10 }));
      const [awake, asleep] = await shareFile(path, text, clocks, 2);
      clocks.own = clocks.relay = NOON + 86_400;
      await awake!.tick();
      clocks.relay = NOON;
      await asleep!.adopt(await makeGeneration(2, 2));
      const { generations } = await parseRoomSecret(await Deno.readTextFile(path));
      assert.deepEqual(generations.map(({ number, day }) => [number, day]), [[2, DAY - 1], [
        1,
        DAY,
      ]]);
    });
  },
);

testNeeding(
  ["read", "write"],
  "KeyRing looks at the file of the second form each 5 s",
  async () => {
    await withDirectory(async (directory) => {
      const path = `${directory}/secret.key`;
      const clocks = { own: NOON, relay: NOON };
      const [one, two] = await shareFile(path, textOf(await makeGeneration(1, 1)), clocks, 2);
      await two!.tick();
      await one!.adopt(await one!.begin());
      clocks.own += KEY_FILE_CHECK_MS / 1000 - 1;
      await two!.tick();
      assert.equal(two!.generations[0]!.number, 1);
      clocks.own += 1;
      await two!.tick();
      assert.equal(two!.generations[0]!.number, 2);
    });
  },
);

testNeeding(["read", "write"], "KeyRing keeps in memory what the file cannot take", async () => {
  await withDirectory(async (directory) => {
    const path = `${directory}/secret.key`;
    const { warnings, warn } = collectWarnings();
    await Deno.writeTextFile(path, KEY, { mode: 0o600 });
    const clocks = { own: NOON, relay: NOON };
    const ring = await openRing(KEY, clocks, { store: await KeyStore.at(path, warn) });
    const other = `${"A".repeat(43)}=`;
    await Deno.writeTextFile(path, other);
    const first = await ring.begin();
    assert.equal(await ring.adopt(first), false);
    await ring.noteAnnounced(first);
    assert.equal(ring.isFirstForm, false);
    assert.deepEqual(warnings, [
      `cannot save ${path}, only kept until the end: it is the key of another room`,
    ]);
    await ring.reload();
    assert.equal(await Deno.readTextFile(path), other);
    // Once the file is back, the next change brings both.
    await Deno.writeTextFile(path, KEY);
    assert.equal(await ring.adopt(await ring.begin()), true);
    const { generations } = await parseRoomSecret(await Deno.readTextFile(path));
    assert.deepEqual(generations.map(({ number }) => number), [2, 1, 0]);
  });
});

testNeeding(["read", "write"], "KeyRing keeps its value until the file can take it", async () => {
  await withDirectory(async (directory) => {
    const path = `${directory}/secret.key`;
    const text = textOf(await makeGeneration(1, 1));
    await Deno.writeTextFile(path, text, { mode: 0o600 });
    const clocks = { own: NOON, relay: NOON };
    const { warnings, warn } = collectWarnings();
    const ring = await openRing(text, clocks, { store: await KeyStore.at(path, warn) });
    const right = await openRing(text, clocks);
    await Deno.rename(path, `${path}.away`);
    const generation = await ring.begin();
    await right.adopt({ ...generation, chain: generation.chain.slice() });
    assert.equal(await ring.adopt(generation), false);
    await Promise.all([ring, right].map((each) => each.noteAnnounced(generation)));
    for (const isBack of [false, true]) {
      if (isBack) await Deno.rename(`${path}.away`, path);
      clocks.own = clocks.relay += 86_400;
      await Promise.all([ring.tick(), right.tick()]);
      assert.deepEqual([await isRead(ring, right), await isRead(right, ring)], [true, true]);
    }
    assert.equal(warnings.length, 1);
    const [onDisk] = (await parseRoomSecret(await Deno.readTextFile(path))).generations;
    const [handedOver] = (await parseRoomSecret(await right.handover())).generations;
    assert.deepEqual([onDisk.day, onDisk.chain], [DAY + 1, handedOver.chain]);
  });
});

pureTest(
  "KeyRing that two wrong clocks have spoiled is mended by what others hand over",
  async () => {
    const text = textOf(await makeGeneration(1, 1));
    const right = await openRing(text, { own: NOON, relay: NOON });
    const clocks = { own: NOON + 3650 * 86_400, relay: NOON + 3650 * 86_400 };
    const spoiled = await openRing(text, clocks);
    await spoiled.tick();
    clocks.own = clocks.relay = NOON;
    await spoiled.tick();
    assert.deepEqual([await isRead(right, spoiled), await isRead(spoiled, right)], [false, false]);
    await spoiled.adopt(await right.forNewcomer());
    assert.deepEqual([await isRead(right, spoiled), await isRead(spoiled, right)], [true, true]);
  },
);
