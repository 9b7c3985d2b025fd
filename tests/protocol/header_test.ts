import fc from "fast-check";
import assert from "node:assert/strict";
import { formatHeader, type HeaderFields, parseHeader } from "../../lib/protocol/header.ts";
import { MAX_PLAINTEXT_BYTES, MAX_TEXT_BYTES } from "../../lib/protocol/limits.ts";
import { formatHead, formatWindow, parseSeen } from "../../lib/storage/seen_format.ts";
import { anyCharacter, textOf } from "../support/arbitrary_text.ts";
import { ALICE, BOB, decode, encode, EPOCH, fieldsOf, TIME } from "../support/fixed_members.ts";
import { pureTest } from "../support/pure.ts";

const HASH = "A".repeat(43);
/** All fields, by their names in JSON. */
const WHOLE = {
  ...{ v: 1, k: "chat", id: ALICE.id, n: "alice", e: EPOCH, q: 0, t: TIME, b: "hello" },
  ...{ x: BOB.id, f: 2, h: 600, cid: 7, to: BOB.id, c: BOB.id, bl: 3, bh: HASH, o: "{}" },
};
const REQUIRED = ["v", "k", "id", "n", "e", "q", "t"];
const NOT_STRINGS = [null, true, 0, 1, [], ["a"], {}, [ALICE.id]];
const NOT_COUNTS = [null, true, "0", "", [], [0], {}, -1, 0.5, 2 ** 53, 1e300, -(2 ** 53)];
/** Not 32 bytes in canonical base64url. */
const NOT_KEYS = [
  ...NOT_STRINGS,
  ...["", "A", "A".repeat(42), "A".repeat(44), `${"A".repeat(42)}B`, `${"A".repeat(43)}=`],
  ...["+".repeat(43), " ".repeat(43), `${"A".repeat(42)}\n`, `${"A".repeat(42)}é`],
];

function parse(json: unknown) {
  return parseHeader(encode(JSON.stringify(json)));
}

pureTest("formatHeader() writes the J of the protocol's example", () => {
  assert.equal(
    decode(formatHeader(fieldsOf())),
    '{"v":1,"k":"chat","id":"F8t5-ytBIPKx7GXkGY1uCLKOgT_rAeSkAIObheGAgM4","n":"alice",' +
      '"e":"AZ-8VkwAAAE","q":0,"t":1785571200,"b":"hello"}',
  );
});

pureTest("parseHeader() reads what formatHeader() writes", () => {
  const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
  const kinds = ["chat", "act", "join", "leave", "nick", "here", "dm", "again", "file"] as const;
  const fields = fc.record({
    kind: fc.constantFrom(...kinds),
    nickname: fc.constantFrom("a", "é", "Zoë", "😀", "x".repeat(32), "名前"),
    sequence: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER - 1 }),
    time: fc.maxSafeNat(),
    text: optional(textOf(anyCharacter, 50).map((text) => text.toWellFormed())),
    agreementKey: optional(fc.constant(BOB.id)),
    fleetingBefore: optional(fc.maxSafeNat()),
    silenceSeconds: optional(fc.maxSafeNat()),
    cid: optional(fc.maxSafeNat()),
    recipient: optional(fc.constant(BOB.id)),
    copyOf: optional(fc.constant(BOB.id)),
    keyDay: optional(fc.nat()),
    forOthers: optional(textOf(anyCharacter, 50).map((text) => text.toWellFormed())),
    offer: optional(textOf(anyCharacter, 50).map((text) => text.toWellFormed())),
  });
  const hash = { bodyLength: 3, bodyHash: new Uint8Array(32).fill(1) };
  fc.assert(fc.property(fields, fc.boolean(), (some, hasBody) => {
    const header: HeaderFields = { ...fieldsOf(), ...some, ...hasBody ? hash : {} };
    const bytes = formatHeader(header);
    assert.ok(!bytes.includes(0x0a), "one line");
    const { bodyHash, ...rest } = header;
    const all = { bodyLength: undefined, ...rest };
    assert.deepEqual(parseHeader(bytes), bodyHash ? { ...all, bodyHash } : all);
  }));
});

pureTest("formatHeader() writes U+FFFD for a lone surrogate", () => {
  const text = parseHeader(formatHeader(fieldsOf({ text: "a\ud800b" })))?.text;
  assert.equal(text, "a\ufffdb");
});

pureTest("parseHeader() needs every field that each message has", () => {
  assert.ok(parse(WHOLE));
  for (const name of REQUIRED) {
    const { [name as "v"]: _, ...rest } = WHOLE;
    assert.equal(parse(rest), undefined, name);
    for (const value of [null, "", {}, [], true, -1]) {
      assert.equal(parse({ ...WHOLE, [name]: value }), undefined, `${name} ${value}`);
    }
  }
});

