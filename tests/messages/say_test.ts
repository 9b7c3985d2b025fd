import assert from "node:assert/strict";
import { FRENCH, type Phrase } from "../../lib/messages/phrases.ts";
import { chooseLanguage, sayIn } from "../../lib/messages/say.ts";
import { pureTest } from "../support/pure.ts";

pureTest("every phrase takes the same values in both languages", () => {
  const names = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([name]) => name).sort();
  for (const [english, french] of Object.entries(FRENCH)) {
    assert.notEqual(french.trim(), "", english);
    assert.deepEqual(names(french), names(english), english);
  }
});

pureTest("sayIn() says a phrase in its language, and values as they are", () => {
  const values = { nickname: "{nickname}$&" };
  assert.equal(sayIn("en")("{nickname} joined", values), "{nickname}$& joined");
  assert.equal(sayIn("fr")("{nickname} joined", values), "{nickname}$& a rejoint le salon");
  for (const phrase of Object.keys(FRENCH) as Phrase[]) {
    assert.equal((sayIn("en") as (phrase: Phrase) => string)(phrase), phrase);
  }
});

pureTest("chooseLanguage() goes by the first variable that is set", () => {
  const choose = (env: Record<string, string>) => chooseLanguage((name) => env[name]);
  assert.equal(choose({}), "en");
  assert.equal(choose({ LANG: "C.UTF-8" }), "en");
  assert.equal(choose({ LANG: "fr" }), "fr");
  assert.equal(choose({ LANG: "fr_FR.UTF-8" }), "fr");
  assert.equal(choose({ LANG: "fr_FR@euro" }), "fr");
  assert.equal(choose({ LANG: "fry_NL.UTF-8" }), "en");
  assert.equal(choose({ LANG: "fr_FR", LC_MESSAGES: "de_DE" }), "en");
  assert.equal(choose({ LANG: "de_DE", LC_MESSAGES: "", LC_ALL: "fr_CH.UTF-8" }), "fr");
});
