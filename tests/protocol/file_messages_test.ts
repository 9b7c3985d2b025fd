import fc from "fast-check";
import assert from "node:assert/strict";
import {
  type FileMessage,
  formatFileMessage,
  formatOffer,
  MAX_OFFERED_NAME_BYTES,
  parseFileMessage,
  parseOffer,
} from "../../lib/protocol/file_messages.ts";
import { pureTest } from "../support/pure.ts";

const ID = "EREREREREREREREREREREQ";
const KEY = "A".repeat(43);
const OFFER = { id: ID, name: "a.txt", size: 5, hash: KEY, agreementKey: KEY };
const MESSAGES: readonly FileMessage[] = [
  { kind: "offer", offer: OFFER },
  { kind: "take", offer: ID, transfer: ID, frame: 7, agreementKey: KEY },
  {
    ...{ kind: "pipe", transfer: ID },
    ...{ name: new Uint8Array(16).fill(0x33), key: new Uint8Array(32).fill(0x44) },
  },
  { kind: "no", transfer: ID, reason: "changed" },
  { kind: "stop", transfer: ID },
  { kind: "got", transfer: ID },
];

pureTest("parseFileMessage() reads what formatFileMessage() writes", () => {
  for (const message of MESSAGES) {
    assert.deepEqual(parseFileMessage(formatFileMessage(message)), message);
  }
});

pureTest("parseFileMessage() needs every field, in its one form", () => {
  for (const message of MESSAGES) {
    const fields = JSON.parse(formatFileMessage(message));
    for (const name of Object.keys(fields)) {
      const { [name]: _, ...rest } = fields;
      const isFree = message.kind === "no" && name === "r";
      if (!isFree) assert.equal(parseFileMessage(JSON.stringify(rest)), undefined, name);
      for (const value of [null, [], {}, true, -1, 0.5, "", "A", 2 ** 53]) {
        if (isFree || name === "n" && value === "A") continue;
        const text = JSON.stringify({ ...fields, [name]: value });
        assert.equal(parseFileMessage(text), undefined, `${name} ${value}`);
      }
    }
  }
});

pureTest("parseFileMessage() takes a reason of a later version for the most common one", () => {
  const text = JSON.stringify({ k: "no", x: ID, r: "later" });
  assert.deepEqual(parseFileMessage(text), { kind: "no", transfer: ID, reason: "gone" });
});

pureTest("parseOffer() and parseFileMessage() take any text, and throw nothing", () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
    parseOffer(text);
    parseFileMessage(text);
  }));
  for (const text of ["", "null", "1", "[]", '"a"', "{}", '{"__proto__":{"k":"stop"}}']) {
    assert.equal(parseOffer(text), undefined);
    assert.equal(parseFileMessage(text), undefined);
  }
});

pureTest("parseOffer() takes a name of 1 to 1024 bytes, and no longer one", () => {
  const named = (name: string) => parseOffer(formatOffer({ ...OFFER, name }))?.name;
  for (const name of ["../../x", "a\0b", "x".repeat(MAX_OFFERED_NAME_BYTES), "é".repeat(512)]) {
    assert.equal(named(name), name);
  }
  for (const name of ["", "x".repeat(1025), "é".repeat(513)]) assert.equal(named(name), undefined);
});
