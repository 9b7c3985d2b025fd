import assert from "node:assert/strict";
import { CURSOR_ANSWER_MS, CursorQuestion } from "../../../lib/terminal/screen/cursor_question.ts";
import { pureTest } from "../../support/pure.ts";

function openQuestion(write: (text: string) => Promise<void> = () => Promise.resolve()) {
  const written: string[] = [];
  const timers: { run: () => void; ms: number }[] = [];
  const question = new CursorQuestion(
    (text) => {
      written.push(text);
      return write(text);
    },
    (run, ms) => {
      const timer = { run, ms };
      timers.push(timer);
      return () => timers.splice(timers.indexOf(timer), 1);
    },
  );
  return { question, written, timers };
}

pureTest("CursorQuestion.ask() asks once, and gives all the same answer", async () => {
  const { question, written, timers } = openQuestion();
  const asked = [question.ask(), question.ask()];
  assert.deepEqual(written, ["\x1b[6n"]);
  question.answer({ row: 3, column: 4 });
  assert.deepEqual(await Promise.all(asked), [{ row: 3, column: 4 }, { row: 3, column: 4 }]);
  assert.deepEqual(timers, []);
});

pureTest("CursorQuestion.ask() asks again once there was an answer", async () => {
  const { question, written } = openQuestion();
  for (const column of [1, 2]) {
    const asked = question.ask();
    question.answer({ row: 1, column });
    assert.equal((await asked)?.column, column);
    question.answer({ row: 9, column: 9 });
  }
  assert.equal(written.length, 2);
});

pureTest("CursorQuestion.ask() gives up after a while, or if the terminal is gone", async () => {
  const { question, timers } = openQuestion();
  const asked = question.ask();
  assert.equal(timers[0]!.ms, CURSOR_ANSWER_MS);
  timers[0]!.run();
  assert.equal(await asked, undefined);
  const gone = openQuestion(() => Promise.reject(new Error("gone")));
  assert.equal(await gone.question.ask(), undefined);
  assert.deepEqual(gone.timers, []);
});
