import assert from "node:assert/strict";
import { formatBase64Url, parseBase64Url } from "../lib/bytes/base64url.ts";
import { LineSplitter } from "../lib/bytes/lines.ts";
import { encrypt } from "../lib/fernet.ts";
import { formatAdmission, parseAdmission } from "../lib/protocol/admission.ts";
import { formatControl, parseClientControl, parseRelayControl } from "../lib/protocol/control.ts";
import { parseEnvelope, sealEnvelope } from "../lib/protocol/envelope.ts";
import { formatHeader, type Header, parseHeader } from "../lib/protocol/header.ts";
import {
  MAX_CONTROL_BYTES,
  MAX_KIND_CHARS,
  MAX_TEXT_BYTES,
  MIN_TOKEN_CHARS,
} from "../lib/protocol/limits.ts";
import { parseNickname } from "../lib/protocol/nickname.ts";
import { MAX_PROXY_HEADER_BYTES, readProxyHeader } from "../lib/relay/door/proxy_header.ts";
import { classifyLine } from "../lib/protocol/wire.ts";
import { ALICE, BOB, encode, fieldsOf, KEY, ROOM } from "./support/fixed_members.ts";
import { binaryHeader, ipv4Block, ipv6Block } from "./support/proxy_headers.ts";
import { fuzz, type Mutator } from "./support/fuzz.ts";

const HASH = new Uint8Array(32).fill(1);
const HEADERS = [
  fieldsOf(),
  fieldsOf({ kind: "join", agreementKey: BOB.id, cid: 7, text: undefined }),
  fieldsOf({ kind: "dm", agreementKey: BOB.id, recipient: BOB.id }),
  fieldsOf({ text: undefined, bodyLength: 3, bodyHash: HASH }),
  fieldsOf({ kind: "here", agreementKey: BOB.id, keyDay: 20_666, text: undefined }),
  fieldsOf({ kind: "knock", agreementKey: BOB.id, recipient: BOB.id, text: BOB.id }),
].map(formatHeader);
const SIGNER = { privateKey: ALICE.signing.privateKey, roomId: ROOM.roomId };
const PLAINTEXTS = await Promise.all(
  [fieldsOf(), fieldsOf({ text: '"'.repeat(500) }), fieldsOf({ text: "é\0" })]
    .map((fields) => sealEnvelope(fields, SIGNER)).concat(
      sealEnvelope(fieldsOf({ kind: "rekey" }), SIGNER, new Uint8Array(56).fill(7)),
    ),
);
const TOKENS = (await Promise.all([1, 17, 33].map((n) => encrypt(KEY, new Uint8Array(n))))).map(
  encode,
);
const SLOT_CONTROLS = [
  formatControl({ verb: "SLOT", slot: "acorn" }),
  formatControl({ verb: "SLOT", slot: "acorn", answer: 600 }),
  formatControl({ verb: "SLOT", slot: "acorn", answer: "taken" }),
  formatControl({ verb: "MEET", slot: "acorn", message: HASH }),
  formatControl({ verb: "PASS", slot: "acorn", message: new Uint8Array(176).fill(7) }),
  formatControl({ verb: "PARTED", slot: "acorn" }),
];
const CONTROLS = [
  formatControl({ verb: "HELLO", nonce: HASH.subarray(16), backlog: 50 }),
  formatControl({ verb: "CHAL", nonce: HASH, mode: "open" }),
  formatControl({ verb: "AUTH", signature: new Uint8Array(64).fill(7) }),
  formatControl({ verb: "WELCOME", cid: 7, time: 1785571200, maxBytes: 65_536, peers: 3 }),
  formatControl({ verb: "BACKLOG", count: 12 }),
  formatControl({ verb: "LIVE" }),
  formatControl({ verb: "PING", n: 8 }),
  formatControl({ verb: "GONE", cid: 8 }),
  formatControl({ verb: "ERR", error: { code: 503, reason: "full" } }),
  formatControl({ verb: "BYE" }),
  formatControl({ verb: "FLEETING" }),
  ...SLOT_CONTROLS,
].map((line) => line.slice(0, -1));
const ADMISSION = encode(formatAdmission({ roomId: ROOM.roomId, publicKey: HASH }));
const latin1 = new TextDecoder("latin1");

