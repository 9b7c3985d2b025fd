import assert from "node:assert/strict";
import {
  MAX_PROXY_HEADER_BYTES,
  MAX_TEXT_HEADER_BYTES,
  readProxyHeader,
  type Source,
} from "../../../lib/relay/door/proxy_header.ts";
import { binaryHeader, ipv4Block, ipv6Block } from "../../support/proxy_headers.ts";
import { pureTest } from "../../support/pure.ts";

const encoder = new TextEncoder();
const MALFORMED = { name: "SyntaxError", message: "Cannot read PROXY header: it is malformed" };

const V4 = { hostname: "203.0.113.9", port: 50_312 };
const V6 = { hostname: "2001:db8::1", port: 65_535 };
const V6_TEXT = "2001:DB8:0:0:0:0:0:1 ::1 65535 0";

/** Whole headers, and whose connection each tells. */
const HEADERS: readonly (readonly [string | Uint8Array, Source | undefined])[] = [
  ["PROXY TCP4 203.0.113.9 192.0.2.1 50312 5050\r\n", V4],
  ["PROXY TCP4 0.0.0.0 255.255.255.255 0 65535\r\n", { hostname: "0.0.0.0", port: 0 }],
  [`PROXY TCP6 ${V6_TEXT}\r\n`, V6],
  ["PROXY TCP6 ::ffff:192.0.2.7 ::1 1 2\r\n", { hostname: "::ffff:c000:207", port: 1 }],
  ["PROXY UNKNOWN\r\n", undefined],
  ["PROXY UNKNOWN ffff:f... 1 2\r\n", undefined],
  [binaryHeader(0x21, 0x11, ipv4Block("203.0.113.9", 50_312)), V4],
  [binaryHeader(0x21, 0x11, ipv4Block("203.0.113.9", 50_312, new Uint8Array(300))), V4],
  [binaryHeader(0x21, 0x21, ipv6Block("20010db8000000000000000000000001", 65_535)), V6],
  // The proxy's own connections, such as its checks; and what is no address of TCP.
  [binaryHeader(0x20, 0x00, new Uint8Array()), undefined],
  [binaryHeader(0x20, 0x11, ipv4Block("203.0.113.9", 1)), undefined],
  [binaryHeader(0x20, 0xff, new Uint8Array(7)), undefined],
  [binaryHeader(0x21, 0x00, new Uint8Array(5)), undefined],
  [binaryHeader(0x21, 0x12, ipv4Block("203.0.113.9", 1)), undefined],
  [binaryHeader(0x21, 0x31, new Uint8Array(216)), undefined],
];

function bytesOf(header: string | Uint8Array): Uint8Array {
  return typeof header === "string" ? encoder.encode(header) : header;
}

pureTest("readProxyHeader() reads each form, wherever the bytes are cut", () => {
  for (const [header, source] of HEADERS) {
    const bytes = bytesOf(header);
    for (let cut = 0; cut < bytes.length; cut++) {
      assert.equal(readProxyHeader(bytes.subarray(0, cut)), undefined, `${cut} of ${header}`);
    }
    const more = new Uint8Array([...bytes, ...encoder.encode("!PING 1\n")]);
    for (const all of [bytes, more]) {
      assert.deepEqual(readProxyHeader(all), { bytes: bytes.length, source }, `${header}`);
    }
  }
});

