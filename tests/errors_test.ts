import assert from "node:assert/strict";
import { ChatError, InvalidTokenError, LineTooLongError, UsageError } from "../lib/errors.ts";
import { pureTest } from "./support/pure.ts";

pureTest("every error is an Error that carries its class's name", () => {
  const errors = {
    InvalidTokenError: new InvalidTokenError(),
    LineTooLongError: new LineTooLongError(1),
    UsageError: new UsageError("Not a port: 1"),
    ChatError: new ChatError("Cannot listen: port in use"),
  };
  for (const [name, error] of Object.entries(errors)) {
    assert.ok(error instanceof Error);
    assert.equal(error.name, name);
    assert.equal(error.constructor.name, name);
    assert.equal(String(error), `${name}: ${error.message}`);
    assert.match(error.stack ?? "", new RegExp(`^${name}: `));
  }
});

pureTest("InvalidTokenError() says nothing of what is wrong", () => {
  const error = new InvalidTokenError();
  assert.equal(error.message, "Cannot decrypt: invalid token");
  assert.equal(error.cause, undefined);
});

pureTest("LineTooLongError() is a RangeError and names the limit", () => {
  const error = new LineTooLongError(65_536);
  assert.ok(error instanceof RangeError);
  assert.equal(error.message, "Cannot read line: longer than 65536 bytes");
});

pureTest("UsageError() keeps message and hint", () => {
  const error = new UsageError("Unknown option: --nik", "Did you mean --nick?");
  assert.equal(error.message, "Unknown option: --nik");
  assert.equal(error.hint, "Did you mean --nick?");
  assert.equal(new UsageError("Unknown option: --nik").hint, undefined);
});

pureTest("ChatError() keeps message, hint and cause", () => {
  const cause = new Error("refused");
  const error = new ChatError("Cannot connect: refused", { hint: "Start the server", cause });
  assert.equal(error.message, "Cannot connect: refused");
  assert.equal(error.hint, "Start the server");
  assert.equal(error.cause, cause);
});

pureTest("ChatError() has neither hint nor cause unless given", () => {
  const error = new ChatError("Cannot connect: refused");
  assert.equal(error.hint, undefined);
  assert.equal("cause" in error, false);
});
