import assert from "node:assert/strict";
import fc from "fast-check";
import {
  parseAddress,
  parseAddresses,
  parseConnectPort,
  parseHostname,
  parseListenPort,
} from "../../lib/cli/address.ts";
import { formatHostPort } from "../../lib/text/host_port.ts";
import { pureTest } from "../support/pure.ts";

const LABEL_63 = "a".repeat(63);
/** 253 characters, in labels of 63. */
const NAME_253 = [LABEL_63, LABEL_63, LABEL_63, "a".repeat(61)].join(".");

function assertHostnames(texts: readonly string[]): void {
  for (const text of texts) assert.equal(parseHostname(text), text);
}

function assertNoHostnames(texts: readonly string[]): void {
  for (const text of texts) {
    assert.throws(() => parseHostname(text), {
      name: "UsageError",
      message: `Not an address: ${JSON.stringify(text)}`,
      hint: "Use an IPv4 or IPv6 address or a host name, such as 127.0.0.1.",
    });
  }
}

pureTest("parseAddress() takes an address and a port in one text", () => {
  const forms: [text: string, hostname: string, port: number][] = [
    ["127.0.0.1 5050", "127.0.0.1", 5050],
    [" 127.0.0.1:5050\n", "127.0.0.1", 5050],
    ["chat.example.org \t 1", "chat.example.org", 1],
    ["::1 5050", "::1", 5050],
    ["[::1] 5050", "::1", 5050],
    ["[fe80::1%eth0]:5050", "fe80::1%eth0", 5050],
  ];
  for (const [text, hostname, port] of forms) {
    assert.deepEqual(parseAddress(text), { hostname, port }, text);
  }
  for (const text of ["", "127.0.0.1", "5050", "::1", "::1:", "a b c", "127.0.0.1 port"]) {
    assert.throws(() => parseAddress(text), {
      name: "UsageError",
      message: `Not an address and a port: ${JSON.stringify(text)}`,
      hint: "Enter both, such as 127.0.0.1 5050.",
    });
  }
  assert.throws(() => parseAddress("1.2.3 5050"), { message: 'Not an address: "1.2.3"' });
  assert.throws(() => parseAddress("127.0.0.1 0"), { message: "Port 0 cannot be connected to" });
});

pureTest("parseHostname() takes four octets from 0 to 255, in any place", () => {
  for (let place = 0; place < 4; place++) {
    for (let octet = 0; octet <= 300; octet++) {
      const text = ["1", "2", "3", "4"].with(place, String(octet)).join(".");
      if (octet <= 255) assertHostnames([text]);
      else assertNoHostnames([text]);
    }
  }
  assertHostnames(["0.0.0.0", "127.0.0.1", "255.255.255.255"]);
});

pureTest("parseHostname() refuses what only looks like IPv4", () => {
  assertNoHostnames("1.2.3 1.2.3.4.5 127.1 2130706433 1.2.3.4. .1.2.3.4 1.2..3.4".split(" "));
  assertNoHostnames("01.2.3.4 1.2.3.04 00.0.0.0 1.2.3.-4 +1.2.3.4 1e0.2.3.4 0x7f.0.0.1".split(" "));
  assertNoHostnames("1.2.3.4/24 1.2.3.4:80 [1.2.3.4] 1,2,3,4 ١.٢.٣.٤ 1.2.3.٤".split(" "));
  assertNoHostnames([" 1.2.3.4", "1.2.3.4 ", "1.2.3.4\n", "1.2.3.4\0", "1.2. 3.4"]);
});

pureTest("parseHostname() takes IPv6 with and without brackets", () => {
  const short = ":: ::1 1:: FE80::1 ::0001 2001:db8::ff00:42:8329 fe80::1%eth0 fe80::1%1";
  const long = "1:2:3:4:5:6:7:8 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 1:2:3:4:5:6:1.2.3.4";
  const mixed = "::ffff:192.0.2.1 64:ff9b::192.0.2.33";
  for (const address of `${short} ${long} ${mixed}`.split(" ")) {
    assert.equal(parseHostname(address), address);
    assert.equal(parseHostname(`[${address}]`), address);
  }
});

pureTest("parseHostname() refuses what only looks like IPv6", () => {
  assertNoHostnames(": ::: 1::2::3 1:2:3:4:5:6:7 1:2:3:4:5:6:7:8:9 12345:: g:: %eth0".split(" "));
  assertNoHostnames("::1.2.3.256 ::01.2.3.4 ::1.2.3.4.5 1.2.3.4:: ::1.2.3".split(" "));
  assertNoHostnames(
    "[::1 ::1] [[::1]] [] [:] [::1]:80 [a] ::1/64 ::1#x ::1?x ::1\\ a@::1".split(" "),
  );
  assertNoHostnames([" ::1", "::1 ", "::1\n", "[::1]\n", "[ ::1]", "http://[::1]"]);
});

pureTest("parseHostname() takes every IPv6 address, and no cut of one in brackets", () => {
  fc.assert(fc.property(fc.ipV6(), (address) => {
    const bracketed = `[${address}]`;
    assert.equal(parseHostname(bracketed), address);
    assertNoHostnames([bracketed.slice(0, -1), bracketed.slice(1)]);
  }));
});

pureTest("parseHostname() takes host names", () => {
  assertHostnames("localhost a a-b.c-d a--b _x._tcp.a example.org example.org. xn--a".split(" "));
  assertHostnames("1a 1.a 3com.com A.Example 1.2.3.4a a.1b".split(" "));
});

