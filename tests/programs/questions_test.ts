import assert from "node:assert/strict";
import { MAX_PASSPHRASE_BYTES } from "../../lib/crypto/sealed_text.ts";
import { answering } from "../support/commands.ts";
import { pureTest } from "../support/pure.ts";

pureTest("readSecret() takes line after line where there is no terminal", async () => {
  const questions = answering("one \r\ntwo\nthrée");
  assert.equal(questions.isTerminal, false);
  assert.equal(await questions.readSecret("passphrase: "), "one ");
  assert.equal(await questions.readSecret("passphrase: "), "two");
  assert.equal(await questions.readSecret("passphrase: "), "thrée");
  const nothing = { name: "ChatError", message: "Cannot go on: nothing was entered" };
  await assert.rejects(questions.readSecret("passphrase: "), nothing);
  await assert.rejects(answering("\nx").readSecret("passphrase: "), nothing);
});

pureTest("readSecret() refuses a line that is no passphrase", async () => {
  const longest = "x".repeat(MAX_PASSPHRASE_BYTES);
  assert.equal(await answering(`${longest}\n`).readSecret("passphrase: "), longest);
  const message = `Cannot read line: longer than ${MAX_PASSPHRASE_BYTES} bytes`;
  for (const input of [`${longest}x\n`, `${longest}x`, "é".repeat(MAX_PASSPHRASE_BYTES)]) {
    await assert.rejects(answering(input).readSecret("passphrase: "), { message });
  }
});