/** A third of the inputs are random bytes, the others mutations of valid ones. */
function inputOf(mutator: Mutator, valid: readonly Uint8Array[], maxLength = 700): Uint8Array {
  return mutator.below(3) === 0 ? mutator.bytes(maxLength) : mutator.mutate(valid);
}

function checkHeader(header: Header): void {
  assert.equal(parseBase64Url(header.id, 32)?.length, 32);
  assert.equal(parseBase64Url(header.epoch, 8)?.length, 8);
  assert.equal(parseNickname(header.nickname), header.nickname);
  assert.ok(header.kind.length <= MAX_KIND_CHARS);
  assert.ok(Number.isSafeInteger(header.sequence + 1) && header.sequence >= 0);
  assert.ok(Number.isSafeInteger(header.time) && header.time >= 0);
  assert.ok(encode(header.text ?? "").length <= MAX_TEXT_BYTES);
  for (const key of [header.agreementKey, header.recipient]) {
    if (key !== undefined) assert.ok(parseBase64Url(key, 32));
  }
  assert.equal(header.bodyHash?.length, header.bodyLength === undefined ? undefined : 32);
}

fuzz({
  name: "classifyLine() takes any bytes",
  make: (mutator) => inputOf(mutator, [...TOKENS, ...CONTROLS, ...PLAINTEXTS]),
  take(bytes, mutator) {
    const start = mutator.below(4) === 0 ? mutator.below(bytes.length + 1) : 0;
    const kind = classifyLine(bytes, start, bytes.length);
    const line = latin1.decode(bytes.subarray(start));
    if (kind === "token") {
      assert.match(line, /^gAAAAA[A-Za-z0-9_-]+={0,2}$/);
      assert.ok(line.length >= MIN_TOKEN_CHARS && line.length % 4 === 0);
    } else if (kind === "control") {
      assert.match(line, /^![ -~]*$/);
      assert.ok(line.length <= MAX_CONTROL_BYTES);
    } else assert.equal(kind, "noise");
    return kind !== "noise";
  },
});

const MAX_FUZZED_LINE = 64;
const split = { given: 0, gotten: 0, tooLong: 0 };
const splitter = new LineSplitter(MAX_FUZZED_LINE, () => void split.tooLong++);

fuzz({
  name: "LineSplitter takes any bytes, cut anywhere, within its bound",
  make: (mutator) => inputOf(mutator, [...CONTROLS, encode("\r\n\n"), encode("x".repeat(66))], 100),
  take(bytes) {
    split.given += bytes.length;
    const lines = splitter.push(bytes);
    for (const line of lines) {
      assert.ok(line.length <= MAX_FUZZED_LINE && !line.includes(0x0a));
      split.gotten += line.length + 1;
    }
    assert.ok(split.gotten <= split.given);
    assert.ok(split.tooLong <= split.given / MAX_FUZZED_LINE);
    return lines.length > 0;
  },
});

fuzz({
  name: "parseClientControl() and parseRelayControl() take any bytes",
  make: (mutator) => inputOf(mutator, CONTROLS),
  take(bytes) {
    const controls = [parseClientControl(bytes), parseRelayControl(bytes)]
      .filter((control) => control !== undefined);
    for (const control of controls) {
      // What is taken is what would be written: one spelling of each.
      const written = formatControl(control);
      assert.equal(latin1.decode(written), `${latin1.decode(bytes)}\n`);
      for (const value of Object.values(control)) {
        if (typeof value === "number") assert.ok(Number.isSafeInteger(value) && value >= 0);
      }
    }
    return controls.length > 0;
  },
});

fuzz({
  name: "the lines of slots take any bytes",
  cases: 100_000,
  make: (mutator) => inputOf(mutator, SLOT_CONTROLS.map((line) => line.subarray(0, -1))),
  take(bytes) {
    const controls = [parseClientControl(bytes), parseRelayControl(bytes)]
      .filter((control) => control !== undefined && "slot" in control);
    for (const control of controls) {
      assert.equal(latin1.decode(formatControl(control)), `${latin1.decode(bytes)}\n`);
      assert.match(control.slot, /^[a-z]{1,16}$/);
      if ("message" in control) assert.ok(control.message.length > 0);
    }
    return controls.length > 0;
  },
});

