import fc from "fast-check";
import assert from "node:assert/strict";
import { sayIn } from "../../lib/messages/say.ts";
import { fill, worded } from "../../lib/messages/wording.ts";
import { pureTest } from "../support/pure.ts";

pureTest("fill() gives English, whatever the values are", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (path) => {
    assert.equal(fill(worded("{path} is not a file", { path })), `${path} is not a file`);
  }));
});

pureTest("fill() does not look for names in a value", () => {
  const wording = worded("Unknown option: {option}", { option: "$&{option}{path}" });
  assert.equal(fill(wording), "Unknown option: $&{option}{path}");
});

pureTest("a wording within a wording is said in the language of the whole", () => {
  const where = worded("Setting {name} in {path}", { name: "bell", path: "/a b" });
  const whole = worded("{what} cannot be {value}", { what: where, value: '"x"' });
  assert.equal(fill(whole), 'Setting bell in /a b cannot be "x"');
  assert.equal(sayIn("en")(whole), fill(whole));
  assert.equal(sayIn("fr")(whole), `Le réglage bell dans /a b ne peut pas être "x"`);
});

pureTest("a value is not translated, though it is a phrase", () => {
  const wording = worded("{path} is not a file", { path: "it is not a file" });
  assert.equal(sayIn("fr")(wording), "it is not a file n’est pas un fichier");
});
