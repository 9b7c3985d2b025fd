import fc from "fast-check";
import assert from "node:assert/strict";
import { formatBase64Url } from "../../lib/bytes/base64url.ts";
import {
  type ClientControl,
  formatControl,
  parseClientControl,
  parseRelayControl,
  type RelayControl,
} from "../../lib/protocol/control.ts";
import { encode } from "../support/fixed_members.ts";
import { pureTest } from "../support/pure.ts";

const CLIENT_NONCE = new Uint8Array(16).fill(0x11);
const SERVER_NONCE = new Uint8Array(32).fill(0x22);
const SIGNATURE = new Uint8Array(64).fill(0x33);

/** One byte is the only message that is none when it is cut. */
const SLOT_MESSAGES: [ClientControl & RelayControl, string][] = [
  [{ verb: "MEET", slot: "acorn", message: SIGNATURE.subarray(63) }, "!MEET acorn Mw"],
  [{ verb: "PASS", slot: "z", message: SIGNATURE.subarray(63) }, "!PASS z Mw"],
  [{ verb: "PARTED", slot: "acorn" }, "!PARTED acorn"],
];

const CLIENT: [ClientControl, string][] = [
  [
    { verb: "HELLO", nonce: CLIENT_NONCE, backlog: 50 },
    `!HELLO 1 ${formatBase64Url(CLIENT_NONCE)} backlog=50`,
  ],
  [{ verb: "AUTH", signature: SIGNATURE }, `!AUTH ${formatBase64Url(SIGNATURE)}`],
  [{ verb: "PIPE", name: CLIENT_NONCE }, `!PIPE ${formatBase64Url(CLIENT_NONCE)}`],
  [{ verb: "PING", n: 7 }, "!PING 7"],
  [{ verb: "PONG", n: 0 }, "!PONG 0"],
  [{ verb: "FLEETING" }, "!FLEETING"],
  [{ verb: "BYE" }, "!BYE"],
  [{ verb: "SLOT", slot: "acorn" }, "!SLOT acorn"],
  ...SLOT_MESSAGES,
];
const RELAY: [RelayControl, string][] = [
  [
    { verb: "CHAL", nonce: SERVER_NONCE, mode: "open" },
    `!CHAL 1 ${formatBase64Url(SERVER_NONCE)} open`,
  ],
  [
    { verb: "CHAL", nonce: SERVER_NONCE, mode: "members" },
    `!CHAL 1 ${formatBase64Url(SERVER_NONCE)} members`,
  ],
  [
    { verb: "WELCOME", cid: 7, time: 1785571200, maxBytes: 65536, peers: 3 },
    "!WELCOME 1 cid=7 t=1785571200 max=65536 peers=3",
  ],
  [{ verb: "BACKLOG", count: 12 }, "!BACKLOG 12"],
  [{ verb: "LIVE" }, "!LIVE"],
  [{ verb: "PIPED" }, "!PIPED"],
  [{ verb: "PING", n: 7 }, "!PING 7"],
  [{ verb: "PONG", n: 999_999_999_999_999 }, "!PONG 999999999999999"],
  [{ verb: "JOINED", cid: 8 }, "!JOINED 8"],
  [{ verb: "GONE", cid: 7 }, "!GONE 7"],
  [{ verb: "ERR", error: { code: 503, reason: "full" } }, "!ERR 503 full"],
  [{ verb: "SLOT", slot: "acorn", answer: 600 }, "!SLOT acorn 600"],
  [{ verb: "SLOT", slot: "acorn", answer: "taken" }, "!SLOT acorn taken"],
  [{ verb: "SLOT", slot: "a", answer: "full" }, "!SLOT a full"],
  [{ verb: "SLOT", slot: "acorn", answer: "off" }, "!SLOT acorn off"],
  ...SLOT_MESSAGES,
];
/** Verbs that both sides say. */
const SHARED = ["PING", "PONG", "MEET", "PASS", "PARTED"];
const SIDES = [
  { lines: CLIENT, parse: parseClientControl },
  { lines: RELAY, parse: parseRelayControl },
];

function written(control: ClientControl | RelayControl): string {
  return new TextDecoder().decode(formatControl(control));
}

pureTest("formatControl() writes each verb, and its reader reads it", () => {
  for (const { lines, parse } of SIDES) {
    for (const [control, line] of lines) {
      assert.equal(written(control), `${line}\n`);
      assert.deepEqual(parse(encode(line)), control);
    }
  }
});

pureTest("formatControl() writes any numbers and bytes that can be read again", () => {
  const number = fc.integer({ min: 0, max: 999_999_999_999_999 });
  const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
  fc.assert(fc.property(bytes(16), bytes(32), bytes(64), number, number, (c, s, a, n, m) => {
    const client: ClientControl[] = [
      { verb: "HELLO", nonce: c, backlog: n },
      { verb: "AUTH", signature: a },
      { verb: "PONG", n },
      { verb: "PASS", slot: "acorn", message: s.subarray(n % 32) },
    ];
    const relay: RelayControl[] = [
      { verb: "CHAL", nonce: s, mode: "members" },
      { verb: "WELCOME", cid: n, time: m, maxBytes: n, peers: m },
      { verb: "BACKLOG", count: n },
    ];
    for (const each of client) {
      assert.deepEqual(parseClientControl(formatControl(each).slice(0, -1)), each);
    }
    for (const each of relay) {
      assert.deepEqual(parseRelayControl(formatControl(each).slice(0, -1)), each);
    }
  }));
});

pureTest("a reader takes of a line that was cut only what would be written so", () => {
  for (const { lines, parse } of SIDES) {
    for (const [, line] of lines) {
      let taken = 0;
      for (let end = 0; end < line.length; end++) {
        const start = line.slice(0, end);
        const control = parse(encode(start));
        if (control) assert.equal(written(control), `${start}\n`);
        if (control) taken++;
        assert.equal(parse(encode(line.slice(end + 1))), undefined, line.slice(end + 1));
      }
      // Digits of a last number, and letters of a reason or a slot, may be missing: nobody can tell.
      const [last = ""] = /(?:\d+|(?<=503 )full|acorn)$/.exec(line) ?? [];
      assert.equal(taken, Math.max(0, last.length - 1), line);
    }
  }
});

pureTest("neither side takes what only the other may say", () => {
  for (const [control, line] of CLIENT) {
    if (SHARED.includes(control.verb)) continue;
    assert.equal(parseRelayControl(encode(line)), undefined, line);
  }
  for (const [control, line] of RELAY) {
    if (SHARED.includes(control.verb)) continue;
    assert.equal(parseClientControl(encode(line)), undefined, line);
  }
});

pureTest("a reader takes a line with any one byte changed for another one, or none", () => {
  for (const { lines, parse } of SIDES) {
    for (const [control, line] of lines) {
      const bytes = encode(line);
      for (let place = 0; place < bytes.length; place++) {
        for (const byte of [0, 0x0a, 0x0d, 0x20, 0x21, 0x2d, 0x30, 0x3d, 0x41, 0x7f, 0x80, 0xff]) {
          if (bytes[place] === byte) continue;
          const altered = parse(bytes.with(place, byte));
          assert.notDeepEqual(altered, control);
          if (altered) assert.equal(written(altered).length, line.length + 1);
        }
      }
    }
  }
});
