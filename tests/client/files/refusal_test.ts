import assert from "node:assert/strict";
import { NoPipesError } from "../../../lib/client/files/pipe_link.ts";
import {
  explainFailure,
  explainRefusal,
  isNoPipe,
  refusalFor,
} from "../../../lib/client/files/refusal.ts";
import { ChatError, RefusedError } from "../../../lib/errors.ts";
import { sayIn } from "../../../lib/messages/say.ts";
import { worded } from "../../../lib/messages/wording.ts";
import { SourceChangedError, SourceError } from "../../../lib/storage/source_file.ts";
import { pureTest } from "../../support/pure.ts";

const NO_PIPE = new RefusedError({ code: 503, reason: "no pipe" });
const SAY = sayIn("en");

pureTest("refusalFor() tells the taker what it cannot notice by itself", () => {
  const cases: readonly [unknown, string | undefined][] = [
    [new SourceChangedError("a"), "changed"],
    [new SourceError(worded("there is no {path}", { path: "a" })), "failed"],
    [NO_PIPE, "no pipe"],
    [new NoPipesError(), "no pipe"],
    [new ChatError(worded("the file stopped coming")), undefined],
    [new Deno.errors.BrokenPipe("Broken pipe (os error 32)"), undefined],
  ];
  for (const [error, refusal] of cases) assert.equal(refusalFor(error), refusal);
  assert.deepEqual([isNoPipe(NO_PIPE), isNoPipe(new NoPipesError())], [true, false]);
});

pureTest("explainFailure() says nothing in the system's words", () => {
  const say = (reason: ReturnType<typeof explainFailure>) =>
    typeof reason === "string" ? reason : SAY(reason);
  const lost = "the connection for the file was lost";
  assert.equal(say(explainFailure(new Deno.errors.BrokenPipe("Broken pipe (os error 32)"))), lost);
  assert.equal(say(explainFailure(new NoPipesError())), "the server is too old to pass files on");
});

pureTest("explainRefusal() has words for each reason", () => {
  const reasons = ["gone", "changed", "failed", "no pipe"] as const;
  const said = reasons.map((reason) => explainRefusal(reason).phrase);
  assert.equal(new Set(said).size, reasons.length);
});
