import assert from "node:assert/strict";
import { sayIn } from "../../../lib/messages/say.ts";
import {
  MAX_UNASKED_PASTE_LINES,
  mustAsk,
  readAnswer,
} from "../../../lib/terminal/editor/paste_question.ts";
import { pressed } from "../../../lib/terminal/input/input_events.ts";
import { pureTest } from "../../support/pure.ts";

pureTest("mustAsk() is true from one line above the limit on", () => {
  assert.equal(mustAsk("\n".repeat(MAX_UNASKED_PASTE_LINES - 1)), false);
  assert.equal(mustAsk("\n".repeat(MAX_UNASKED_PASTE_LINES)), true);
});

pureTest("readAnswer() knows yes and no in the user's language", () => {
  const english = (text: string) => readAnswer({ kind: "text", text }, sayIn("en"));
  assert.deepEqual(["y", "Y", "n", "N", "o", "yy"].map(english), [
    true,
    true,
    false,
    false,
    undefined,
    undefined,
  ]);
  assert.equal(readAnswer({ kind: "text", text: "O" }, sayIn("fr")), true);
  assert.equal(readAnswer(pressed("enter"), sayIn("en")), true);
  assert.equal(readAnswer(pressed("g", { ctrl: true }), sayIn("en")), false);
  assert.equal(readAnswer(pressed("up"), sayIn("en")), undefined);
  assert.equal(readAnswer({ kind: "paste", text: "y", isWhole: true }, sayIn("en")), undefined);
});