pureTest("parseHostname() refuses junk for a host name", () => {
  assertNoHostnames(
    ". .. a..b .a a.. -a a- a.-b a-.b * a/b a@b a%b a,b é.fr ａ $(id) 'a'".split(" "),
  );
  assertNoHostnames("http://a localhost:80 a.1 a.1. example.123 a_b! -".split(" "));
  assertNoHostnames(["", " ", "a b", "a ", " a", "a\n", "a\0", "\x1b[2J"]);
});

pureTest("parseHostname() takes labels of 63 and names of 253 characters, and no longer", () => {
  assert.equal(NAME_253.length, 253);
  assertHostnames([LABEL_63, `${LABEL_63}.org`, `a.${LABEL_63}.`, NAME_253]);
  assertNoHostnames([`${LABEL_63}a`, `${LABEL_63}a.org`, `a.${LABEL_63}a`, `${NAME_253}a`]);
});

pureTest("parseListenPort() takes 0 and 1024 to 65535", () => {
  for (const port of [0, 1024, 1025, 5050, 65534, 65535]) {
    assert.equal(parseListenPort(String(port)), port);
  }
});

pureTest("parseListenPort() refuses the ports of the system", () => {
  for (const port of [1, 22, 80, 443, 1023]) {
    assert.throws(() => parseListenPort(String(port)), {
      name: "UsageError",
      message: `Port ${port} is reserved: ports below 1024 belong to the system`,
      hint: "Choose a port from 1024 to 65535, or 0 for any free one.",
    });
  }
});

pureTest("parseConnectPort() takes 1 to 65535", () => {
  for (const port of [1, 80, 1023, 1024, 5050, 65535]) {
    assert.equal(parseConnectPort(String(port)), port);
  }
  assert.throws(() => parseConnectPort("0"), {
    name: "UsageError",
    message: "Port 0 cannot be connected to",
    hint: "The server prints its port.",
  });
});

pureTest("parseListenPort() and parseConnectPort() refuse all but a whole number", () => {
  const junk = "65536 99999 100000 000000 -1 -0 +80 1e3 0x10 0b1 8_0 80.0 1n NaN".split(" ");
  junk.push("", " ", "5050\n", " 5050", "5050 ", "5050\0", "٥٠٥٠", "５０５０", "9".repeat(400));
  for (const text of junk) {
    for (const parse of [parseListenPort, parseConnectPort]) {
      assert.throws(() => parse(text), {
        name: "UsageError",
        message: `Not a port: ${JSON.stringify(text)}`,
        hint: "Use a whole number up to 65535.",
      });
    }
  }
});

pureTest("formatHostPort() writes what parseHostname() and a port are read from", () => {
  assert.equal(formatHostPort("127.0.0.1", 5050), "127.0.0.1:5050");
  assert.equal(formatHostPort("localhost", 1), "localhost:1");
  assert.equal(formatHostPort("fe80::1%eth0", 65535), "[fe80::1%eth0]:65535");
  const hostnames = fc.oneof(fc.ipV4(), fc.ipV6(), fc.constantFrom("localhost", "a.example"));
  fc.assert(fc.property(hostnames, fc.integer({ min: 1, max: 65535 }), (hostname, port) => {
    const text = formatHostPort(hostname, port);
    const colon = text.lastIndexOf(":");
    assert.equal(parseHostname(text.slice(0, colon)), hostname);
    assert.equal(parseConnectPort(text.slice(colon + 1)), port);
  }));
});

pureTest("parseHostname() takes no junk for a zone", () => {
  for (const text of ["::1%", "fe80::1%a b", "fe80::1%\x1b[2J", "fe80::1%eth0\n", "fe80::1%%"]) {
    assert.throws(() => parseHostname(text), {
      name: "UsageError",
      message: `Not an address: ${JSON.stringify(text)}`,
    });
  }
});

pureTest("parseAddresses() reads a list, whose members may have ports of their own", () => {
  const at = (hostname: string, port = 5050) => ({ hostname, port });
  assert.deepEqual(parseAddresses("::1", "5050"), [at("::1")]);
  assert.deepEqual(parseAddresses("[::1], b.example", "5050"), [at("::1"), at("b.example")]);
  assert.deepEqual(parseAddresses("a:1,[::1]:65535,fe80::1", "5050"), [
    at("a", 1),
    at("::1", 65535),
    at("fe80::1"),
  ]);
  const most = Array.from({ length: 16 }, (_, i) => `relay${i}`).join(",");
  assert.equal(parseAddresses(most, "5050").length, 16);
  assert.throws(() => parseAddresses(`${most},one-more`, "5050"), {
    name: "UsageError",
    message: "More than 16 addresses",
  });
});

pureTest("parseAddresses() refuses what is no address, and no port", () => {
  for (const text of ["", "a:1", ",", "a,", ",a", "a,,b", "a,b c", "a,b:", "a,b:1:2", "a,:1"]) {
    assert.throws(() => parseAddresses(text, "5050"), /Not an address: /, text);
  }
  for (const text of ["a,b:65536", "a,b:123456"]) {
    assert.throws(() => parseAddresses(text, "5050"), /Not a port: /, text);
  }
  assert.throws(() => parseAddresses("a,b:0", "5050"), /Port 0 cannot be connected to/);
  assert.throws(() => parseAddresses("a,b", "x"), /Not a port: "x"/);
});
