import assert from "node:assert/strict";
import {
  ChatError,
  explain,
  InvalidTokenError,
  LineTooLongError,
  reasonOf,
  RefusedError,
  UsageError,
} from "../lib/errors.ts";
import { sayIn } from "../lib/messages/say.ts";
import { worded } from "../lib/messages/wording.ts";
import { pureTest } from "./support/pure.ts";
import { inWords } from "./support/wordings.ts";

pureTest("every error is an Error that carries its class's name", () => {
  const errors = {
    InvalidTokenError: new InvalidTokenError(),
    LineTooLongError: new LineTooLongError(1),
    UsageError: new UsageError(inWords("Not a port: 1")),
    ChatError: new ChatError(inWords("Cannot listen: port in use")),
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

pureTest("LineTooLongError() names the limit", () => {
  const error = new LineTooLongError(65_536);
  assert.equal(error.message, "Cannot read line: longer than 65536 bytes");
});

pureTest("UsageError() keeps message and hint", () => {
  const wording = worded("Unknown option: {option}", { option: "--nik" });
  const error = new UsageError(wording, worded("Did you mean {name}?", { name: "--nick" }));
  assert.equal(error.message, "Unknown option: --nik");
  assert.equal(error.wording, wording);
  assert.equal(error.hint, "Did you mean --nick?");
  assert.equal(new UsageError(wording).hint, undefined);
});

pureTest("ChatError() keeps message, hint and cause", () => {
  const cause = new Error("refused");
  const error = new ChatError(inWords("Cannot connect: refused"), {
    hint: inWords("Start the server"),
    cause,
  });
  assert.equal(error.message, "Cannot connect: refused");
  assert.equal(error.hint, "Start the server");
  assert.equal(error.cause, cause);
});

pureTest("ChatError() has neither hint nor cause unless given", () => {
  const error = new ChatError(inWords("Cannot connect: refused"));
  assert.equal(error.hint, undefined);
  assert.equal("cause" in error, false);
});

pureTest("reasonOf() is the wording of our errors, and the message of others", () => {
  const wording = worded("it is not a file");
  assert.equal(reasonOf(new ChatError(wording)), wording);
  assert.equal(reasonOf(new TypeError("os error 5")), "os error 5");
  assert.equal(reasonOf(7), "7");
});

pureTest("explain() says our errors in the reader's language, and others as they are", () => {
  const french = sayIn("fr");
  assert.equal(explain(new LineTooLongError(4), french), "Ligne trop longue : plus de 4 octets");
  assert.equal(explain(new Error("os error 5"), french), "os error 5");
});

pureTest("RefusedError() translates what relays say, and leaves the rest as it is", () => {
  const inFrench = (code: number, reason: string) => {
    return explain(new RefusedError({ code, reason }), sayIn("fr"));
  };
  assert.equal(inFrench(400, "bad line"), "Connexion fermée par le serveur : 400 ligne incorrecte");
  assert.equal(inFrench(599, "Leave"), "Connexion fermée par le serveur : 599 Leave");
  assert.equal(inFrench(503, "stopping"), "Connexion perdue : le serveur s’arrête");
});
