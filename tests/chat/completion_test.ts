import fc from "fast-check";
import assert from "node:assert/strict";
import { COMMANDS } from "../../lib/chat/commands.ts";
import { Completer } from "../../lib/chat/completion.ts";
import { MAX_RECENT_SPEAKERS } from "../../lib/chat/limits.ts";
import { Roster } from "../../lib/client/roster.ts";
import { foldNickname } from "../../lib/protocol/nickname.ts";
import { anyCharacter, textOf } from "../support/arbitrary_text.ts";
import { pureTest } from "../support/pure.ts";

/** What is left of a name without accents and without signs in front of it. */
function lettersOf(name: string): string {
  const plain = foldNickname(name).normalize("NFD").replace(/[\u0300-\u036f]/g, "");
  return plain.normalize("NFC").replace(/^[^\p{L}\p{N}]+/u, "")
    .replace(/[æœ]/g, (letter) => ({ æ: "ae", œ: "oe" })[letter]!)
    .replaceAll("ø", "o").replaceAll("ł", "l").replace(/[đð]/g, "d").replaceAll("ħ", "h")
    .replaceAll("þ", "th");
}

/** A completer with these members here, and these who spoke, one after the other. */
function setUp(here: readonly string[], speakers: readonly string[] = []): Completer {
  const roster = new Roster();
  for (const nickname of here) {
    const rest = { epoch: "e", agreementKey: undefined, cid: undefined };
    roster.see({ id: nickname, nickname, ...rest }, 0);
  }
  const completer = new Completer(roster);
  for (const nickname of speakers) completer.note(nickname);
  return completer;
}

pureTest("Completer.complete() puts who spoke last first, and who has left last", () => {
  const completer = setUp(["anna", "alf", "adam", "bob"], ["anna", "gone", "alf", "ada", "anna"]);
  assert.deepEqual(completer.complete("a"), {
    start: 0,
    candidates: ["anna: ", "alf: ", "adam: ", "ada: "],
  });
});

pureTest("Completer.complete() ends a nickname by its place", () => {
  const completer = setUp(["Bob"]);
  const cases: [string, number, string[]][] = [
    ["bo", 0, ["Bob: "]],
    ["", 0, ["Bob: "]],
    ["hi bo", 3, ["Bob "]],
    ["hi\nｂO", 3, ["Bob "]],
    ["hi ", 3, ["Bob "]],
    ["x", 0, []],
    ["//bo", 0, []],
    ["// bo", 3, ["Bob "]],
    ["/msg bo", 5, ["Bob "]],
    ["/MSG bo", 5, ["Bob "]],
    ["/msg bob hi bo", 12, ["Bob "]],
    ["/me hugs bo", 9, ["Bob "]],
    ["/w bo", 3, ["Bob "]],
    ["/q bo", 3, []],
    ["/whois bo", 7, ["Bob "]],
    ["/query bo", 7, ["Bob "]],
    ["/whois bob bo", 11, []],
    ["/nick bo", 6, []],
    ["/names bo", 7, []],
    ["/away bo", 6, ["Bob "]],
    ["/away with bo", 11, ["Bob "]],
    ["/lastlog bo", 9, []],
    ["/nope bo", 6, []],
  ];
  for (const [line, start, candidates] of cases) {
    assert.deepEqual(completer.complete(line), { start, candidates }, line);
  }
});

pureTest("Completer.complete() goes on behind a bracket, a quote or an @", () => {
  const completer = setUp(["bob", "[kit]", "Élise"]);
  const cases: [string, number, string[]][] = [
    ["(bo", 1, ["bob"]],
    ["(bob", 1, ["bob"]],
    ["@bo", 1, ["bob "]],
    ['hi "bo', 4, ["bob"]],
    ["« bo", 2, ["bob "]],
    ["«bo", 1, ["bob"]],
    ["¿@bo", 2, ["bob "]],
    ["(ki", 1, ["[kit]"]],
    ["[ki", 0, ["[kit]: "]],
    ["([ki", 1, ["[kit]"]],
    ["/me sees (eli", 10, ["Élise"]],
    ["/msg @bo", 6, []],
    ["x(bo", 0, []],
    ["((((bo", 4, ["bob"]],
    ["(((((bo", 4, []],
  ];
  for (const [line, start, candidates] of cases) {
    const found = completer.complete(line);
    assert.deepEqual(found.candidates, candidates, line);
    if (candidates.length > 0) assert.equal(found.start, start, line);
  }
});

