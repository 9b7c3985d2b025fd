import fc from "fast-check";
import assert from "node:assert/strict";
import { sayIn } from "../../lib/messages/say.ts";
import { MAX_REF_CHARS, parseJsonInput, toWanted } from "../../lib/script/json_input.ts";
import { pureTest } from "../support/pure.ts";
import { isValid } from "../support/schema.ts";

const parse = (line: string) => parseJsonInput(line, sayIn("en"));

pureTest("parseJsonInput() says what is wrong, with the ref if there is one", () => {
  const type = "type is missing or unknown";
  const cases: [string, string, (string | number)?][] = [
    ["", "a line is not JSON"],
    ["{", "a line is not JSON"],
    ["[".repeat(100_000), "a line is not JSON"],
    ["null", "a line is not a JSON object"],
    ["[]", "a line is not a JSON object"],
    ["{}", type],
    ['{"type":"toString","ref":"a"}', type, "a"],
    ['{"type":["quit"],"ref":7}', type, 7],
    ['{"type":"message","ref":7}', "text is missing, or not text", 7],
    ['{"type":"message","text":null}', "text is missing, or not text"],
    ['{"type":"message","text":"\\udc00"}', "text is missing, or not text"],
    ['{"type":"private","to":"","text":""}', "to is missing, or not text"],
    ['{"type":"away","reason":1}', "reason is missing, or not text"],
  ];
  for (const [line, mistake, ref] of cases) {
    assert.deepEqual(parse(line), ref === undefined ? { mistake } : { mistake, ref }, line);
  }
});

pureTest("parseJsonInput() takes a ref of 128 characters, and whole numbers", () => {
  const withRef = (ref: string) => parse(`{"type":"quit","ref":${ref}}`);
  for (const ref of ["0", "-1", '"a"', JSON.stringify("x".repeat(MAX_REF_CHARS))]) {
    assert.deepEqual(withRef(ref), { input: { type: "quit", ref: JSON.parse(ref) } });
  }
  const longer = JSON.stringify("x".repeat(MAX_REF_CHARS + 1));
  for (const ref of ["1.5", "1e999", "9007199254740993", "null", '""', "{}", longer]) {
    assert.deepEqual(withRef(ref), {
      mistake: "ref is neither a whole number nor a text of 1 to 128 characters",
    });
  }
});

pureTest("parseJsonInput() takes what the schema takes, whatever JSON it is", () => {
  fc.assert(fc.property(fc.json(), (line) => {
    assert.equal("input" in parse(line), isValid(JSON.parse(line), "input"));
  }));
  const type = fc.constantFrom("message", "private", "away", "whois", "back", "shout");
  const value = fc.constantFrom<unknown>("x", "", 1, null);
  const keys = { text: value, to: value, nick: value, reason: value, ref: value };
  fc.assert(fc.property(fc.record({ type, ...keys }, { requiredKeys: [] }), (input) => {
    assert.equal("input" in parse(JSON.stringify(input)), isValid(input, "input"));
  }));
});

pureTest("toWanted() makes no command of a text", () => {
  for (const text of ["/quit", "//x", ""]) {
    assert.deepEqual(toWanted({ type: "message", text }), { kind: "text", text });
  }
  const kind = "command";
  assert.deepEqual(toWanted({ type: "away" }), { kind, name: "away", args: [""] });
  assert.deepEqual(toWanted({ type: "back" }), { kind, name: "back", args: [] });
  assert.deepEqual(toWanted({ type: "whois", nick: "b" }), { kind, name: "whois", args: ["b"] });
  assert.deepEqual(toWanted({ type: "action", text: "/a" }), { kind, name: "me", args: ["/a"] });
});
