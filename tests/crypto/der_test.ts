import assert from "node:assert/strict";
import {
  bitString,
  booleanTrue,
  element,
  explicit,
  formatPem,
  implicitText,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  setOf,
  utcTime,
} from "../../lib/crypto/der.ts";
import { pureTest } from "../support/pure.ts";

pureTest("element() writes lengths of one byte and of more", () => {
  const heads: [number, string][] = [
    [0, "0400"],
    [1, "0401"],
    [127, "047f"],
    [128, "048180"],
    [255, "0481ff"],
    [256, "04820100"],
    [65_535, "0482ffff"],
    [65_536, "0483010000"],
  ];
  for (const [length, head] of heads) {
    const written = element(4, new Uint8Array(length));
    assert.equal(written.subarray(0, head.length / 2).toHex(), head);
    assert.equal(written.length, head.length / 2 + length);
  }
});

pureTest("each kind of element has its own form", () => {
  const bytes = Uint8Array.of(1, 2);
  assert.equal(sequence(integer(1), booleanTrue()).toHex(), "30060201010101ff");
  assert.equal(sequence().toHex(), "3000");
  assert.equal(setOf(integer(0)).toHex(), "3103020100");
  assert.equal(bitString(bytes).toHex(), "0303000102");
  assert.equal(bitString(Uint8Array.of(0x80), 7).toHex(), "03020780");
  assert.equal(octetString(bytes).toHex(), "04020102");
  assert.equal(explicit(3, integer(2)).toHex(), "a303020102");
  assert.equal(implicitText(2, "a").toHex(), "820161");
  assert.equal(utcTime("700101000000Z").toHex(), "170d3730303130313030303030305a");
});

pureTest("objectIdentifier() writes numbers of one byte and of more", () => {
  assert.equal(objectIdentifier("1.3.101.112").toHex(), "06032b6570");
  assert.equal(objectIdentifier("2.5.29.17").toHex(), "0603551d11");
  // Numbers from 128 and from 16,384 on take two bytes and three.
  assert.equal(objectIdentifier("1.2.840.113549").toHex(), "06062a864886f70d");
  assert.equal(objectIdentifier("1.3.127.128").toHex(), "06042b7f8100");
});

pureTest("formatPem() writes lines of 64 characters", () => {
  const lines = formatPem("X", new Uint8Array(50)).split("\n");
  assert.deepEqual(lines, [
    "-----BEGIN X-----",
    "A".repeat(64),
    "AAA=",
    "-----END X-----",
    "",
  ]);
});