pureTest("Completer.complete() finds names without their accents and first signs", () => {
  const complete = (name: string, typed: string) => setUp([name]).complete(typed).candidates;
  const cases = [
    ["Élise", "eli"],
    ["Élise", "éLI"],
    ["[kit]", "kit"],
    ["[kit]", "[k"],
    ["_-^x", "x"],
    ["Øyvind", "oy"],
    ["Łukasz", "luk"],
    ["Æsa", "aes"],
    ["İnci", "inc"],
    ["Việt", "viet"],
    ["straße", "STRASSE"],
    ["👍kit", "kit"],
  ] as const;
  for (const [name, typed] of cases) assert.deepEqual(complete(name, typed), [`${name}: `], typed);
  for (const [name, typed] of [["Élise", "lise"], ["[kit]", "it"], ["हिन्दी", "हन"]] as const) {
    assert.deepEqual(complete(name, typed), [], typed);
  }
  assert.deepEqual(setUp(["élise", "elia", "[eli]"], ["elia", "[eli]", "élise"]).complete("el"), {
    start: 0,
    candidates: ["elia: ", "élise: ", "[eli]: "],
  });
});

pureTest("Completer.complete() completes commands, and what they may be given", () => {
  const completer = setUp(["bob"]);
  const complete = (line: string) => completer.complete(line).candidates;
  assert.deepEqual(complete("/"), COMMANDS.map(({ name }) => `/${name} `));
  assert.deepEqual(complete("/N"), ["/names ", "/nick "]);
  assert.deepEqual(complete("/bell "), ["off", "pm", "mention", "all"]);
  assert.deepEqual(complete("/bell M"), ["mention"]);
  assert.deepEqual(complete("/bell off m"), []);
  assert.deepEqual(complete("/help un"), ["unignore"]);
  assert.deepEqual(complete("/nope"), []);
});

pureTest("Completer.complete() offers only what begins with what was typed", () => {
  const names = fc.array(textOf(anyCharacter, 4), { maxLength: 20 });
  const lines = textOf(anyCharacter, 12);
  fc.assert(
    fc.property(names, names, lines, (here, speakers, line) => {
      const { start, candidates } = setUp(here, speakers).complete(line);
      const word = line.slice(start);
      assert.ok(!/\s/u.test(word));
      assert.match(line.slice(0, start), /(?:^|\s)[^\p{L}\p{M}\p{N}\s]{0,4}$/u);
      for (const candidate of candidates) {
        const name = candidate.replace(/:? $/, "");
        const isBegun = foldNickname(name).startsWith(foldNickname(word));
        // Signs in front are left aside before folding too: that makes a letter of some signs.
        const forms = [name, name.replace(/^[^\p{L}\p{N}]+/u, "")].map(foldNickname);
        const isMeant = forms.some((form) => lettersOf(form).startsWith(lettersOf(word)));
        assert.ok(isBegun || isMeant, candidate);
      }
      assert.equal(new Set(candidates).size, candidates.length);
    }),
    { examples: [[["㋀Y"], [], "y"]] },
  );
});

pureTest("Completer.note() keeps the last 100 who spoke", () => {
  const speakers = Array.from({ length: MAX_RECENT_SPEAKERS + 5 }, (_, i) => `n${i}`);
  const { candidates } = setUp([], speakers).complete("");
  assert.equal(candidates.length, MAX_RECENT_SPEAKERS);
  assert.deepEqual([candidates[0], candidates.at(-1)], ["n104: ", "n5: "]);
});

pureTest("Completer.complete() takes moments for the longest line", () => {
  const completer = setUp(["bob"]);
  const started = performance.now();
  completer.complete("x".repeat(100_000) + " ");
  completer.complete("(".repeat(100_000));
  completer.complete("é".repeat(100_000));
  completer.complete("/msg" + " x".repeat(50_000) + " ");
  assert.ok(performance.now() - started < 1000);
});

pureTest("Completer completes /rotate: its word, and then nicknames, any number of them", () => {
  const completer = new Completer(new Roster());
  for (const name of ["bob", "carol"]) completer.note(name);
  assert.deepEqual(completer.complete("/rot"), { start: 0, candidates: ["/rotate "] });
  assert.deepEqual(completer.complete("/rotate w"), { start: 8, candidates: ["without "] });
  assert.deepEqual(completer.complete("/rotate b"), { start: 8, candidates: [] });
  assert.deepEqual(completer.complete("/rotate without b").candidates, ["bob "]);
  assert.deepEqual(completer.complete("/rotate without bob ca"), {
    start: 20,
    candidates: ["carol "],
  });
});
