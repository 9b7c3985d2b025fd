import assert from "node:assert/strict";
import { parseHeader } from "../../lib/protocol/header.ts";
import { ALICE, encode, EPOCH, fieldsOf, TIME } from "../support/fixed_members.ts";
import { pureTest } from "../support/pure.ts";

const HEAD = `"v":1,"k":"chat","id":"${ALICE.id}","n":"alice","e":"${EPOCH}"`;
const WHOLE = `${HEAD},"q":0,"t":${TIME},"b":"hello"`;
const EXPECTED = {
  ...fieldsOf(),
  ...{ agreementKey: undefined, cid: undefined, recipient: undefined, bodyLength: undefined },
  ...{ fleetingBefore: undefined, silenceSeconds: undefined, copyOf: undefined, offer: undefined },
  ...{ forOthers: undefined, keyDay: undefined },
};

function parse(json: string) {
  return parseHeader(encode(json));
}

pureTest("parseHeader() passes over fields that it does not know", () => {
  const values = ["1", '"x"', "null", "[1,{}]", '{"v":2,"q":7}', "-1e999", '"\\u0000"'];
  for (const name of ["zz", "V", "kind", "", " v", "constructor", "toString", "hasOwnProperty"]) {
    for (const value of values) {
      assert.deepEqual(parse(`{"${name}":${value},${WHOLE}}`), EXPECTED, name);
      assert.deepEqual(parse(`{${WHOLE},"${name}":${value}}`), EXPECTED, name);
    }
  }
});

pureTest("parseHeader() takes nothing from a prototype, and sets none", () => {
  assert.equal(parse(`{"__proto__":{${WHOLE}}}`), undefined);
  assert.equal(parse(`{"__proto__":{"b":"forged"},${HEAD},"q":0,"t":${TIME}}`)?.text, undefined);
  assert.deepEqual(parse(`{"__proto__":{"x":1,"cid":-1},${WHOLE}}`), EXPECTED);
  assert.deepEqual(parse(`{"constructor":{"prototype":{"polluted":1}},${WHOLE}}`), EXPECTED);
  assert.equal(({} as { polluted?: number }).polluted, undefined);
});

pureTest("parseHeader() takes the last of two equal names, as other readers of JSON do", () => {
  assert.equal(parse(`{${WHOLE},"n":"eve"}`)?.nickname, "eve");
  assert.equal(parse(`{"n":"eve",${WHOLE}}`)?.nickname, "alice");
  assert.equal(parse(`{${WHOLE},"q":-1}`), undefined);
  assert.equal(parse(`{${WHOLE},"v":2}`), undefined);
});

pureTest("parseHeader() takes a number however JSON spells it, if it is whole", () => {
  const spellings: [string, number | undefined][] = [
    ["1e3", 1000],
    ["1.0", 1],
    ["10E-1", 1],
    ["-0", 0],
    ["9007199254740990", Number.MAX_SAFE_INTEGER - 1],
    ["9007199254740992", undefined],
    ["9007199254740993", undefined],
    ["1e400", undefined],
    ["-1e400", undefined],
    ["1e-400", 0],
    ["0.5", undefined],
    ["9".repeat(5000), undefined],
    ["-1", undefined],
  ];
  for (const [spelling, expected] of spellings) {
    const header = parse(`{${HEAD},"q":${spelling},"t":1}`);
    assert.ok(header?.sequence == expected, `${spelling}: ${header?.sequence}`);
  }
});

pureTest("parseHeader() takes nothing that is not JSON", () => {
  const values = ["NaN", "Infinity", "01", "+1", "0x1", ".5", "1.", "1_000", "0b1", "'1'", "1n"];
  for (const value of values) {
    assert.equal(parse(`{${HEAD},"q":${value},"t":1}`), undefined, value);
  }
  const texts = [
    ...["", " ", "{", "}", "{}}", "null", "true", "1", '"x"', "[]", `[{${WHOLE}}]`],
    `{${WHOLE}`,
    `{${WHOLE}}x`,
    `{${WHOLE}}{}`,
    `{${WHOLE},}`,
    `{${WHOLE}} //`,
    `/**/{${WHOLE}}`,
    `\ufeff{${WHOLE}}`,
    `{${WHOLE}}\ufeff`,
    `\u00a0{${WHOLE}}`,
    `{${WHOLE}}\0`,
    `{${WHOLE.replaceAll('"', "'")}}`,
    `{${WHOLE.replace("hello", "a\tb")}}`,
    `{${WHOLE.replace("hello", "\\x41")}}`,
    `{${WHOLE.replace("hello", "\\ud83")}}`,
  ];
  for (const text of texts) assert.equal(parse(text), undefined, text);
});

pureTest("parseHeader() takes white space around and between, as JSON does", () => {
  const spaced = `\t{ ${WHOLE.replaceAll(",", " ,\r ").replaceAll(":", " : ")} } \r`;
  assert.deepEqual(parse(spaced), EXPECTED);
});

pureTest("parseHeader() takes nothing that is not UTF-8", () => {
  const bad = [[0xff], [0x80], [0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80]];
  for (const bytes of bad) {
    const [before, after] = `{${WHOLE}}`.split("hello") as [string, string];
    const header = new Uint8Array([...encode(before), ...bytes, ...encode(after)]);
    assert.equal(parseHeader(header), undefined, String(bytes));
    assert.equal(parseHeader(new Uint8Array([...encode(`{${WHOLE}}`), ...bytes])), undefined);
  }
});

pureTest("parseHeader() answers, however deeply arrays and objects are nested", () => {
  for (const depth of [10, 1000, 20_000]) {
    const array = "[".repeat(depth) + "]".repeat(depth);
    const object = '{"a":'.repeat(depth) + "1" + "}".repeat(depth);
    for (const nested of [array, object]) {
      assert.equal(parse(nested), undefined);
      const header = parse(`{${WHOLE},"zz":${nested}}`);
      assert.ok(header === undefined || header.text === "hello");
      assert.equal(parse(`{${WHOLE},"b":${nested}}`), undefined);
    }
    assert.equal(parse("[".repeat(depth)), undefined);
    assert.equal(parse('{"a":'.repeat(depth)), undefined);
  }
});

pureTest("parseHeader() takes no header that was cut", () => {
  const text = `{${WHOLE}}`;
  for (let end = 0; end < text.length; end++) {
    assert.equal(parse(text.slice(0, end)), undefined);
    assert.equal(parse(text.slice(end + 1)), undefined);
  }
  assert.deepEqual(parse(text), EXPECTED);
});

pureTest("parseHeader() takes a lone surrogate in a text, and in no name", () => {
  assert.equal(parse(`{${WHOLE.replace("hello", "\\ud800")}}`)?.text, "\ud800");
  assert.equal(parse(`{${WHOLE.replace("alice", "\\ud800")}}`), undefined);
});
