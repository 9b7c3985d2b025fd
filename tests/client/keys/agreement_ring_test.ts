import assert from "node:assert/strict";
import { formatBase64Url } from "../../../lib/bytes/base64url.ts";
import { AgreementRing } from "../../../lib/client/keys/agreement_ring.ts";
import { agree, importAgreementKey } from "../../../lib/crypto/x25519.ts";
import { DayKeyFile } from "../../../lib/storage/day_keys.ts";
import { BOB, EVE } from "../../support/fixed_members.ts";
import { DAY } from "../../support/generations.ts";
import { testNeeding } from "../../support/needs.ts";
import { pureTest } from "../../support/pure.ts";
import { type Clocks, presentOf } from "../../support/set_clocks.ts";
import { withDirectory } from "../../support/temporary.ts";
import { noWarning } from "../../support/wordings.ts";

const NOON = DAY * 86_400 + 43_200;
const DAY_SECONDS = 86_400;

async function openRing(
  clocks: Clocks,
  path?: string,
  monotonic: () => number = () => clocks.own * 1000,
) {
  const file = await DayKeyFile.open(path, noWarning);
  const present = presentOf(clocks);
  const ring = await AgreementRing.open({ file, present, lasting: BOB.agreement, monotonic });
  return { ring, file };
}

/** Whether a ring opens what is sealed for a public key. */
async function opens(ring: AgreementRing, publicKey: string): Promise<boolean> {
  const bytes = Uint8Array.fromBase64(publicKey, { alphabet: "base64url" });
  const secret = await agree(EVE.agreement.privateKey, await importAgreementKey(bytes));
  const eve = await importAgreementKey(EVE.agreement.publicKey);
  const secrets = await Promise.all(ring.privateKeys.map((key) => agree(key, eve)));
  return secrets.some((each) => each.toHex() === secret.toHex());
}

pureTest("AgreementRing announces another key each day, and opens those of two days", async () => {
  const clocks = { own: NOON, relay: NOON };
  const { ring } = await openRing(clocks);
  const announced = [ring.current];
  for (let day = 1; day < 4; day++) {
    clocks.own = clocks.relay = NOON + day * DAY_SECONDS;
    await ring.tick();
    announced.push(ring.current);
    const opened = await Promise.all(announced.map((key) => opens(ring, key)));
    assert.deepEqual(opened, announced.map((_, i) => i >= day - 1));
  }
  assert.equal(new Set(announced).size, 4);
  // What older clients sealed for the lasting key is opened, and it is never announced.
  const lasting = formatBase64Url(BOB.agreement.publicKey);
  assert.equal(await opens(ring, lasting), true);
  assert.ok(!announced.includes(lasting));
});

pureTest("AgreementRing erases nothing by its own clock", async () => {
  const clocks: Clocks = { own: NOON, relay: NOON };
  const { ring } = await openRing(clocks);
  const key = ring.current;
  for (const own of [NOON + 3650 * DAY_SECONDS, NOON - 3 * DAY_SECONDS]) {
    clocks.own = own;
    await ring.tick();
    assert.equal(ring.current, key);
    assert.equal(await opens(ring, key), true);
  }
  clocks.own = NOON;
  await ring.tick();
  assert.equal(ring.current, key);
});

testNeeding(["read", "write"], "AgreementRing keeps its keys over a start", async () => {
  await withDirectory(async (directory) => {
    const path = `${directory}/days`;
    const clocks: Clocks = { own: NOON, relay: NOON };
    const { ring: first } = await openRing(clocks, path);
    // Before the relay's clock is known, a wrong clock makes no key.
    const late: Clocks = { own: NOON + 3650 * DAY_SECONDS, relay: undefined };
    const { ring: second } = await openRing(late, path);
    assert.equal(second.current, first.current);
    assert.equal(await opens(second, first.current), true);
  });
});

testNeeding(["read", "write"], "AgreementRing mends what a wrong clock has made", async () => {
  await withDirectory(async (directory) => {
    const path = `${directory}/days`;
    const both = NOON + 3650 * DAY_SECONDS;
    await openRing({ own: both, relay: both }, path);
    const { ring, file } = await openRing({ own: NOON, relay: NOON }, path);
    await ring.tick();
    assert.deepEqual([...file.table.keys.keys()], [DAY]);
  });
});

testNeeding(
  ["read", "write"],
  "AgreementRings go on after both clocks were ahead together, in two clients",
  async () => {
    await withDirectory(async (directory) => {
      const path = `${directory}/days`;
      const clocks = { own: NOON, relay: NOON };
      let ms = 0;
      const open = () => openRing(clocks, path, () => ms += 1000);
      const rings = [await open(), await open()];
      const day = async (days: number) => {
        clocks.own = clocks.relay = NOON + days * DAY_SECONDS;
        for (let i = 0; i < 2; i++) {
          for (const { ring } of rings) {
            await ring.refresh();
            await ring.tick();
          }
        }
        return rings.map(({ ring }) => ring.day - DAY);
      };
      assert.deepEqual(await day(5), [5, 5]);
      assert.deepEqual(await day(0), [0, 0]);
      assert.equal(rings[0]!.ring.current, rings[1]!.ring.current);
      const { ring: next } = await openRing({ own: NOON, relay: undefined }, path);
      assert.equal(next.current, rings[0]!.ring.current);
    });
  },
);

testNeeding(["read", "write"], "AgreementRings of four clients announce one key", async () => {
  await withDirectory(async (directory) => {
    const path = `${directory}/days`;
    const clocks = { own: NOON, relay: NOON };
    const rings = await Promise.all([1, 2, 3, 4].map(() => openRing(clocks, path)));
    for (let day = 0; day < 3; day++) {
      await Promise.all(rings.map(({ ring }) => ring.tick()));
      // One that has just made a key may not have read that of another which was first.
      clocks.own += 2;
      await Promise.all(rings.map(({ ring }) => ring.refresh()));
      assert.equal(new Set(rings.map(({ ring }) => ring.current)).size, 1);
      clocks.own = clocks.relay += DAY_SECONDS;
    }
  });
});

testNeeding(
  ["read", "write"],
  "AgreementRing.refresh() finds the key of another client",
  async () => {
    await withDirectory(async (directory) => {
      const path = `${directory}/days`;
      const clocks = { own: NOON, relay: NOON };
      const [{ ring: one }, { ring: two }] = [
        await openRing(clocks, path),
        await openRing(clocks, path),
      ];
      clocks.own = clocks.relay = NOON + DAY_SECONDS;
      await one.tick();
      assert.equal(await opens(two, one.current), false);
      assert.equal(await two.refresh(), true);
      assert.equal(await opens(two, one.current), true);
      // Right after that it does not look again. On the next day it does.
      assert.equal(await two.refresh(), false);
      clocks.own = clocks.relay = NOON + 2 * DAY_SECONDS;
      await one.tick();
      assert.equal(await two.refresh(), true);
    });
  },
);
