import assert from "node:assert/strict";
import { FRENCH } from "../../lib/messages/phrases.ts";
import { pureTest } from "../support/pure.ts";

/** The same in both languages. */
const SAME = [
  "COMMANDS",
  "DESCRIPTION",
  "NOTES",
  "OPTIONS",
  "SYNOPSIS",
];
const ENGLISH =
  /\b(?:a|an|and|are|be|cannot|has|have|in|is|it|no|of|that|the|there|this|to|with|you|your)\b/i;
/** What is typed as it is: options, commands, variables, file names and examples. */
const CODE = /--[a-z-]+|\/[a-z]+|CHAT_\w+=?\w*|\S+\.(?:pub|key)|"\w+": \S+|\{\w+\}|<[^>]*>/g;

function eachPhrase(check: (french: string, english: string) => void): void {
  for (const [english, french] of Object.entries(FRENCH)) check(french, english);
}

pureTest("French has typographic apostrophes", () => {
  eachPhrase((french) => assert.doesNotMatch(french, /\p{L}'/u));
});

pureTest("French sets off : ; ! ? and quotation marks with a space", () => {
  eachPhrase((french) => {
    const text = french.replaceAll(CODE, "x");
    assert.doesNotMatch(text, /[^\s:][;!?](?:\s|$)|[^\s]:(?:\s|$)|«\S|\S»/u);
  });
});

pureTest("French ends as the English does", () => {
  const endOf = (text: string) => /[.:?!>]?\s*$/.exec(text)![0];
  eachPhrase((french, english) => assert.equal(endOf(french), endOf(english), english));
});

pureTest("no English is left in the French", () => {
  eachPhrase((french, english) => {
    const words = french.replaceAll(CODE, " ");
    assert.doesNotMatch(words.replaceAll(/\b(?:il y a|n’y a|[ay] a|a)\b/g, " "), ENGLISH);
    const isCode = !/[a-z]{3}/i.test(words.replaceAll(/[^\p{L} ]/gu, " "));
    if (french === english) assert.ok(isCode || SAME.includes(english), english);
  });
});
