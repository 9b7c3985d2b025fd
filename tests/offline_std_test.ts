import assert from "node:assert/strict";
import { decodeBase64Url, encodeBase64Url } from "@std/encoding/base64url";
import { encodeHex } from "@std/encoding/hex";
import { format } from "@std/fmt/bytes";
import { bold, cyan, getColorEnabled, red, setColorEnabled } from "@std/fmt/colors";
import fc from "fast-check";

// The expected values are those of the packages on JSR, with which this file passes too.

const encoder = new TextEncoder();

function pureTest(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

pureTest("encodeBase64Url() gives the texts of RFC 4648, without padding", () => {
  const texts = { "": "", f: "Zg", fo: "Zm8", foo: "Zm9v", foob: "Zm9vYg", fooba: "Zm9vYmE" };
  for (const [text, encoded] of Object.entries({ ...texts, foobar: "Zm9vYmFy", "é": "w6k" })) {
    assert.equal(encodeBase64Url(text), encoded);
    assert.equal(encodeBase64Url(encoder.encode(text)), encoded);
    assert.equal(encodeBase64Url(encoder.encode(text).buffer), encoded);
    assert.deepEqual(decodeBase64Url(encoded), encoder.encode(text));
  }
  assert.equal(encodeBase64Url(new Uint8Array([0xfb, 0xff, 0xfe])), "-__-");
});

pureTest("encodeBase64Url() encodes a view's own bytes and leaves them alone", () => {
  const bytes = new Uint8Array([1, 2, 3, 4, 5, 6]);
  assert.equal(encodeBase64Url(bytes.subarray(2, 5)), "AwQF");
  assert.deepEqual(bytes, new Uint8Array([1, 2, 3, 4, 5, 6]));
});

pureTest("decodeBase64Url() reads what encodeBase64Url() writes, with or without padding", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200, size: "max" }), (bytes) => {
    const encoded = encodeBase64Url(bytes);
    assert.match(encoded, /^[\w-]*$/);
    assert.deepEqual(decodeBase64Url(encoded), new Uint8Array(bytes));
    const padding = "=".repeat((4 - encoded.length % 4) % 4);
    assert.deepEqual(decodeBase64Url(encoded + padding), new Uint8Array(bytes));
  }));
});

pureTest("decodeBase64Url() throws on what is not base64url", () => {
  for (const text of ["A", "AAAAA", "AA+A", "AA/A", "AA==AA", "é", "A=AA", "AAA~"]) {
    assert.throws(() => decodeBase64Url(text), Error, text);
  }
});

pureTest("encodeHex() writes two lower-case digits a byte", () => {
  const bytes = new Uint8Array([0, 1, 0x0f, 0x10, 0xab, 0xff]);
  assert.equal(encodeHex(bytes), "00010f10abff");
  assert.equal(encodeHex(bytes.buffer), "00010f10abff");
  assert.equal(encodeHex(bytes.subarray(1, 3)), "010f");
  assert.equal(encodeHex("é"), "c3a9");
  assert.equal(encodeHex(new Uint8Array()), "");
});

pureTest("format() writes three significant digits and a unit", () => {
  const decimal: [number, string][] = [[0, "0 B"], [1, "1 B"], [999, "999 B"], [1000, "1 kB"]];
  decimal.push([1337, "1.34 kB"], [9999, "10 kB"], [40_000, "40 kB"], [999_499, "999 kB"]);
  decimal.push([999_999, "1000 kB"], [1e6, "1 MB"], [65_536, "65.5 kB"], [1e9, "1 GB"]);
  decimal.push([1e12, "1 TB"], [0.5, "0.5 B"], [-1337, "-1.34 kB"]);
  for (const [bytes, text] of decimal) assert.equal(format(bytes), text);
  const binary: [number, string][] = [[1023, "1020 B"], [1024, "1 kiB"], [65_536, "64 kiB"]];
  binary.push([40_000, "39.1 kiB"], [1024 ** 2, "1 MiB"], [1024 ** 3, "1 GiB"]);
  for (const [bytes, text] of binary) assert.equal(format(bytes, { binary: true }), text);
});

pureTest("format() throws on what is not a finite number", () => {
  for (const bytes of [NaN, Infinity, -Infinity]) {
    assert.throws(() => format(bytes), {
      name: "TypeError",
      message: `Expected a finite number, got number: ${bytes}`,
    });
  }
});

pureTest("colors wrap a text, unless they are off", () => {
  const before = getColorEnabled();
  assert.equal(before, !Deno.noColor);
  setColorEnabled(true);
  const styled = [bold("a"), red("a\nb"), cyan(""), bold(red("a")), red(bold("a") + "b")];
  setColorEnabled(false);
  assert.equal(getColorEnabled(), false);
  const plain = [bold("a"), red("a\nb"), cyan(""), bold(red("a")), red(bold("a") + "b")];
  setColorEnabled(before);
  assert.deepEqual(plain, ["a", "a\nb", "", "a", "ab"]);
  const wrapped = ["\x1b[1ma\x1b[22m", "\x1b[31ma\nb\x1b[39m", "\x1b[36m\x1b[39m"];
  wrapped.push("\x1b[1m\x1b[31ma\x1b[39m\x1b[22m", "\x1b[31m\x1b[1ma\x1b[22mb\x1b[39m");
  assert.deepEqual(styled, Deno.noColor ? plain : wrapped);
});
