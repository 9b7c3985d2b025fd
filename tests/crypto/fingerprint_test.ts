import fc from "fast-check";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { formatFingerprint, formatSafetyNumber } from "../../lib/crypto/fingerprint.ts";
import { ALICE, ROOM } from "../support/fixed_members.ts";
import { pureTest } from "../support/pure.ts";

/** The rule of docs/PROTOCOL.md, written a second time. */
function expected(name: string, bytes: Uint8Array, groups: number): string {
  const digest = createHash("sha512").update(name).update("\0").update(bytes).digest("hex");
  const numbers = Array.from({ length: groups }, (_, i) => {
    return String(BigInt(`0x${digest.slice(10 * i, 10 * i + 10)}`) % 100_000n).padStart(5, "0");
  });
  return numbers.join(" ");
}

pureTest("formatFingerprint() keeps the rule of the protocol", async () => {
  const names = fc.constantFrom("a", "encrypted-chatroom/v1 fingerprint");
  const groups = fc.integer({ min: 1, max: 12 });
  const bytes = fc.uint8Array({ maxLength: 64 });
  await fc.assert(fc.asyncProperty(names, bytes, groups, async (name, bytes, groups) => {
    const before = bytes.slice();
    const text = await formatFingerprint(name, bytes, groups);
    assert.equal(text, expected(name, bytes, groups));
    assert.equal(text.length, 6 * groups - 1);
    assert.deepEqual(bytes, before);
  }));
});

pureTest("formatFingerprint() makes 1 to 12 groups", async () => {
  for (const groups of [0, -1, 13, NaN]) {
    await assert.rejects(formatFingerprint("a", new Uint8Array(), groups), {
      name: "RangeError",
      message: `Cannot format fingerprint: ${groups} groups instead of 1 to 12`,
    });
  }
});

pureTest("formatSafetyNumber() makes six groups of a member's key", async () => {
  const number = await formatSafetyNumber(ALICE.signing.publicKey);
  assert.match(number, /^(?:\d{5} ){5}\d{5}$/);
  const name = "encrypted-chatroom/v1 fingerprint";
  assert.equal(number, expected(name, ALICE.signing.publicKey, 6));
});

pureTest("a room's fingerprint has four groups", () => {
  const raw = Uint8Array.fromBase64("cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=", {
    alphabet: "base64url",
  });
  assert.match(ROOM.fingerprint, /^(?:\d{5} ){3}\d{5}$/);
  assert.equal(ROOM.fingerprint, expected("encrypted-chatroom/v1 key-fingerprint", raw, 4));
});