pureTest("readProxyHeader() refuses every other spelling", () => {
  const texts = [
    "proxy TCP4 203.0.113.9 192.0.2.1 1 2\r\n",
    "PROXY  TCP4 203.0.113.9 192.0.2.1 1 2\r\n",
    "PROXY TCP4 203.0.113.9 192.0.2.1 1 2\n",
    "PROXY TCP4 203.0.113.9 192.0.2.1 1 2 \r\n",
    "PROXY TCP4 203.0.113.9 192.0.2.1 1\r\n",
    "PROXY TCP4 203.0.113.9 192.0.2.1 1 65536\r\n",
    "PROXY TCP4 203.0.113.9 192.0.2.1 65536 1\r\n",
    "PROXY TCP4 203.0.113.9 192.0.2.1 01 2\r\n",
    "PROXY TCP4 203.0.113.9 192.0.2.1 -1 2\r\n",
    "PROXY TCP4 203.0.113.09 192.0.2.1 1 2\r\n",
    "PROXY TCP4 203.0.113.256 192.0.2.1 1 2\r\n",
    "PROXY TCP4 203.0.113 192.0.2.1 1 2\r\n",
    "PROXY TCP4 203.0.113.9 192.0.2 1 2\r\n",
    "PROXY TCP4 ::1 ::1 1 2\r\n",
    "PROXY TCP6 203.0.113.9 192.0.2.1 1 2\r\n",
    "PROXY TCP6 ::1 ::g 1 2\r\n",
    "PROXY TCP6 ::1::1 ::1 1 2\r\n",
    "PROXY TCP6 [::1] ::1 1 2\r\n",
    "PROXY TCP6 ::1%lo ::1 1 2\r\n",
    "PROXY UDP4 203.0.113.9 192.0.2.1 1 2\r\n",
    "PROXY UNKNOWNS\r\n",
    "PROXY UNKNOWN \x07\r\n",
    "PROXY\r\n",
    "GET / HTTP/1.1\r\n\r\n",
    "!HELLO 1 EREREREREREREREREREREQ backlog=50\n",
    "\n",
    "\r\n\r\n\0\r\nQUIT\r",
  ];
  for (const text of texts) {
    assert.throws(() => readProxyHeader(encoder.encode(text)), MALFORMED, JSON.stringify(text));
  }
  const block = ipv4Block("203.0.113.9", 1);
  const binaries: [command: number, family: number, block: Uint8Array][] = [
    [0x22, 0x11, block],
    [0x11, 0x11, block],
    [0x31, 0x11, block],
    [0x21, 0x13, block],
    [0x21, 0x41, block],
    [0x21, 0x01, block],
    [0x21, 0x10, block],
    [0x21, 0x11, block.subarray(1)],
    [0x21, 0x21, new Uint8Array(35)],
    [0x21, 0x31, new Uint8Array(215)],
  ];
  for (const [command, family, addresses] of binaries) {
    const bytes = binaryHeader(command, family, addresses);
    assert.throws(() => readProxyHeader(bytes), MALFORMED, `${[command, family, addresses]}`);
  }
});

pureTest("readProxyHeader() finds out at the first byte that is wrong", () => {
  for (const [header] of HEADERS) {
    const bytes = bytesOf(header);
    for (let at = 0; at < 6; at++) {
      const wrong = bytes.slice(0, at + 1);
      wrong[at]! ^= 0x80;
      assert.throws(() => readProxyHeader(wrong), MALFORMED, `${at} of ${header}`);
    }
  }
});

pureTest("readProxyHeader() takes 107 bytes of text at most", () => {
  const text = (bytes: number) => encoder.encode("PROXY UNKNOWN ".padEnd(bytes - 2, "x") + "\r\n");
  const longest = text(MAX_TEXT_HEADER_BYTES);
  assert.deepEqual(readProxyHeader(longest), { bytes: 107, source: undefined });
  assert.throws(() => readProxyHeader(text(MAX_TEXT_HEADER_BYTES + 1)), MALFORMED);
  // Without an end it is refused as soon as it is too long.
  assert.equal(readProxyHeader(longest.subarray(0, 106)), undefined);
  assert.throws(() => readProxyHeader(new Uint8Array(107).fill(0x20)), MALFORMED);
});

pureTest("readProxyHeader() takes 4 KiB of binary at most", () => {
  const block = (bytes: number) => new Uint8Array(bytes - 16);
  const longest = binaryHeader(0x21, 0x00, block(MAX_PROXY_HEADER_BYTES));
  assert.deepEqual(readProxyHeader(longest), { bytes: 4096, source: undefined });
  const longer = binaryHeader(0x21, 0x00, block(MAX_PROXY_HEADER_BYTES + 1));
  // Its length says so before it has come.
  assert.throws(() => readProxyHeader(longer.subarray(0, 16)), MALFORMED);
});