pureTest("parseHeader() takes version 1 alone", () => {
  for (const v of [0, 2, 1.5, "1", true, [1], null]) {
    assert.equal(parse({ ...WHOLE, v }), undefined, String(v));
  }
});

pureTest("parseHeader() takes a kind that it does not know, of 1 to 16 small letters", () => {
  for (const k of ["x", "later", "x".repeat(16)]) assert.equal(parse({ ...WHOLE, k })?.kind, k);
  for (const k of ["x".repeat(17), "", "Chat", "chat2", "a b", "é", "chat\n", ...NOT_STRINGS]) {
    assert.equal(parse({ ...WHOLE, k }), undefined, String(k));
  }
});

pureTest("parseHeader() takes keys of 32 bytes, in their one spelling", () => {
  for (const name of ["id", "x", "to", "bh"]) {
    for (const value of NOT_KEYS) {
      assert.equal(parse({ ...WHOLE, [name]: value }), undefined, `${name} ${value}`);
    }
  }
});

pureTest("parseHeader() takes an epoch of 8 bytes", () => {
  const bad = [
    "",
    "A",
    "A".repeat(10),
    "A".repeat(12),
    "AZ-8VkwAAAF",
    "AZ-8VkwAAAE=",
    "AZ+8VkwAAAE",
  ];
  for (const e of [...bad, ...NOT_STRINGS]) {
    assert.equal(parse({ ...WHOLE, e }), undefined, String(e));
  }
});

pureTest("parseHeader() takes numbers from 0 to 2^53 - 1", () => {
  for (const name of ["q", "t", "f", "h", "cid"]) {
    assert.ok(parse({ ...WHOLE, [name]: 0 }));
    const max = Number.MAX_SAFE_INTEGER - (name === "q" ? 1 : 0);
    assert.ok(parse({ ...WHOLE, [name]: max }));
    for (const value of NOT_COUNTS) {
      assert.equal(parse({ ...WHOLE, [name]: value }), undefined, `${name} ${value}`);
    }
  }
});

pureTest("parseHeader() takes no sequence number without an exact one after it", () => {
  // Such a window could not be saved, nor any other with it.
  assert.equal(parse({ ...WHOLE, q: Number.MAX_SAFE_INTEGER }), undefined);
  const { sequence } = parse({ ...WHOLE, q: Number.MAX_SAFE_INTEGER - 1 })!;
  const window = { id: ALICE.id, epoch: EPOCH, next: sequence + 1, missing: [], seenAt: TIME };
  const { windows } = parseSeen(formatHead(0, 0) + formatWindow(window));
  assert.deepEqual([...windows.values()], [window]);
});

pureTest("parseHeader() takes nicknames that parseNickname() takes, as they are", () => {
  assert.equal(parse({ ...WHOLE, n: "x".repeat(32) })?.nickname.length, 32);
  const bad = ["x".repeat(33), "é".repeat(17), "a b", "<a>", "a\n", "\x1b[2J", "\ud800", "\u202ea"];
  // Not in NFC: another spelling of a name that could be taken.
  bad.push("Zoe\u0308", "\u2126", "a\u200b");
  for (const n of [...bad, ...NOT_STRINGS]) {
    assert.equal(parse({ ...WHOLE, n }), undefined, JSON.stringify(n));
  }
});

pureTest("parseHeader() takes texts of 40,000 bytes, and no longer ones", () => {
  for (const text of ["x".repeat(MAX_TEXT_BYTES), "é".repeat(MAX_TEXT_BYTES / 2)]) {
    assert.equal(parse({ ...WHOLE, b: text })?.text, text);
    assert.equal(parse({ ...WHOLE, b: `${text}x` }), undefined);
  }
  assert.equal(parse({ ...WHOLE, b: "" })?.text, "");
  for (const b of NOT_STRINGS) assert.equal(parse({ ...WHOLE, b }), undefined, String(b));
});

pureTest("parseHeader() takes a body's length and hash together or not at all", () => {
  const { bl, bh, ...rest } = WHOLE;
  assert.ok(parse(rest));
  assert.equal(parse({ ...rest, bl }), undefined);
  assert.equal(parse({ ...rest, bh }), undefined);
  assert.equal(parse({ ...rest, bl: MAX_PLAINTEXT_BYTES, bh })?.bodyLength, MAX_PLAINTEXT_BYTES);
  for (const bl of [MAX_PLAINTEXT_BYTES + 1, ...NOT_COUNTS]) {
    assert.equal(parse({ ...rest, bl, bh }), undefined, String(bl));
  }
});
