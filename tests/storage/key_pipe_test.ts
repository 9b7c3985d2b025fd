import assert from "node:assert/strict";
import { isPiped, type KeyInput, loadKeyFile, openKeyFile } from "../../lib/storage/key_file.ts";
import { assertChatError, KEY } from "../support/key_files.ts";
import { pureTest } from "../support/pure.ts";
import { noWarning } from "../support/wordings.ts";

const HINT =
  "It must be one line of 44 characters, or lines that begin with room2. Ask who gave it to you for the file again.";

/** Standard input that brings these pieces, and tells how much was taken. */
function inputOf(pieces: readonly string[], isTerminal = false) {
  const left = pieces.map((piece) => new TextEncoder().encode(piece));
  const input: KeyInput = {
    isTerminal: () => isTerminal,
    read: (buffer) => {
      const piece = left.shift();
      if (!piece) return Promise.resolve(null);
      const taken = piece.subarray(0, buffer.length);
      buffer.set(taken);
      if (taken.length < piece.length) left.unshift(piece.subarray(taken.length));
      return Promise.resolve(taken.length);
    },
  };
  return { input, left: () => left.reduce((sum, piece) => sum + piece.length, 0) };
}

pureTest("loadKeyFile() and openKeyFile() take a key from standard input", async () => {
  for (const pieces of [[KEY], [`${KEY}\n`], [...KEY, "\r\n"]]) {
    assert.equal(await loadKeyFile("-", noWarning, inputOf(pieces).input), KEY);
    const opened = await openKeyFile("-", noWarning, inputOf(pieces).input);
    assert.deepEqual(opened, { text: KEY, created: false });
  }
});

pureTest("loadKeyFile() tells what is wrong with standard input, and reads no more", async () => {
  const message = "Cannot load key: standard input does not hold a valid key";
  await assertChatError(loadKeyFile("-", noWarning, inputOf(["x"]).input), message, HINT);
  await assertChatError(
    loadKeyFile("-", noWarning, inputOf([` ${KEY}`]).input),
    message,
    "There are blanks or empty lines around what it holds: remove them.",
  );
  await assertChatError(
    loadKeyFile("-", noWarning, inputOf([]).input),
    "Cannot load key: standard input is empty",
    HINT,
  );
  const endless = inputOf(Array(1000).fill("x".repeat(1000)));
  await assertChatError(loadKeyFile("-", noWarning, endless.input), message, HINT);
  assert.ok(endless.left() > 990_000);
  await assertChatError(
    loadKeyFile("-", noWarning, inputOf([KEY], true).input),
    "Cannot load key: standard input is a terminal",
    "Have a program write it, through a pipe.",
  );
});

pureTest("isPiped() tells pipes from files", () => {
  for (const path of ["-", "/dev/fd/0", "/dev/fd/63", "/dev/stdin", "/proc/self/fd/11"]) {
    assert.ok(isPiped(path));
  }
  for (
    const path of ["./-", "secret.key", "/dev/fd/", "/dev/fd/x", "/tmp/dev/fd/63", "/dev/fd/1/x"]
  ) {
    assert.ok(!isPiped(path), path);
  }
});