const PROXY_HEADERS = [
  encode("PROXY TCP4 203.0.113.9 192.0.2.1 50312 5050\r\n"),
  encode("PROXY TCP6 2001:db8::1 ::1 65535 0\r\n"),
  encode("PROXY UNKNOWN\r\n"),
  binaryHeader(0x21, 0x11, ipv4Block("203.0.113.9", 50_312)),
  binaryHeader(0x21, 0x21, ipv6Block("20010db8".padEnd(32, "0"), 9)),
  binaryHeader(0x20, 0x00, new Uint8Array(3)),
];

fuzz({
  name: "readProxyHeader() takes any bytes, and decides by what it has read",
  make: (mutator) => inputOf(mutator, PROXY_HEADERS, 200),
  take(bytes) {
    let header;
    try {
      header = readProxyHeader(bytes);
    } catch (error) {
      assert.ok(error instanceof SyntaxError);
      return false;
    }
    if (!header) {
      assert.ok(bytes.length < MAX_PROXY_HEADER_BYTES);
      return false;
    }
    assert.ok(header.bytes <= bytes.length);
    assert.deepEqual(readProxyHeader(bytes.subarray(0, header.bytes)), header);
    assert.equal(readProxyHeader(bytes.subarray(0, header.bytes - 1)), undefined);
    if (header.source) {
      const { hostname, port } = header.source;
      assert.ok(port >= 0 && port <= 65_535);
      const host = hostname.includes(":") ? `[${hostname}]` : hostname;
      assert.equal(new URL(`http://${host}/`).hostname, host);
    }
    return true;
  },
});

fuzz({
  name: "parseHeader() takes any bytes",
  make: (mutator) => inputOf(mutator, HEADERS),
  take(bytes) {
    const header = parseHeader(bytes);
    if (header) checkHeader(header);
    return header !== undefined;
  },
});

fuzz({
  name: "parseEnvelope() takes any bytes",
  make(mutator) {
    const bytes = inputOf(mutator, PLAINTEXTS);
    if (mutator.below(2) === 0 && bytes.length > 0) bytes[0] = 0x1e;
    return bytes;
  },
  take(bytes) {
    const envelope = parseEnvelope(bytes);
    if (envelope.kind === "signed") {
      checkHeader(envelope.header);
      assert.equal(envelope.signature.length, 64);
      assert.equal(envelope.body.length, envelope.header.bodyLength ?? 0);
      assert.ok(envelope.headerBytes.length + 64 + envelope.body.length < bytes.length);
    } else if (envelope.kind === "plain") {
      assert.notEqual(bytes[0], 0x1e);
      assert.ok(envelope.text.length <= bytes.length);
    } else assert.deepEqual(envelope, { kind: "malformed" });
    return envelope.kind === "signed";
  },
});

fuzz({
  name: "parseAdmission() takes any text",
  make: (mutator) => latin1.decode(inputOf(mutator, [ADMISSION], 120)),
  take(text) {
    try {
      assert.equal(formatAdmission(parseAdmission(text)), text);
      return true;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      const message = "Cannot parse admission: not admission1.<room id>.<public key>";
      assert.equal(error.message, message);
      return false;
    }
  },
});

const BYTES = [16, 32].map((length) => encode(formatBase64Url(HASH.subarray(0, length))));

fuzz({
  name: "parseBase64Url() takes any text",
  make: (mutator) => latin1.decode(inputOf(mutator, BYTES, 100)),
  take(text, mutator) {
    const likely = Math.floor(text.length * 3 / 4);
    const length = mutator.pick([likely, likely, likely + 1, mutator.below(80)]);
    const bytes = parseBase64Url(text, length);
    if (bytes) assert.deepEqual([bytes.length, formatBase64Url(bytes)], [length, text]);
    return bytes !== undefined;
  },
});
