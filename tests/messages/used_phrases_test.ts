import assert from "node:assert/strict";
import { CLI } from "../../lib/messages/cli.ts";
import { COMMANDS } from "../../lib/messages/commands.ts";
import { parseTemplate } from "../../lib/messages/failure.ts";
import { FAILURES } from "../../lib/messages/failures.ts";
import { ROOM } from "../../lib/messages/room.ts";
import { TERMINAL } from "../../lib/messages/terminal.ts";
import { readSources } from "../support/failure_texts.ts";
import { testNeeding } from "../support/needs.ts";
import { pureTest } from "../support/pure.ts";

/** What a secret file holds: a value where it is said, but translated with an article. */
const KIND = /\b(?:key|identity|file)\b/;
const SAID = { ...CLI, ...COMMANDS, ...ROOM, ...TERMINAL };

testNeeding(["read"], "every phrase is said somewhere", async () => {
  const sources = (await readSources()).join("\n");
  const unused = Object.keys(SAID).filter((phrase) => {
    return !['"', "'", "`"].some((quote) => sources.includes(quote + phrase + quote));
  });
  assert.deepEqual(unused, []);
});

testNeeding(["read"], "every error that has a translation is thrown somewhere", async () => {
  const sources = await readSources();
  const unused = Object.keys(FAILURES).filter((phrase) => {
    const pieces = parseTemplate(phrase.replace(KIND, "{name}")).pieces.map((piece) => piece.trim())
      .filter(Boolean);
    return !sources.some((source) => pieces.every((piece) => source.includes(piece)));
  });
  assert.deepEqual(unused, []);
});

pureTest("no phrase is in the catalogue twice", () => {
  const all = [CLI, COMMANDS, FAILURES, ROOM, TERMINAL].flatMap((part) => Object.keys(part));
  assert.deepEqual(all.filter((phrase, i) => all.indexOf(phrase) !== i), []);
});
