import fc from "fast-check";
import assert from "node:assert/strict";
import { matchTemplate, parseTemplate, translateFailure } from "../../lib/messages/failure.ts";
import { collectFailures } from "../support/failure_texts.ts";
import { testNeeding } from "../support/needs.ts";
import { pureTest } from "../support/pure.ts";

/** What nobody reads: other errors take their place, or only a mistake in a program causes them. */
const UNSEEN = [
  /^Cannot (?:encrypt|agree|format fingerprint|write what was seen)\b/,
  /^Cannot decrypt: (?:no keys|.* is not a number from 0 up)$/,
  /^Cannot (?:import key|parse (?:key|admission|identity|pins|what was seen))\b/,
];

pureTest("translateFailure() finds a message by what is around its values", () => {
  const cases = [
    ["Cannot listen: port 80 is in use", "Impossible d’écouter : le port 80 est déjà pris"],
    ["Unknown option: --x", "Option inconnue : --x"],
    ['Option --bell cannot be "x"', `L’option --bell ne peut pas être "x"`],
    ['Setting bell in /a b cannot be "x"', `Le réglage bell dans /a b ne peut pas être "x"`],
    [
      "Cannot load admission: a.pub cannot be read",
      "Impossible de lire l’admission : a.pub est illisible",
    ],
    [
      "Connection closed by the server: 400 bad line",
      "Connexion fermée par le serveur : 400 ligne incorrecte",
    ],
  ];
  for (const [english, french] of cases) {
    assert.equal(translateFailure(english!, "fr"), french);
    assert.equal(translateFailure(english!, "en"), english);
  }
});

pureTest("translateFailure() leaves what it does not know as it is", () => {
  for (const text of ["", "Something else", "Cannot listen", "Too many arguments!", "{path}"]) {
    assert.equal(translateFailure(text, "fr"), text);
  }
});

pureTest("translateFailure() keeps values as they are, and translates four levels of them", () => {
  const nested = (times: number) => "Cannot connect: ".repeat(times) + "x";
  const french = `${"Connexion impossible : ".repeat(4)}${nested(996)}`;
  assert.equal(translateFailure(nested(1000), "fr"), french);
  assert.equal(
    translateFailure("Unknown option: $&{option}", "fr"),
    "Option inconnue : $&{option}",
  );
});

pureTest("matchTemplate() finds the values that a template was filled with", () => {
  const value = fc.stringMatching(/^[a-z ]{1,20}$/);
  fc.assert(fc.property(value, value, (a, b) => {
    const template = parseTemplate("Setting {name} IN {path}: no");
    assert.deepEqual(matchTemplate(template, `Setting ${a} IN ${b}: no`), [a, b]);
    assert.equal(matchTemplate(template, `Setting ${a} IN ${b}: yes`), undefined);
    assert.equal(matchTemplate(template, `Setting ${a} IN : no`), undefined);
  }));
});

pureTest("matchTemplate() takes time that grows with the text alone", () => {
  const template = parseTemplate("a{x}a{y}a{z}b");
  const started = performance.now();
  assert.equal(matchTemplate(template, "a".repeat(1_000_000)), undefined);
  assert.ok(performance.now() - started < 1000);
});

testNeeding(["read"], "every error, hint and warning that is read has a translation", async () => {
  const failures = await collectFailures();
  assert.ok(failures.length > 100, "the search finds nothing");
  const missing = failures.filter(({ text }) => {
    return translateFailure(text, "fr") === text && !UNSEEN.some((pattern) => pattern.test(text));
  });
  assert.deepEqual(missing, []);
});

testNeeding(["read"], "no exception is listed that is not needed", async () => {
  const texts = (await collectFailures()).map(({ text }) => text);
  for (const pattern of UNSEEN) assert.ok(texts.some((text) => pattern.test(text)), `${pattern}`);
});
