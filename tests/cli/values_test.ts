import assert from "node:assert/strict";
import {
  checkValue,
  MAX_SHOWN_VALUE_CHARS,
  parseValue,
  readOption,
  refuseValue,
} from "../../lib/cli/values.ts";
import { worded } from "../../lib/messages/wording.ts";
import { pureTest } from "../support/pure.ts";

const WHERE = worded("Variable {name}", { name: "CHAT_X" });
const COUNT = { name: "count", value: "N", help: "", range: { min: 1, max: 20 }, fallback: 3 };
const MODE = { name: "mode", value: "MODE", help: "", choices: ["on", "7"] };
const PATH = { name: "path", value: "PATH", help: "" };
const LOUD = { name: "loud", help: "" };

pureTest("parseValue() reads whole numbers within the range, in digits alone", () => {
  for (const [text, number] of [["1", 1], ["20", 20], ["007", 7]] as const) {
    assert.equal(parseValue(COUNT, text, WHERE), number);
  }
  for (const text of ["0", "21", "-1", "+1", "1.0", "1e1", " 1", "", "x", "1".repeat(17)]) {
    assert.throws(() => parseValue(COUNT, text, WHERE), {
      name: "UsageError",
      message: `Variable CHAT_X cannot be ${JSON.stringify(text)}`,
      hint: "Use a whole number from 1 to 20.",
    });
  }
});

pureTest("parseValue() takes choices and texts as they are written", () => {
  assert.equal(parseValue(MODE, "7", WHERE), "7");
  assert.throws(() => parseValue(MODE, "ON", WHERE), { hint: "Use one of: on, 7." });
  for (const text of ["a b", "1", "true"]) assert.equal(parseValue(PATH, text, WHERE), text);
  assert.throws(() => parseValue(PATH, "", WHERE), { hint: "Use a text, in quotes." });
});

pureTest("parseValue() takes words for a switch, and no others", () => {
  assert.equal(parseValue(LOUD, "Yes", WHERE), true);
  assert.equal(parseValue(LOUD, "off", WHERE), false);
  for (const word of ["", "2", "y", "truee"]) {
    assert.throws(() => parseValue(LOUD, word, WHERE), {
      name: "UsageError",
      hint: "Use one of: 1, true, yes, on; or 0, false, no, off.",
    });
  }
});

pureTest("checkValue() takes a value of the option's type alone", () => {
  const types: [Parameters<typeof checkValue>[0], unknown][] = [
    [COUNT, 20],
    [MODE, "on"],
    [PATH, "x"],
    [LOUD, false],
  ];
  for (const [option, value] of types) assert.equal(checkValue(option, value, WHERE), value);
  for (const value of [null, [], {}, "20", 1.5, NaN, true]) {
    assert.throws(() => checkValue(COUNT, value, WHERE), { name: "UsageError" });
  }
  for (const [option, value] of [[MODE, 7], [PATH, 1], [PATH, ["x"]], [LOUD, 0]] as const) {
    assert.throws(() => checkValue(option, value, WHERE), {
      name: "UsageError",
      message: `Variable CHAT_X cannot be ${JSON.stringify(value)}`,
    });
  }
});

pureTest("refuseValue() shows 1,000 characters of a value, and marks that there are more", () => {
  const hint = worded("Use a text, in quotes.");
  const shown = (value: string) => refuseValue(WHERE, value, hint).message;
  const fits = "x".repeat(MAX_SHOWN_VALUE_CHARS - 2);
  assert.equal(shown(fits), `Variable CHAT_X cannot be "${fits}"`);
  assert.equal(shown(`${fits}x`), `Variable CHAT_X cannot be "${fits}x…`);
});

pureTest("readOption() takes the given value, else the default", () => {
  const read = (name: string, values: [string, string][]) =>
    readOption({ options: [COUNT, PATH] }, name, new Map(values));
  assert.equal(read("count", [["count", "7"]]), 7);
  assert.equal(read("count", [["path", "7"]]), 3);
  assert.equal(read("path", []), undefined);
  assert.throws(() => read("count", [["count", "21"]]), {
    name: "UsageError",
    message: 'Option --count cannot be "21"',
  });
});
