import assert from "node:assert/strict";
import { hkdfSync } from "node:crypto";
import {
  advanceChain,
  dayOf,
  deriveDayKey,
  deriveLobbyKey,
  markChain,
} from "../../lib/crypto/key_chain.ts";
import { pureTest } from "../support/pure.ts";

const CHAIN = new Uint8Array(32).fill(0x11);

/** HKDF-SHA256 by another implementation. */
function derive(secret: Uint8Array, info: string): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", secret, "", info, 32));
}

pureTest("advanceChain() derives each day from the one before", async () => {
  const next = derive(CHAIN, "encrypted-chatroom/v2 next day");
  assert.deepEqual(await advanceChain(CHAIN, 1), next);
  assert.deepEqual(await advanceChain(CHAIN, 2), derive(next, "encrypted-chatroom/v2 next day"));
  assert.deepEqual(CHAIN, new Uint8Array(32).fill(0x11));
});

pureTest("advanceChain() gives a copy for the same day", async () => {
  const same = await advanceChain(CHAIN, 0);
  assert.deepEqual(same, CHAIN);
  same.fill(0);
  assert.equal(CHAIN[0], 0x11);
});

pureTest(
  "deriveDayKey(), deriveLobbyKey() and markChain() are what the protocol says",
  async () => {
    assert.deepEqual(await deriveDayKey(CHAIN), derive(CHAIN, "encrypted-chatroom/v2 fernet"));
    assert.deepEqual(await deriveLobbyKey(CHAIN), derive(CHAIN, "encrypted-chatroom/v2 lobby"));
    const mark = "02d449a31fbb267c8f352e9968a79e3e5fc95c1bbeaa502fd6454ebde5a4bedc";
    assert.equal((await markChain(CHAIN)).toHex(), mark);
  },
);

pureTest("dayOf() begins a day at midnight, UTC", () => {
  assert.deepEqual([0, 86_399, 86_400, 1_785_571_200].map(dayOf), [0, 0, 1, 20_666]);
});
