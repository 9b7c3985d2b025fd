import { getColorEnabled, setColorEnabled } from "@std/fmt/colors";
import assert from "node:assert/strict";
import { EXIT, exitCodeOf, formatError, formatWarning } from "../../lib/cli/report_error.ts";
import { ChatError, Guidance, InvalidTokenError, UsageError } from "../../lib/errors.ts";
import type { Say } from "../../lib/messages/phrases.ts";
import { sayIn } from "../../lib/messages/say.ts";
import { worded } from "../../lib/messages/wording.ts";
import { pureTest } from "../support/pure.ts";
import { inWords } from "../support/wordings.ts";

function formatIn(isColored: boolean, error: unknown, say?: Say): string {
  const before = getColorEnabled();
  setColorEnabled(isColored);
  try {
    return formatError(error, say);
  } finally {
    setColorEnabled(before);
  }
}

pureTest("formatError() writes error and hint, a line each", () => {
  for (const Class of [ChatError, UsageError]) {
    const error = Class === ChatError
      ? new ChatError(inWords("Cannot X: why"), { hint: inWords("Do Y.") })
      : new UsageError(inWords("Cannot X: why"), inWords("Do Y."));
    assert.equal(formatIn(false, error), "error: Cannot X: why\nhint: Do Y.");
  }
});

pureTest("formatError() writes the lines of a guidance as they are", () => {
  assert.equal(formatIn(true, new Guidance(["Which room?", "  a"])), "Which room?\n  a");
  assert.equal(exitCodeOf(new Guidance([])), EXIT.usage);
});

pureTest("formatError() writes no hint where there is none", () => {
  const errors = [
    new ChatError(inWords("a")),
    new UsageError(inWords("a")),
    new Error("a"),
    new TypeError("a"),
    "a",
  ];
  for (const error of errors) assert.equal(formatIn(false, error), "error: a");
  assert.equal(
    formatIn(false, new InvalidTokenError()),
    "error: Cannot decrypt: invalid token",
  );
});

pureTest("formatError() takes a hint from the project's errors only", () => {
  assert.equal(formatIn(false, Object.assign(new Error("a"), { hint: "b" })), "error: a");
});

pureTest("formatError() keeps the cause and the stack to itself", () => {
  const cause = new Error("os error 111");
  assert.equal(formatIn(false, new ChatError(inWords("Cannot X"), { cause })), "error: Cannot X");
});

pureTest("formatError() takes anything that can be thrown", () => {
  const thrown: [unknown, string][] = [[undefined, "undefined"], [null, "null"], [42, "42"]];
  for (const [error, text] of thrown) assert.equal(formatIn(false, error), `error: ${text}`);
});

pureTest("formatError() colours the labels, unless NO_COLOR forbids", () => {
  const text = formatIn(true, new ChatError(inWords("Cannot X: why"), { hint: inWords("Do Y.") }));
  const colored = "\x1b[1m\x1b[31merror:\x1b[39m\x1b[22m Cannot X: why\n" +
    "\x1b[1m\x1b[36mhint:\x1b[39m\x1b[22m Do Y.";
  assert.equal(text, Deno.noColor ? "error: Cannot X: why\nhint: Do Y." : colored);
});

pureTest("exitCodeOf() is 2 for wrong usage, 1 for all else", () => {
  assert.equal(exitCodeOf(new UsageError(inWords("a"))), 2);
  for (
    const error of [
      new ChatError(inWords("a")),
      new Error("a"),
      new RangeError("a"),
      "a",
      undefined,
    ]
  ) {
    assert.equal(exitCodeOf(error), 1);
  }
});

pureTest("EXIT has the codes of the documentation: 128 + n for signal n", () => {
  assert.deepEqual(EXIT, {
    done: 0,
    runtime: 1,
    usage: 2,
    hangup: 128 + 1,
    interrupt: 128 + 2,
    quit: 128 + 3,
    terminate: 128 + 15,
  });
});

pureTest("formatError() and formatWarning() speak French to who reads it", () => {
  const hint = worded("See {program} --help.", { program: "chat-client" });
  const error = new UsageError(worded("Unknown option: {option}", { option: "--x" }), hint);
  const french = sayIn("fr");
  const text = "erreur : Option inconnue : --x\nconseil : Voir chat-client --help.";
  assert.equal(formatIn(false, error, french), text);
  assert.equal(
    formatWarning(
      worded("others could read {path}: its mode is now 0600", { path: "a.key" }),
      french,
    ),
    "attention : d’autres pouvaient lire a.key : son mode est maintenant 0600",
  );
  assert.equal(formatIn(false, new Error("os error 5"), french), "erreur : os error 5");
});
